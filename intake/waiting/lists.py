"""One list that waits, looked through and written anew without somebody's rows.

The file is written as a table of the same columns whatever it was, since no format lets a row be taken out of its bytes; what
it was known by (its digest) stays, so that the file as it was sent is still told when it comes again.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from core.encryption import UnreadableError
from displacement.identity.spotting import Known, Sureness, sureness
from intake.content import keep, opened
from intake.lease import ring_for
from intake.models import Batch, StagedRow
from intake.models.batch import BatchState
from intake.sources import Source, open_source
from intake.staging import options_of
from intake.waiting.found import WHOLE, Found, Place, mark_of
from intake.ways import move

#: Why a file cannot be looked through: it is no table, or its parts cannot be opened.
Unreadable = (ValidationError, UnreadableError)
#: Whoever waits is told after so many rows that there is somebody at work.
_TOLD_EACH = 5_000


def look(
    batch: Batch, known: Sequence[Known], ids: Collection[UUID], *, tell: Callable[[], object] = lambda: None
) -> Iterator[Found]:
    """Rows that tell, or may tell, of somebody; one FILE where the file says nothing, or names them above its rows.

    Reads the file: some ten microseconds a row, and a query a megabyte.
    """
    numbers = _known_rows(batch, ids)
    try:
        with _source(batch) as source:
            headings = [column.name for column in source.columns]
            if sureness(known, headings):
                yield whole(batch)
            for row in source.rows:
                if row.number % _TOLD_EACH == 0:
                    tell()
                found = Sureness.SAME if row.number in numbers else sureness(known, row.values)
                if found:
                    mark = mark_of(row.values)
                    yield Found(Place.LIST, batch.pk, mark, found, batch.name, row.number, row.values)
    except Unreadable:
        yield whole(batch)


def read_again(batch: Batch, marks: Mapping[int, int]) -> Iterator[Found]:
    """The rows of these marks, each with its number: reads the file up to the last of them, and compares nothing."""
    last = max(marks.values())
    try:
        with _source(batch) as source:
            for row in source.rows:
                if row.number > last:
                    return
                if row.number in marks.values() and (mark := mark_of(row.values)) in marks:
                    yield Found(Place.LIST, batch.pk, mark, Sureness.LIKE, batch.name, row.number, row.values)
    except Unreadable:
        yield whole(batch)


def take_out(batch: Batch, marks: Collection[int], ids: Collection[UUID]) -> int:
    """Write a locked list anew without these rows, and have it read again; how many went. A list of nobody else is discarded.

    Raises ValidationError, and changes nothing, where what was written is no list any more.
    """
    numbers = _known_rows(batch, ids)
    with tempfile.TemporaryFile() as file:
        gone, left = _write(batch, file, marks, numbers)
        if not gone:
            return 0
        batch.rows.all().delete()
        batch.findings.all().delete()
        batch.parts.all().delete()
        batch.counts, batch.progress, batch.total = {}, 0, None
        if not left:
            move(batch, BatchState.DISCARDED)
            return gone
        file.seek(0)
        _digest, batch.size = keep(batch, file)
    sheetless = {name: value for name, value in batch.options.items() if name != "sheet"}
    batch.options = {**sheetless, "delimiter": ",", "encoding": "utf-8"}
    if batch.state in (BatchState.READY, BatchState.FAILED):
        move(batch, BatchState.STAGING)
        batch.leased_until, batch.attempts, batch.failure = None, 0, ""
        ring_for(batch)
    return gone


def _write(
    batch: Batch, file: IO[bytes], marks: Collection[int], numbers: Collection[int]
) -> tuple[int, int]:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    gone = left = 0
    with _source(batch) as source:
        writer.writerow([column.name for column in source.columns])
        if any(column.tag for column in source.columns):
            writer.writerow([column.tag for column in source.columns])
        for row in source.rows:
            if row.number in numbers or mark_of(row.values) in marks:
                gone += 1
            else:
                left += 1
                writer.writerow(row.values)
    text.detach()
    return gone, left


@contextmanager
def _source(batch: Batch) -> Iterator[Source]:
    with opened(batch) as file, open_source(file, batch.name, options=options_of(batch)) as source:
        yield source


def _known_rows(batch: Batch, ids: Collection[UUID]) -> set[int]:
    """Rows of the list that were found to be in the register already as one of these records."""
    texts = [str(pk) for pk in ids]
    named = Q(known_as__in=ids) | Q(value__overlap=texts)
    return set(StagedRow.objects.filter(named, batch=batch).values_list("number", flat=True))


def whole(batch: Batch) -> Found:
    """The list as a whole, which a person has to see to."""
    return Found(Place.FILE, batch.pk, WHOLE, Sureness.LIKE, batch.name)
