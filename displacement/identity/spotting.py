"""Somebody in rows that are not read yet: by whole cells, since nobody has said what the columns mean.

A row *is* somebody where their registration number or a document of theirs stands in it, or both names together with a second
thing of theirs: the exact birth date, the telephone, a partner's number. It is *like* somebody where only the names stand in
it, or names that sound so with a second thing, or a number alone: a person has to look.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache

from core.names import folded, loose, search_key
from core.registration import format_number
from core.veils import unveiled
from displacement.identity.daitch_mokotoff import daitch_mokotoff
from displacement.identity.documents import is_comparable, one_spelling
from displacement.identity.phones import phone_digits
from displacement.models.person import BirthPrecision, Person

_WORDS = re.compile(r"[^\W\d_]+")
_NOT_DIGITS = re.compile("[^2-9]+")
_DAY = re.compile(r"(?<!\d)(?:(\d{4})\D(\d{1,2})\D(\d{1,2})|(\d{1,2})\D(\d{1,2})\D(\d{4}))(?!\d)")
#: Shorter numbers of partners stand in too many cells to say anything alone.
_SHORTEST_NUMBER = 4
#: An id that a telephone gave to a form is as long, and no other form has it.
_INSTANCE = 30
#: Cells that repeat are folded once while somebody looks: regions, sexes, the names of a family.
_REMEMBERED = 65_536


class Sureness(IntEnum):
    """How sure it is that a row tells of somebody."""

    NO = 0
    LIKE = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, as it is looked for. `numbers` are those of partners; `own` is theirs alone."""

    family: str
    given: str
    sounds: tuple[frozenset[str], ...]
    born: date | None
    phone: str
    numbers: frozenset[str]
    own: frozenset[str]
    certain: frozenset[str]

    def sureness(self, cells: Sequence[str]) -> Sureness:
        """How sure it is that these cells of one row tell of them. No query; some microseconds for each new cell."""
        if self._is_certain(cells):
            return Sureness.SAME
        if self._is_named(cells):
            return Sureness.SAME if self._has_second(cells) else Sureness.LIKE
        if self._has_second(cells) and self._sounds_named(cells):
            return Sureness.LIKE
        is_numbered = bool(self.own) and any(_plain(cell) in self.own for cell in cells if cell)
        return Sureness.LIKE if is_numbered else Sureness.NO

    def _is_certain(self, cells: Sequence[str]) -> bool:
        """The digits are compared first: bringing every cell into one spelling takes ten times as long."""
        digits = {_digits(number) for number in self.certain}
        return any(_digits(cell) in digits and one_spelling(cell) in self.certain for cell in cells if cell)

    def _is_named(self, cells: Sequence[str]) -> bool:
        wanted = {self.family, self.given} - {""}
        return len(wanted) == 2 and wanted <= _all(_keys, cells)

    def _sounds_named(self, cells: Sequence[str]) -> bool:
        found = _all(_codes, cells)
        return bool(self.sounds) and all(each & found for each in self.sounds)

    def _has_second(self, cells: Sequence[str]) -> bool:
        if self.born is not None:
            year = f"{self.born.year:04}"
            if any(year in cell and self.born in _days(cell) for cell in cells):
                return True
        if self.phone and any(self.phone[-1] in cell and phone_digits(cell) == self.phone for cell in cells):
            return True
        return bool(self.numbers) and any(_plain(cell) in self.numbers for cell in cells)


def known_of(person: Person, *, phone: str, numbers: Iterable[str], documents: Iterable[str]) -> Known:
    """What is looked for of a person; `phone` and `numbers` are also those of the household."""
    names = [name for name in (person.family_name, person.given_name) if name]
    certain = {one_spelling(format_number(person.serial))}
    certain |= {one_spelling(number) for number in documents if is_comparable(number)}
    return Known(
        family=search_key(person.family_name),
        given=search_key(person.given_name),
        sounds=tuple(frozenset(_codes(name)) for name in names),
        born=unveiled(person.birth_date) if person.birth_precision == BirthPrecision.DAY else None,
        phone=phone_digits(phone),
        numbers=frozenset(_plain(number) for number in (person.reference, *numbers) if number),
        own=_alone(person.reference),
        certain=frozenset(certain),
    )


def known_of_household(*, serial: int, phone: str, reference: str) -> Known:
    """What is looked for of a household that goes as a whole, besides its people: its numbers and its telephone."""
    certain = {format_number(serial), *([reference] if len(reference) >= _INSTANCE else [])}
    return Known(
        *("", "", (), None, "", frozenset()),
        own=_alone(reference) | _alone(phone_digits(phone)),
        certain=frozenset(map(one_spelling, certain)),
    )


def sureness(known: Iterable[Known], cells: Sequence[str]) -> Sureness:
    """How sure it is that a row tells of any of them."""
    return max((each.sureness(cells) for each in known), default=Sureness.NO)


def forget() -> None:
    """Let go of the cells that were folded: whoever looked through rows calls this, or they stay as long as the process."""
    for folding in (_plain, _keys, _codes, _days):
        folding.cache_clear()


def _alone(number: str) -> frozenset[str]:
    return frozenset({_plain(number)} if len(number) >= _SHORTEST_NUMBER else ())


def _digits(text: str) -> str:
    """The digits that no letter is taken for."""
    return _NOT_DIGITS.sub("", text)


@lru_cache(maxsize=_REMEMBERED)
def _plain(cell: str) -> str:
    text = cell.strip().casefold()
    return phone_digits(text) if len(text) > 8 and not any(map(str.isalpha, text)) else text


def _all(of: object, cells: Sequence[str]) -> set[str]:
    assert callable(of)
    return {key for cell in cells if cell and _WORDS.search(cell) for key in of(cell)}


@lru_cache(maxsize=_REMEMBERED)
def _keys(cell: str) -> frozenset[str]:
    words = _WORDS.findall(cell)
    return frozenset({search_key(cell), *(search_key(word) for word in words if word != cell)} - {""})


@lru_cache(maxsize=_REMEMBERED)
def _codes(cell: str) -> frozenset[str]:
    keys = (loose(folded(word)).replace(" ", "") for word in _WORDS.findall(cell))
    return frozenset(code for key in keys if len(key) > 1 for code in daitch_mokotoff(key))


@lru_cache(maxsize=_REMEMBERED)
def _days(cell: str) -> frozenset[date]:
    """Every day that the cell can mean, with day and month in either order."""
    found = set()
    for year, month, day, first, second, last in _DAY.findall(cell):
        pairs = [(year, month, day)] if year else [(last, second, first), (last, first, second)]
        for y, m, d in pairs:
            try:
                found.add(date(int(y), int(m), int(d)))
            except ValueError:
                continue
    return frozenset(found)
