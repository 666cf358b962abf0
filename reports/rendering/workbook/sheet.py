"""A sheet before it is written: headings and rows of numbers and texts."""

from dataclasses import dataclass

from core.spreadsheets import neutral
from reports.figures.mark import Mark
from reports.rendering import words
from reports.rendering.content.document import Origin

Value = int | str | Mark | None
LONGEST = 32_000  # characters of a cell; Excel allows 32,767


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name, its width in characters, what its numbers rest on."""

    name: str
    width: int = 12
    origin: Origin = Origin.NONE
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a tidy table from the first cell on. None is an empty cell, and never 0; a mark is a word."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]


def number(name: str, origin: Origin = Origin.COUNTED, width: int = 12) -> Heading:
    """A column of counts."""
    return Heading(name, width, origin, is_number=True)


def text(name: str, width: int = 20) -> Heading:
    """A column of words."""
    return Heading(name, width)


def inert(text: str) -> str:
    """The text without control characters, marked by an apostrophe if a spreadsheet could take it for a formula."""
    plain = words.clean(text).replace(words.NO_BREAK, " ")[:LONGEST]
    return neutral(plain)
