"""Days and moments, however a clerk, a spreadsheet or a form wrote them."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from intake.values.reading import BadValue, Reading
from intake.values.text import REMEMBERED, clean
from intake.values.words import MONTHS

#: Nobody registered here was born earlier, and nothing recorded here happened earlier; an earlier year is mistyped.
FIRST_YEAR = 1900
#: Day 0 of the serial numbers of spreadsheets, as it has to be for every day after February 1900.
_SERIAL_ZERO = date(1899, 12, 30)
#: What may follow a date of birth.
_TAIL = re.compile(
    r"\s*(?:г(?:ода?|\.)?(?:\s*р(?:ожд(?:ения)?)?\.?)?|р(?:оку|ік|\.)?(?:\s*н(?:ар(?:одження)?)?\.?)?|born)\s*$",
    re.I,
)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?")
_PARTS = re.compile(r"(\d{1,2})\s?([./\-\s])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})")
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|-?го|-?е)?[\s.\-]*)?([^\W\d_]+)[\s.,\-]*(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4}|\d{2})"
)
_TIME = re.compile(
    r"(?P<day>.*?)(?:\s*[tT,]\s*|\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def read_date(text: str, reading: Reading) -> str:
    """A day as `1980-05-03`, a month as `1980-05`, a year as `1980`: the length says what is known. A time of day is dropped.

    Raises BadValue for a day that does not exist, a year of two digits, a year before 1900, and for 01/02/2003 where the
    order is not known. What lies in the future is for the kind to judge.
    """
    return _date(text, reading.day_first)


def read_day(text: str, reading: Reading) -> str:
    """A day as `2024-08-06`; a month or a year alone is refused."""
    day = _date(text, reading.day_first)
    if day and len(day) < len("2024-08-06"):
        raise BadValue("day_needed")
    return day


def day_first_of(texts: Iterable[str]) -> bool | None:
    """Which of day and month comes first in a column, from its unambiguous cells; None where none tells or two contradict."""
    said = {_order(text) for text in texts} - {None}
    return said.pop() if len(said) == 1 else None


def _order(text: str) -> bool | None:
    found = _PARTS.match(text.strip())
    if not found or found[2] == ".":
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return True
    return False if second > 12 >= first else None


@lru_cache(REMEMBERED)
def _date(text: str, day_first: bool | None) -> str:
    written = clean(text)
    if not written:
        return ""
    timed = _TIME.fullmatch(written)
    written = _TAIL.sub("", timed["day"].rstrip(",") if timed else written)
    if written.isdecimal():
        return _from_number(written)
    if found := _ISO.fullmatch(written):
        return _checked(found[1], found[2], found[3])
    if found := _PARTS.fullmatch(written):
        return _from_parts(found, day_first)
    if found := _MONTH_YEAR.fullmatch(written):
        return _checked(found[2], found[1], None)
    if found := _WORDS.fullmatch(written):
        return _from_words(found)
    raise BadValue("date")


def _from_number(digits: str) -> str:
    if len(digits) == 4:
        return _checked(digits, None, None)
    if len(digits) == 8:
        return _checked(digits[:4], digits[4:6], digits[6:])
    if len(digits) == 5 and digits[0] in "12345":
        raise BadValue("date_serial", instead=(_SERIAL_ZERO + timedelta(days=int(digits))).isoformat())
    raise BadValue("date")


def _from_parts(found: re.Match[str], day_first: bool | None) -> str:
    first, mark, second, year = found.groups()
    if mark in ". ":
        return _checked(year, second, first)
    if int(first) > 12 or int(first) == int(second):
        return _checked(year, second, first)
    if int(second) > 12:
        return _checked(year, first, second)
    if len(year) == 2:
        raise BadValue("year_two_digits")
    if day_first is None:
        raise BadValue("date_order")
    return _checked(year, second, first) if day_first else _checked(year, first, second)


def _from_words(found: re.Match[str]) -> str:
    before, word, after, year = found.groups()
    month = MONTHS.get(word.lower())
    if month is None or (before and after):
        raise BadValue("date")
    return _checked(year, str(month), before or after)


def _checked(year: str, month: str | None, day: str | None) -> str:
    if len(year) == 2:
        raise BadValue("year_two_digits")
    if int(year) < FIRST_YEAR:
        raise BadValue("year_too_early")
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise BadValue("no_such_day") from error
    return whole.isoformat()[: 4 if month is None else 7 if day is None else 10]


def read_moment(text: str, reading: Reading) -> str:
    """A moment with its zone, as `2024-08-06T14:30:00+03:00`; one without a zone is local to the operation.

    A day alone is its first moment there. Raises BadValue as `read_day` does, and for an hour that the clocks skip or repeat.
    """
    return _moment(text, reading.day_first, reading.zone)


@lru_cache(REMEMBERED)
def _moment(text: str, day_first: bool | None, zone: ZoneInfo) -> str:
    written = clean(text)
    if not written:
        return ""
    timed = _TIME.fullmatch(written)
    day = _date(timed["day"] if timed else written, day_first)
    if len(day) < len("2024-08-06"):
        raise BadValue("day_needed")
    moment = datetime.combine(date.fromisoformat(day), _time_of(timed) if timed else time())
    if timed and timed["zone"]:
        named = timed["zone"].upper()
        return datetime.fromisoformat(
            f"{moment.isoformat()}{'Z' if named in {'UTC', 'GMT'} else named}"
        ).isoformat()
    return _local(moment, zone)


def _time_of(timed: re.Match[str]) -> time:
    hour = int(timed["hour"])
    if timed["half"]:
        if not 1 <= hour <= 12:
            raise BadValue("time")
        hour = hour % 12 + (12 if timed["half"][0] in "pP" else 0)
    try:
        return time(hour, int(timed["minute"]), int(timed["second"] or 0))
    except ValueError as error:
        raise BadValue("time") from error


def _local(moment: datetime, zone: ZoneInfo) -> str:
    early, late = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise BadValue("hour_of_clock_change")
    return early.isoformat()
