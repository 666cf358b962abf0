"""How alike two descriptions of a human being are, field by field, in a few levels from the best to the worst.

A level is a word, "" where one of the two sides is not known: what is not known speaks neither for nor against. The same levels
are written as SQL for runs in bulk; a test holds the two together.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from displacement.identity.identity import Features

#: Jaro-Winkler similarity of folded keys from which two names count as one with a slip of the pen.
NEAR_FAMILY, CLOSE_FAMILY = 0.92, 0.82
NEAR_GIVEN, NEAR_PATRONYMIC = 0.88, 0.80
#: From here on a given name and a family name of like length are one name in the wrong field; Ivan and Ivanov are not.
SWAPPED, SWAPPED_WITH_SLIP = 0.92, 0.7
ENDING = "[aeiou]+$"
_ending = re.compile(ENDING)
#: Below this, two given names are two people's, unless one is a form of the other.
ANOTHER_GIVEN = 0.75
#: Years between estimates of one age that still agree, and between days that are not both known.
AROUND_ESTIMATED, AROUND_YEAR = 5, 1
#: Typical slips in a year: the next one, and a digit of the decade.
SLIPS_OF_YEARS = frozenset({1, 9, 10, 11})
#: From so many years on, one name in one family is that of parent and child.
GENERATION = 15

_similarity = JaroWinkler.normalized_similarity


class Comparison(NamedTuple):
    """One field that is compared: its levels from the best to the worst, and which of them two people reach."""

    name: str
    levels: tuple[str, ...]
    level: Callable[[Features, Features], str]


def is_swapped(a: Features, b: Features) -> bool:
    """That each side's given name stands in the other side's field for the family name; one of the two may have a slip."""
    if a.family == b.family:
        return False
    ways = (a.family, b.given), (b.family, a.given)
    return any(_is_one_word(*way) for way in ways) and all(_is_like(*way) for way in ways)


def _is_one_word(family_name: str, given_name: str) -> bool:
    """That a family name and a given name are one word: endings apart, since those of family names are folded away."""
    x, y = _ending.sub("", family_name), _ending.sub("", given_name)
    return bool(x and y) and abs(len(x) - len(y)) <= 1 and _similarity(x, y) >= SWAPPED


def _is_like(family_name: str, given_name: str) -> bool:
    return bool(family_name and given_name) and _similarity(family_name, given_name) >= SWAPPED_WITH_SLIP


def is_misplaced(a: Features, b: Features) -> bool:
    """That one side's only name is the other side's, in the wrong field: a clerk heard one word and chose a box."""
    return _is_lone(a, b) or _is_lone(b, a)


def _is_lone(lone: Features, other: Features) -> bool:
    if not lone.family and other.family:
        return lone.given != other.given and _is_one_word(lone.given, other.family)
    if not lone.given and other.given:
        return lone.family != other.family and _is_one_word(lone.family, other.given)
    return False


def family(a: Features, b: Features) -> str:
    """Of family names. A swap with the given name is counted here, and only here."""
    if is_misplaced(a, b):
        return "misplaced"
    x, y = a.family, b.family
    if not x or not y:
        return ""
    if x == y:
        return "exact"
    if a.family_loose == b.family_loose:
        return "loose"
    if is_swapped(a, b):
        return "swapped"
    alike = _similarity(x, y)
    return "near" if alike >= NEAR_FAMILY else "close" if alike >= CLOSE_FAMILY else "different"


def given(a: Features, b: Features) -> str:
    """Of given names. `another` is a clearly different one: two known names without a form in common, or unlike ones.

    An initial or a name that is barely alike does not make a man and a woman one person: they are brother and sister.
    """
    x, y = a.given, b.given
    if not x or not y or is_misplaced(a, b) or (a.family_loose != b.family_loose and is_swapped(a, b)):
        return ""
    is_sex_another = bool(a.sex and b.sex) and a.sex != b.sex
    if len(x) == 1 or len(y) == 1:
        return "initial" if _is_initial(a, b) and not is_sex_another else "another"
    if x == y:
        return "exact"
    if a.aliases and b.aliases:
        return "another" if a.aliases.isdisjoint(b.aliases) else "alias"
    if a.given_loose == b.given_loose:
        return "alias"
    alike = _similarity(x, y)
    if alike >= NEAR_GIVEN:
        return "near"
    return "unlike" if alike >= ANOTHER_GIVEN and not is_sex_another else "another"


def _is_initial(a: Features, b: Features) -> bool:
    """That the initial of one is that of the other's given name in any of its languages."""
    return a.given[0] in b.initials if len(a.given) == 1 else b.given[0] in a.initials


def patronymic(a: Features, b: Features) -> str:
    """Of patronymics, often missing or a single letter."""
    x, y = a.patronymic, b.patronymic
    if not x or not y:
        return ""
    if len(x) == 1 or len(y) == 1:
        return "initial" if x[0] == y[0] else "different"
    if x == y:
        return "exact"
    return "near" if _similarity(x, y) >= NEAR_PATRONYMIC else "different"


def birth(a: Features, b: Features) -> str:
    """Of birth dates. 1 January and estimated dates have no day here, so they reach `year` or `around` at best."""
    if a.year is None or b.year is None:
        return ""
    apart = abs(a.year - b.year)
    if a.month_day and b.month_day:
        return _of_days(a, b, apart)
    if not (a.is_year_exact and b.is_year_exact):
        return "around" if apart <= AROUND_ESTIMATED else "different"
    return "year" if apart == 0 else "around" if apart <= AROUND_YEAR else "different"


def _of_days(a: Features, b: Features, apart: int) -> str:
    x, y = a.month_day, b.month_day
    if x == y:
        return "exact" if apart == 0 else "near_year" if _is_slip(a, b, apart) else "different"
    if apart:
        return "different"
    if x[:2] == y[3:] and x[3:] == y[:2]:
        return "swapped"
    return "part" if x[:2] == y[:2] or x[3:] == y[3:] else "same_year"


def _is_slip(a: Features, b: Features, apart: int) -> bool:
    return apart in SLIPS_OF_YEARS or DamerauLevenshtein.distance(str(a.year), str(b.year)) == 1


def sex(a: Features, b: Features) -> str:
    """Of sex as recorded."""
    return _sameness(a.sex, b.sex)


def place(a: Features, b: Features) -> str:
    """Of home regions."""
    return _sameness(a.place, b.place)


def phone(a: Features, b: Features) -> str:
    """Of telephones; families share one, and numbers change in flight."""
    return _sameness(a.phone, b.phone)


def document(a: Features, b: Features) -> str:
    """Of identity documents: one in common says very much, none little, since people have several, old and new."""
    if not a.documents or not b.documents:
        return ""
    return "different" if a.documents.isdisjoint(b.documents) else "same"


def _sameness(x: str, y: str) -> str:
    return "" if not x or not y else "same" if x == y else "different"


COMPARISONS: tuple[Comparison, ...] = (
    Comparison("family", ("exact", "loose", "swapped", "misplaced", "near", "close", "different"), family),
    Comparison("given", ("exact", "alias", "near", "initial", "unlike", "another"), given),
    Comparison("patronymic", ("exact", "initial", "near", "different"), patronymic),
    Comparison(
        "birth", ("exact", "swapped", "part", "near_year", "year", "same_year", "around", "different"), birth
    ),
    Comparison("sex", ("same", "different"), sex),
    Comparison("place", ("same", "different"), place),
    Comparison("phone", ("same", "different"), phone),
    Comparison("document", ("same", "different"), document),
)


def levels_of(a: Features, b: Features) -> dict[str, str]:
    """The level of every comparison, "" where one side is not known."""
    return {comparison.name: comparison.level(a, b) for comparison in COMPARISONS}


def is_relative(a: Features, b: Features, levels: Mapping[str, str]) -> bool:
    """That these are two people however much else agrees: twins, siblings, or a parent and child of one name.

    A clearly different given name says so, and so do birth years a generation apart that no slip explains.
    """
    if levels["given"] == "another":
        return True
    if levels["birth"] != "different" or a.year is None or b.year is None:
        return False
    return abs(a.year - b.year) >= GENERATION
