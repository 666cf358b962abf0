"""Which column of a foreign file is which field: a guess, which a person corrects.

Headings count by their words, HXL tags by hashtag and attributes, and what stands in the first rows can speak against a
guess, or for one where the heading says nothing.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from intake.headings import likeness
from intake.sources.hxl import parts_of
from intake.sources.source import Column
from intake.values.choices import Reader
from intake.values.reading import BadValue, Reading

#: Below this a heading means nothing that we know.
_SURE = 0.7
#: Filled cells that a guess by cells alone needs.
_CELLS = 5
#: Share of filled cells that a field's reader must be able to read.
_READABLE = 0.5
#: Cells of all kinds; a reader that refuses nearly all of them knows what it reads.
_ANYTHING = ("Ivanenko Olha", "17", "2024-08-06", "+380 67 123 45 67", "A-17/3")
_READING = Reading(day_first=True, zone=ZoneInfo("UTC"), today=date(2024, 1, 1))


class Guessable(Protocol):
    """What of a field a guess needs: its name, the headings and HXL tags that mean it, and what reads its cells."""

    @property
    def name(self) -> str:
        """The field's name in its kind."""

    @property
    def words(self) -> Sequence[str]:
        """Headings that mean it."""

    @property
    def tags(self) -> Sequence[str]:
        """HXL hashtags that mean it."""

    @property
    def read(self) -> Reader:
        """What reads its cells."""


class Guess(NamedTuple):
    """What columns become. `doubled` are headings that mean a field which another column was given; `unknown`, all others."""

    columns: dict[str, str]
    doubled: dict[str, str]
    unknown: tuple[str, ...]


def guess(
    columns: Sequence[Column], fields: Sequence[Guessable], sample: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """For each column of which the guess is sure: its heading and the name of the field that it becomes; none is given twice.

    `sample` are the values of a few rows. Neither a query nor the order of columns matters.
    """
    return guess_columns(columns, fields, sample).columns


def guess_columns(
    columns: Sequence[Column], fields: Sequence[Guessable], sample: Sequence[Sequence[str]] = ()
) -> Guess:
    """The guess with what it leaves over."""
    cells = [[row[i] for row in sample if i < len(row) and row[i].strip()] for i in range(len(columns))]
    scored = [
        (_score(column, field, cells[i]), -i, -j)
        for i, column in enumerate(columns)
        for j, field in enumerate(fields)
    ]
    given: dict[int, int] = {}
    doubled: dict[int, int] = {}
    for score, i, j in sorted(scored, reverse=True):
        if score < _SURE or -i in given:
            continue
        if -j in given.values():
            doubled.setdefault(-i, -j)
        else:
            given[-i] = -j
    given |= _by_cells(columns, fields, cells, {*given, *doubled}, set(given.values()))
    return Guess(
        {columns[i].name: fields[j].name for i, j in sorted(given.items())},
        {columns[i].name: fields[j].name for i, j in sorted(doubled.items()) if i not in given},
        tuple(column.name for i, column in enumerate(columns) if i not in given and i not in doubled),
    )


def _score(column: Column, field: Guessable, cells: Sequence[str]) -> float:
    said = (field.name, *field.words)
    score = max(likeness(column.name, words) for words in said)
    if column.tag:
        score = max(score, *(_tag_score(column.tag, tag) for tag in field.tags), 0.0)
    if score >= _SURE and cells and _readable(cells, field.read) < _READABLE:
        return 0.0
    return score


@lru_cache(4_096)
def _tag_score(tag: str, meant: str) -> float:
    """Above any heading's. A tag may say more than is meant, never less: `#affected+f+children` is some `#affected+f`."""
    name, attributes = parts_of(tag)
    meant_name, meant_attributes = parts_of(meant)
    if name != meant_name or not meant_attributes <= attributes:
        return 0.0
    return 2.0 - 0.1 * len(attributes - meant_attributes)


def _readable(cells: Sequence[str], read: Reader) -> float:
    """The share of the cells that the reader can read."""
    return sum(_reads(cell, read) for cell in cells) / len(cells)


def _reads(cell: str, read: Reader) -> bool:
    try:
        read(cell, _READING)
    except BadValue as error:
        return error.instead is not None
    return True


def _by_cells(
    columns: Sequence[Column],
    fields: Sequence[Guessable],
    cells: Sequence[Sequence[str]],
    known: set[int],
    taken: set[int],
) -> dict[int, int]:
    """Columns whose cells only one free field can mean: words for sexes, say. Dates mean a field where it alone takes dates."""
    telling = [j for j, field in enumerate(fields) if j not in taken and _knows_what_it_reads(field.read)]
    found: dict[int, int] = {}
    for i in range(len(columns)):
        if i in known or len(cells[i]) < _CELLS:
            continue
        fitting = [j for j in telling if _readable(cells[i], fields[j].read) == 1.0]
        if len(fitting) == 1 and fitting[0] not in found.values():
            found[i] = fitting[0]
    return found


def _knows_what_it_reads(read: Reader) -> bool:
    return sum(_reads(cell, read) for cell in _ANYTHING) <= 1
