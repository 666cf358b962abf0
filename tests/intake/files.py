"""Files as partners send them, made in memory, and what is read from them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, NamedTuple, cast

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from intake.sources import LIMITS, SENTENCES, Limits, Options, SourceRow, open_source


class Read(NamedTuple):
    """All that an opened file gave."""

    format: str
    names: list[str]
    tags: list[str]
    rows: list[SourceRow]
    notices: list[str]

    @property
    def values(self) -> list[tuple[str, ...]]:
        """Cells of the rows that may be taken."""
        return [row.values for row in self.rows if not row.problem]

    @property
    def problems(self) -> dict[int, str]:
        """Code of each row that is to be refused, by its number."""
        return {row.number: row.problem for row in self.rows if row.problem}


class _Stream(io.RawIOBase):
    """Bytes that come once and in small pieces, as from a network or a database."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # as the stub of RawIOBase has it
        return self._rest.readinto(memoryview(buffer)[:1_000])


def stream(data: bytes) -> BinaryIO:
    """The bytes as a file that can be read once and from its beginning only."""
    return cast(BinaryIO, _Stream(data))


def read(data: bytes | str, *, limits: Limits = LIMITS, name: str = "list", **declared: str) -> Read:
    """Open the file from memory and read it to its end."""
    raw = data.encode() if isinstance(data, str) else data
    form = declared.pop("format", "")
    with open_source(
        io.BytesIO(raw), name, format=form, options=Options(**declared), limits=limits
    ) as source:
        rows = list(source.rows)
    names, tags = [c.name for c in source.columns], [c.tag for c in source.columns]
    return Read(source.format, names, tags, rows, source.notices)


def refused(data: bytes | str, *, limits: Limits = LIMITS, **declared: str) -> str:
    """Read the file, see it refused with a sentence at the file, and give back the code."""
    with pytest.raises(ValidationError) as caught:
        read(data, limits=limits, **declared)
    (error,) = caught.value.error_dict["file"]
    (sentence,) = error.messages
    assert sentence.endswith(".")
    assert error.code is not None
    assert str(SENTENCES[error.code]) == sentence
    return error.code


def csv_bytes(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """The rows as a spreadsheet program saves them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def workbook(*sheets: Sequence[Sequence[object]], **options: object) -> bytes:
    """A workbook with these sheets; a text that begins with = stays text, tuples are (formula, stored result)."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy", **options})
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(number, column, cell[0], None, cell[1])
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    book.close()
    return target.getvalue()
