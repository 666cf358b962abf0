"""Ages and age bands."""

import re
from collections.abc import Sequence
from functools import lru_cache

from intake.values.numbers import NEGATIVE
from intake.values.reading import BadValue, Reading
from intake.values.text import REMEMBERED, clean
from intake.values.words import VOCABULARIES, plain

#: Oldest age that is believed without asking: one more than anybody is known to have reached is a slip of the pen.
OLDEST = 120
#: First completed year of each age band and the last, as `AgeBand` has them.
_BANDS: Sequence[tuple[int, str]] = ((60, "60+"), (18, "18-59"), (12, "12-17"), (5, "5-11"), (0, "0-4"))
_UNITS = VOCABULARIES["age_unit"]
_AGE = re.compile(r"(\d{1,3})(?:[.,]\d+)?\s*(\D*)")


def read_age(text: str, reading: Reading) -> str:
    """Completed years, 0 to 120; ages in months, weeks or days become years (3 months are 0, 14 months are 1)."""
    return _age(text)


@lru_cache(REMEMBERED)
def _age(text: str) -> str:
    written = plain(clean(text))
    if not written:
        return ""
    if written in VOCABULARIES["newborn"]:
        return "0"
    found = _AGE.fullmatch(written)
    if not found:
        raise BadValue("count_negative" if NEGATIVE.fullmatch(written) else "age")
    return _completed(int(found[1]), plain(found[2].removesuffix("old")))


def _completed(number: int, unit: str) -> str:
    days = int(_UNITS.get(unit, 365 if not unit else 0))
    if not days:
        raise BadValue("age")
    years = number if days == 365 else number // 12 if days == 30 else number * days // 365
    if years > OLDEST:
        raise BadValue("age_too_high")
    return str(years)


def read_age_band(text: str, reading: Reading) -> str:
    """An age band of the register (`0-4` ... `60+`), from its own words or from an age; other bands are refused, not split."""
    return _age_band(text)


@lru_cache(REMEMBERED)
def _age_band(text: str) -> str:
    written = clean(text)
    if not written:
        return ""
    word = re.sub(r"\s*[-–—]\s*", "-", plain(written))
    if code := VOCABULARIES["age_band"].get(word):
        return code
    try:
        years = int(_age(written))
    except BadValue as error:
        raise BadValue("age_band_word") from error
    return next(band for start, band in _BANDS if years >= start)
