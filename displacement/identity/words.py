"""What a comparison of two people found, in words that a registrar reads beside the match."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.masking import Mask, masked
from core.veils import Veiled
from displacement.models.person import BirthPrecision

#: By comparison and level of displacement.identity.levels, from what speaks for one person to what speaks against.
WORDS: Mapping[str, Mapping[str, Promise]] = {
    "family": {
        "exact": _("same family name"),
        "loose": _("family name that sounds the same"),
        "swapped": _("given and family name swapped"),
        "misplaced": _("one name, in the other box"),
        "near": _("family name with a slip"),
        "close": _("similar family name"),
        "different": _("another family name"),
    },
    "given": {
        "exact": _("same given name"),
        "alias": _("a form of the same given name"),
        "near": _("given name with a slip"),
        "initial": _("same initial"),
        "unlike": _("unlike given name"),
        "another": _("another given name"),
    },
    "patronymic": {
        "exact": _("same patronymic"),
        "initial": _("same initial of the patronymic"),
        "near": _("patronymic with a slip"),
        "different": _("another patronymic"),
    },
    "birth": {
        "exact": _("born on the same day"),
        "swapped": _("day and month of birth swapped"),
        "part": _("same year of birth, and day or month"),
        "near_year": _("same birthday, a year with a slip"),
        "year": _("same year of birth"),
        "same_year": _("same year of birth, another day"),
        "around": _("about the same age"),
        "different": _("another birth date"),
    },
    "sex": {"same": _("same sex"), "different": _("another sex")},
    "place": {"same": _("from the same region"), "different": _("from another region")},
    "phone": {"same": _("same telephone"), "different": _("another telephone")},
    "document": {"same": _("same identity document"), "different": _("no identity document in common")},
}


def in_words(levels: Mapping[str, str]) -> list[str]:
    """What the levels say, in the order of the comparisons; what is not known on a side is left out."""
    return [str(WORDS[name][level]) for name, level in levels.items() if level]


def born_in_words(born: date | Veiled | None, precision: str) -> str:
    """The year of a birth and what else is known of it: 1990-••-••, 1990-••, 1990, ~1990, or nothing.

    Day and month are masked everywhere but where one record is opened.
    """
    if born is None:
        return ""
    if precision in ("", BirthPrecision.DAY):
        return masked(born, Mask.YEAR)
    if precision == BirthPrecision.MONTH:
        return masked(born, Mask.YEAR)[:-3]
    year = str(born)[:4]
    return f"~{year}" if precision == BirthPrecision.ESTIMATED else year
