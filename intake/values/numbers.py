"""Numbers as people write them: counts of people and things, and measures."""

import re
from decimal import Decimal
from functools import lru_cache

from intake.values.reading import BadValue, Reading
from intake.values.text import REMEMBERED, clean

#: No count here is larger: it is more than the people of any country that lists come from.
LARGEST_COUNT = 200_000_000
#: Blanks, apostrophes and underscores between groups of three digits.
_GROUPED = re.compile(r"[+]?\d{1,3}(?:([ '’ʼ_,])\d{3})(?:\1\d{3})*")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DIGITS = re.compile(r"[+]?(\d+)(?:[.,]0{1,2}|[.,]0)?")
_DECIMAL = re.compile(r"[+]?\d*[.,]\d+")
_NOT_NUMBERS = frozenset({"nan", "inf", "+inf", "infinity"})
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
NEGATIVE = re.compile(r"[-−–]\s?\d.*")


def read_count(text: str, reading: Reading) -> str:
    """A whole number of people or things, zero or more, as digits. Blank stays blank: not reported is not zero.

    `1 234`, `1'234`, `1,234` and a spreadsheet's `1234.0` are the same; decimals, `1.234`, negative numbers, NaN and powers
    of ten are refused.
    """
    return _count(text)


@lru_cache(REMEMBERED)
def _count(text: str) -> str:
    written = clean(text)
    return str(whole(written)) if written else ""


def whole(written: str) -> int:
    """The count that these words are. Raises BadValue."""
    if found := _DIGITS.fullmatch(written):
        digits = found[1]
    elif _GROUPED.fullmatch(written):
        digits = "".join(character for character in written if character.isdecimal())
    else:
        raise BadValue(_why_no_count(written))
    if len(digits.lstrip("0")) > 12 or int(digits) > LARGEST_COUNT:
        raise BadValue("count_too_large")
    return int(digits)


def _why_no_count(written: str) -> str:
    if written.lower() in _NOT_NUMBERS or _SCIENTIFIC.fullmatch(written):
        return "not_a_number"
    if NEGATIVE.fullmatch(written):
        return "count_negative"
    if _DOTTED.fullmatch(written):
        return "count_dots"
    return "count_decimal" if _DECIMAL.fullmatch(written) else "count"


def read_number(text: str, reading: Reading) -> str:
    """A measure such as square metres or degrees, with a point before decimals; it may be negative."""
    return _number(text)


@lru_cache(REMEMBERED)
def _number(text: str) -> str:
    written = clean(text).replace("−", "-")
    if not written:
        return ""
    if written.lower() in _NOT_NUMBERS or _SCIENTIFIC.fullmatch(written):
        raise BadValue("not_a_number")
    if _GROUPED.fullmatch(written) and "," not in written:
        written = "".join(character for character in written if character.isdecimal())
    if not re.fullmatch(r"[+-]?(?:\d{1,12}(?:[.,]\d{0,12})?|[.,]\d{1,12})", written):
        raise BadValue("number")
    number = Decimal(written.replace(",", "."))
    return f"{number.normalize():f}" if number else "0"
