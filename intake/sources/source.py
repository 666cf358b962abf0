"""What every source becomes: columns and rows of text, whatever the file was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

from intake.sources.beginning import Rejoined
from intake.sources.limits import Limits


class Column(NamedTuple):
    """One column as its file names it; no two columns of a source have one name.

    `tag` is the HXL hashtag with its attributes, in small letters and without spaces (`#affected+f+children`), or empty.
    """

    name: str
    tag: str = ""


class SourceRow(NamedTuple):
    """One row as its file holds it.

    `number` is the one that a person sees: the line of a text file, the row of a sheet, the submission's number. `values` are
    as many as columns, never None, without NUL and invisible marks. A row with a `problem` (a code) is to be refused whole;
    its values are for showing, and may be more or fewer than the columns.
    """

    number: int
    values: tuple[str, ...]
    problem: str = ""


class Record(NamedTuple):
    """One row before it is known which row is the header."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person declares about a file. Whatever is left empty is found out, or refused where a guess could do harm."""

    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""


NOTHING_DECLARED = Options()


@dataclass(slots=True)
class Source:
    """An opened file. `rows` can be read once, and memory does not grow with them.

    `notices` are codes of sentences about the file as a whole; some come only while rows are read. Reading rows raises
    ValidationError where the file turns out to be more than Limits allow.
    """

    format: str
    columns: tuple[Column, ...]
    rows: Iterator[SourceRow]
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how it is told by its first bytes and its name (in small letters), and what opens it."""

    name: str
    recognises: Callable[[bytes, str], bool]
    open: Callable[[Rejoined, Options, Limits], AbstractContextManager[Source]]
