"""The way into every file: what it is stands in its first bytes, not in its name."""

from contextlib import AbstractContextManager
from typing import BinaryIO

from intake.sources.beginning import Rejoined
from intake.sources.csv import CSV
from intake.sources.kobo import KOBO
from intake.sources.limits import LIMITS, Limits
from intake.sources.pfif import PFIF
from intake.sources.sentences import refused
from intake.sources.source import NOTHING_DECLARED, Format, Options, Source
from intake.sources.unreadable import UNREADABLE
from intake.sources.xlsx import XLSX

#: The first that recognises a file opens it. Text with delimiters comes last: anything could be that.
FORMATS: tuple[Format, ...] = (XLSX, KOBO, PFIF, CSV)


def open_source(
    file: BinaryIO,
    name: str,
    *,
    format: str = "",
    options: Options = NOTHING_DECLARED,
    limits: Limits = LIMITS,
) -> AbstractContextManager[Source]:
    """The file's columns and rows, while the context lasts; the file is read once, from its beginning to its end.

    `name` is what the sender calls it, and only helps to tell what it is; `format` is a declared one of FORMATS (`hxl` is found
    in either). Raises ValidationError with a code of SENTENCES where it cannot be read, here or on entering the context.
    """
    whole = Rejoined(file, limits)
    known = {one.name: one for one in FORMATS}
    if format and format not in {*known, "hxl"}:
        raise refused("format_unknown")
    if format in known:
        return known[format].open(whole, options, limits)
    found = next(one for one in (*FORMATS[:-1], *UNREADABLE, CSV) if one.recognises(whole.head, name.lower()))
    return found.open(whole, options, limits)
