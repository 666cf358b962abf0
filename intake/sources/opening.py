"""The way into every file."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from intake.sources.limits import LIMITS, Limits
from intake.sources.sentences import refused
from intake.sources.source import NOTHING_DECLARED, Column, Options, Source, SourceRow


@contextmanager
def open_source(
    file: BinaryIO,
    name: str,
    *,
    format: str = "",
    options: Options = NOTHING_DECLARED,
    limits: Limits = LIMITS,
) -> Iterator[Source]:
    """The file's columns and rows. Raises ValidationError with a code of SENTENCES where it cannot be read."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text)
    header = next(reader, None)
    if not header:
        raise refused("file_empty")
    rows = (SourceRow(reader.line_num, tuple(row)) for row in reader if any(row))
    yield Source("csv", tuple(Column(cell) for cell in header), rows)
