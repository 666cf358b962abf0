"""What every printed format shows: the report put into words once, in the order in which it is read.

Text, web page, mail and PDF print this and add nothing to it; so no format can say what another does not. Numbers
here are words already. Whether something was counted or is claimed travels with it, because it must look different.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Origin(StrEnum):
    """What a column or a reading rests on. Claimed numbers never look like counted ones."""

    NONE = "none"
    COUNTED = "counted"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the heading: "Period covered" and what it is."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One number in words with what a reader needs to trust it.

    Source and as-of (with age) are never empty: no number stands alone. `change` is empty where a change makes no
    sense, and "n/a" where there is no edition to compare with.
    """

    label: str
    value: str
    source: str
    as_of: str
    change: str = ""
    note: str = ""
    is_reported: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """One subject: what was counted of it, and beside that what is claimed. The two are never added.

    `more` says how many older or further claims the table of claims has; empty where there are none.
    """

    subject: str
    counted: tuple[Reading, ...] = ()
    claimed: tuple[Reading, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Brief columns are those that a telephone still shows."""

    label: str
    group: str = ""
    origin: Origin = Origin.NONE
    is_number: bool = True
    is_brief: bool = False
    has_bars: bool = False
    weight: int = 10  # width relative to the other columns


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, a small line under them, the letter of a note, and a bar of `permille` of the longest."""

    text: str
    under: str = ""
    mark: str = ""
    permille: int | None = None
    is_reported: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; a total stands out, a rest (people of unknown district) is set back."""

    cells: tuple[Cell, ...]
    is_total: bool = False
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its notes. `title` is also what a screen reader calls it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    is_half: bool = False  # narrow enough to stand beside another

    def brief(self, most_rows: int | None = None) -> "Table":
        """The table as a telephone shows it: brief columns only, and where it is long its first rows and its total."""
        kept = [place for place, column in enumerate(self.columns) if column.is_brief]
        shown = self.rows
        if most_rows is not None and len(shown) > most_rows:
            shown = (*shown[:most_rows], *(row for row in shown[most_rows:] if row.is_total))
        rows = tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in shown)
        return replace(self, columns=tuple(self.columns[place] for place in kept), rows=rows)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or the map: which one, its caption, and its content in words for those who do not see it."""

    name: str
    title: str
    alt: str
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. Sentences stand first, then what is listed, then tables and pictures."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    is_half: bool = False  # narrow enough to stand beside others on paper


@dataclass(frozen=True, slots=True)
class Headings:
    """The fixed words of every page."""

    highlights: str
    key_figures: str
    counted: str
    claimed: str
    pairs: str
    counted_only: str
    claimed_only: str
    nothing_counted: str
    nothing_claimed: str
    cards_note: str
    page: str  # with "%(page)s" and "%(pages)s"


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report in words. `marking` says who may read it; it stands on every page."""

    language: str
    overline: str
    title: str
    subject: str
    summary: str
    date: str
    marking: str
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]
    highlights: tuple[str, ...]
    cards: tuple[Card, ...]
    headings: Headings
    sections: tuple[Section, ...]

    @property
    def pairs(self) -> tuple[Card, ...]:
        """The subjects that were both counted and claimed, in order."""
        return tuple(card for card in self.cards if card.counted and card.claimed)

    @property
    def counted_only(self) -> tuple[Card, ...]:
        """The subjects of which nobody claimed anything."""
        return tuple(card for card in self.cards if not card.claimed)

    @property
    def claimed_only(self) -> tuple[Card, ...]:
        """The subjects that we do not count ourselves."""
        return tuple(card for card in self.cards if not card.counted)
