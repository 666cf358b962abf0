"""Birth dates as lists write them, taken apart without asking whether a calendar has them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_YEAR_FIRST = re.compile(r"^\s*(\d{4})\D?(\d{2})\D?(\d{2})(?:[T ].*)?\s*$")
_YEAR_LAST = re.compile(r"^\s*(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4})(?:\s.*)?$")
#: A year, or a year and a month: the day is not known, and so neither is which of two dates it is.
_YEAR = re.compile(r"^\s*(\d{4})(?:-\d{2})?\s*$")
_UNKNOWN_DAY = "01-01"


class Birth(NamedTuple):
    """Year and "MM-DD" of a birth; None and "" where not known. 1 January is written where the day is not known."""

    year: int | None = None
    month_day: str = ""


def birth_in(text: str, *, is_day_first: bool = True) -> Birth:
    """The birth in a cell; a text that is no date says nothing."""
    if match := _YEAR_FIRST.match(text):
        year, month, day = match.groups()
    elif match := _YEAR_LAST.match(text):
        first, second, year = match.groups()
        day, month = (first, second) if is_day_first else (second, first)
    elif match := _YEAR.match(text):
        return Birth(int(match.group(1)))
    else:
        return Birth()
    month_day = f"{month:0>2}-{day:0>2}"
    return Birth(int(year), "" if month_day == _UNKNOWN_DAY else month_day)


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether a list writes 24.8.1991 or 8/24/1991: the first date that can be only one says so; else day first."""
    for text in texts:
        match = _YEAR_LAST.match(text)
        if match and int(match.group(1)) > _MONTHS:
            return True
        if match and int(match.group(2)) > _MONTHS:
            return False
    return True


_MONTHS = 12
