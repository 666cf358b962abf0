"""One name in other letters: as documents of several years and countries transliterate it, and as the other language writes it.

Tables are written out anew here, so that the folding is tried on spellings that it was not made from.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_BOTH = "а a б b в v д d з z к k л l м m н n о o п p р r с s т t у u ф f ш sh ч ch ж zh"
_RU = _BOTH + " г g е e и i ц ts щ shch х kh ы y э e"
_UK = _BOTH + " г h ґ g е e и y і i ц ts щ shch х kh"


class Scheme(NamedTuple):
    """A way to write Cyrillic in Latin letters: letters anywhere, and those that differ at the beginning of a word."""

    inside: Mapping[str, str]
    first: Mapping[str, str]


def _letters(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], ("" if latin == "-" else latin for latin in words[1::2]), strict=True))


def _scheme(inside: str, first: str = "") -> Scheme:
    return Scheme(_letters(inside), _letters(first))


RUSSIAN: Mapping[str, Scheme] = {
    "icao_9303": _scheme(_RU + " ё e й i ю iu я ia ъ ie ь -"),
    "gost_52535": _scheme(_RU + " ё e й i ю iu я ia ъ - ь - ц tc"),
    "passport_1997": _scheme(_RU + " ё ye й y ю yu я ya ъ - ь -", "е ye"),
    "bgn": _scheme(_RU + " ё yë й y ю yu я ya ъ ” ь ’", "е ye"),
    "ala_lc": _scheme(_RU + " ё ë й ĭ ю iu я ia ъ ″ ь ′ э ė"),
    "gost_7_79": _scheme(_RU + " ё yo й j ю yu я ya ъ '' ь ' х x ц cz щ shh ы y' э e'"),
    "scholarly": _scheme(_RU + " ё ë й j ю ju я ja ъ ″ ь ′ ж ž х x ц c ч č ш š щ šč э è"),
    "french": _scheme(_RU + " ё io й i ю iou я ia ъ - ь - у ou ш ch ч tch щ chtch ж j"),
    "plain": _scheme(_RU + " ё e й y ю yu я ya ъ - ь - х h щ sch"),
}
UKRAINIAN: Mapping[str, Scheme] = {
    "kmu_55": _scheme(_UK + " є ie ї i й i ю iu я ia ь - ' -", "є ye ї yi й y ю yu я ya"),
    "passport_2007": _scheme(_UK + " є ie ї i й i ю iu я ia ь - ' - г g ґ g"),
    "bgn_1965": _scheme(_UK + " є ye ї yi й y ю yu я ya ь ’ ' ”"),
    "ala_lc": _scheme(_UK + " є ie ї ï й ĭ ю iu я ia ь ′ ' -"),
    "scholarly": _scheme(_UK + " є je ї ji й j ю ju я ja ь ′ ' - ж ž х x ц c ч č ш š щ šč"),
    "through_russian": _scheme(_UK + " є ye ї yi й y ю yu я ya ь - ' - г g и i"),
}
_AS_RUSSIAN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": "ъ"})
_AS_UKRAINIAN = str.maketrans({"ы": "и", "э": "е", "ё": "ьо", "ъ": "'", "и": "і", "е": "е"})


@lru_cache(maxsize=200_000)
def spelled(name: str, language: str, scheme: str) -> str:
    """The name, written in the Cyrillic of the language, in Latin letters by the scheme."""
    table = (UKRAINIAN if language == "uk" else RUSSIAN)[scheme]
    return " ".join(_word(word, table) for word in name.split())


def _word(word: str, table: Scheme) -> str:
    lower = word.lower().replace("’", "'")
    letters = [table.inside.get(letter, letter) for letter in lower]
    letters[0] = table.first.get(lower[0], letters[0])
    text = "".join(letters).replace("''", "'")
    return text[:1].upper() + text[1:]


def in_other_cyrillic(name: str, language: str) -> str:
    """The name of one language written by ear in the alphabet of the other."""
    lower = name.lower()
    other = lower.translate(_AS_RUSSIAN if language == "uk" else _AS_UKRAINIAN)
    return other.capitalize()
