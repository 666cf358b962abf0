"""What is known of one human being, and what of it is compared. No queries, no models: forms, files and rows alike."""

from datetime import date
from typing import NamedTuple

from core.names import folded, loose

_UNKNOWN_SEX = frozenset({"not_collected", "not_answered", "unknown"})
_ESTIMATED = "estimated"
_EXACT = frozenset({"", "day"})


class Identity(NamedTuple):
    """One human being as a form, a file or the register tells; a blank or None is not known, and never means "none".

    `birth_precision` has the values of displacement.models.person.BirthPrecision, blank for an exact day. `place` is any
    stable token of the home region, or its name.
    """

    given_name: str = ""
    patronymic: str = ""
    family_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = ""
    phone: str = ""
    place: str = ""


class Features(NamedTuple):
    """An identity folded once for comparison. `given` may be an initial, one letter; `month_day` is "MM-DD" or blank.

    The first of January and estimated dates have no `month_day`: they are written where the day is not known.
    `is_year_exact` is False where the year was estimated from an age. `phone` is its last nine digits.
    """

    family: str
    given: str
    patronymic: str
    family_loose: str
    given_loose: str
    aliases: frozenset[int]
    sex: str
    year: int | None
    month_day: str
    is_year_exact: bool
    phone: str
    place: str


def features_of(identity: Identity) -> Features:
    """What is compared of an identity; no query, some ten microseconds for names that were not folded before."""
    family = folded(identity.family_name, is_surname=True)
    given = folded(identity.given_name)
    born, precision = identity.birth_date, identity.birth_precision
    has_day = born is not None and precision in _EXACT and (born.month, born.day) != (1, 1)
    return Features(
        family,
        given,
        folded(identity.patronymic),
        loose(family),
        loose(given),
        frozenset(),
        "" if identity.sex in _UNKNOWN_SEX else identity.sex,
        born.year if born else None,
        born.isoformat()[5:] if born and has_day else "",
        precision != _ESTIMATED,
        phone_digits(identity.phone),
        identity.place.strip(),
    )


def phone_digits(phone: str) -> str:
    """The last nine digits, which are the same however the country code is written; blank for fewer than seven."""
    digits = "".join(letter for letter in phone if "0" <= letter <= "9")
    return digits[-9:] if len(digits) >= 7 else ""
