"""Numbers as sources say them: with "about" and "more than", in thousands, between two."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from intake.values.numbers import whole
from intake.values.reading import BadValue, Reading
from intake.values.text import REMEMBERED, clean
from intake.values.words import VOCABULARIES, plain


class Quantity(NamedTuple):
    """A number as somebody said it: `qualifier` as ClaimQualifier; a range has `low` and `high` and no `value`."""

    qualifier: str
    value: int | None
    low: int | None
    high: int | None


#: Longest first, so that "not more than" is not read as "more than".
_QUALIFIERS = sorted(VOCABULARIES["claim_qualifier"].items(), key=lambda item: -len(item[0]))
_NUMBER = r"(\d[\d '.,]*?)\s*([^\W\d_]+)?"
_RANGE = re.compile(
    rf"(?:от |від |from |between )?{_NUMBER}\s*(?:-|–|—|\.\.\.?|…| to | до | and | и | і | та )\s*{_NUMBER}"
)
_SAID = re.compile(_NUMBER)
_THINGS = re.compile(
    r"\s*(?:чел(?:овек|овека)?|люд(?:ей|и|ини|ина)|лиц|жител(?:ей|я|и)|ос(?:іб|оби|оба)|мешканц(?:ів|і|я)|people|persons?|residents"
    r"|individuals|families|семей|сем(?:ьи|ья)|родин[и]?|сімей)\.?$"
)


def read_quantity(text: str, reading: Reading) -> str:
    """A number as a source said it: `more_than 121000`, `range 180 200`, or digits alone where no qualifier was said.

    Knows thousands and millions in words ("около 76 тыс." is `about 76000`). `quantity_of` takes the result apart.
    """
    return _quantity(text)


def quantity_of(text: str) -> Quantity | None:
    """What `read_quantity` gave, taken apart; None for blank. A number without a qualifier counts as exact."""
    if not text:
        return None
    *words, last = text.split()
    if words and words[0] == "range":
        return Quantity("range", None, int(words[1]), int(last))
    return Quantity(words[0] if words else "exact", int(last), None, None)


@lru_cache(REMEMBERED)
def _quantity(text: str) -> str:
    written = clean(text)
    if not written:
        return ""
    words = _THINGS.sub("", plain(written))
    if found := _RANGE.fullmatch(words):
        return _range(found)
    qualifier, number = _split(words)
    found = _SAID.fullmatch(number)
    if not found:
        # Tells what is wrong with it as a count: negative, not a number, no number at all.
        return str(whole(number))
    value = _scaled(found[1], found[2])
    return f"{qualifier} {value}" if qualifier else str(value)


def _split(words: str) -> tuple[str, str]:
    """The qualifier's code and the rest; a sign after the number ("5000+") says at least."""
    if words.endswith("+"):
        return "at_least", words[:-1].strip()
    for word, code in _QUALIFIERS:
        rest = words.removeprefix(word)
        if rest != words and rest and not (word[-1].isalpha() and rest[0].isalpha()):
            return code, rest.strip()
    return "", words


def _range(found: re.Match[str]) -> str:
    low_number, low_scale, high_number, high_scale = found.groups()
    # "от 180 до 200 тыс" means thousands both times.
    low, high = _scaled(low_number, low_scale or high_scale), _scaled(high_number, high_scale)
    if low > high:
        raise BadValue("range_reversed")
    return str(low) if low == high else f"range {low} {high}"


def _scaled(number: str, word: str | None) -> int:
    if word is None:
        return whole(number.strip())
    scale = VOCABULARIES["scale"].get(plain(word))
    if scale is None or not re.fullmatch(r"\d{1,6}(?:[.,]\d{1,3})?", number.strip()):
        raise BadValue("count")
    scaled = Decimal(number.strip().replace(",", ".")) * int(scale)
    return whole(f"{scaled.normalize():f}")
