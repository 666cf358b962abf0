"""Columns of an export that the application reads and not SQL: the one place where what is encrypted is opened for a file.

The rest of a row comes from COPY as it is. Rows come in bunches, so that their records are read by one query a bunch.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from uuid import UUID

from core.spreadsheets import neutral
from displacement.models import Household

#: Rows that are opened together.
BUNCH = 2_000


def _phones(households: Iterable[UUID]) -> dict[UUID, str]:
    """Each household's telephone. One query."""
    found = Household.objects.filter(pk__in=households).only("pk", "phone")
    return {household.pk: household.phone for household in found}


#: By column: the value of each household whose id stands in the row.
READERS: Mapping[str, Callable[[Iterable[UUID]], dict[UUID, str]]] = {"phone": _phones}


def opened(pieces: Iterable[bytes], columns: Sequence[str], places: Sequence[int]) -> Iterator[bytes]:
    """Pieces of a CSV with the opened columns put in at their places; the last cell, the household's id, is left out.

    Each piece holds whole rows, as COPY told them. One query a bunch and column: no COPY may be under way.
    """
    for piece in pieces:
        rows = csv.reader(io.StringIO(piece.decode(), newline=""), strict=True)
        while bunch := list(islice(rows, BUNCH)):
            yield _opened(bunch, columns, places)


def _opened(rows: list[list[str]], columns: Sequence[str], places: Sequence[int]) -> bytes:
    keys = [UUID(row.pop()) for row in rows]
    values = [READERS[name](set(keys)) for name in columns]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row, key in zip(rows, keys, strict=True):
        for place, of in zip(places, values, strict=True):
            row.insert(place, neutral(of.get(key, "")))
        writer.writerow(row)
    return out.getvalue().encode()
