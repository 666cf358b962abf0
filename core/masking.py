"""What stands in the place of a value that is opened one by one: enough to tell two apart, too little to use."""

from datetime import date
from enum import StrEnum

#: Stands for what is not shown. No value that people write has it, so that a mask is known again where it comes back.
DOT = "•"
_HIDDEN = DOT * 4
#: How much of the end of a number is shown, and from how many letters and digits on: of a short one that would be most of it.
_SHOWN, _LEAST = 2, 6


class Mask(StrEnum):
    """What of a value is shown."""

    #: The last two letters or digits of a number of at least six, such as •••• 47.
    ENDING = "its end"
    #: The year of a date, such as 1985-••-••.
    YEAR = "its year"
    #: Nothing but that there is something.
    NOTHING = "nothing of it"


def masked(value: object, mask: Mask) -> str:
    """The mask of a plain value, or of one that is masked already; empty where there is no value, which is no secret."""
    if value is None or value == "":
        return ""
    if mask is Mask.YEAR:
        return _year(value)
    text = str(value)
    if is_masked(text) and mask is not Mask.NOTHING:
        return text
    known = "".join(character for character in text if character.isalnum())
    if mask is Mask.NOTHING or len(known) < _LEAST:
        return _HIDDEN
    return f"{_HIDDEN} {known[-_SHOWN:]}"


def shaped(text: str, *, least: int = 1, shown: int = _SHOWN) -> str:
    """The text of a cell with a dot in the place of each digit but the last two, so that one sees what kind of thing it is.

    For what may be a number or a date in any spelling: +• ••• ••• •• 47. A text with fewer than `least` digits stays. Where
    another mask shows a part of the same value, none is shown here, or both together would give it back.
    """
    digits = sum(character.isdecimal() for character in text)
    if digits < least:
        return text
    places = [place for place, character in enumerate(text) if character.isdecimal()]
    hidden = set(places[: digits - shown] if digits >= _LEAST else places)
    return "".join(DOT if place in hidden else character for place, character in enumerate(text))


def is_masked(text: str) -> bool:
    """Whether the text is a mask that somebody sends back, and no value."""
    return DOT in text


def _year(value: object) -> str:
    """Of a date, or of one as ISO 8601 writes it; of any other text nothing."""
    told = f"{value.year:04d}" if isinstance(value, date) else str(value)[:4]
    is_year = told.isascii() and told.isdigit()
    return f"{told}-{DOT * 2}-{DOT * 2}" if is_year else _HIDDEN
