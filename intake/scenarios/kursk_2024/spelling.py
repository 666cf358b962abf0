"""Names as documents and clerks spell them in Latin letters: several tables for one alphabet, and that is the trouble."""

from collections.abc import Callable, Mapping
from functools import lru_cache

_PLAIN = dict(
    zip(
        "абвгдезиклмнопрстуфыэ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "y",
            "e",
        ],
        strict=True,
    )
)
_RUSSIAN = {**_PLAIN, "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "х": "kh"}
#: As in machine-readable passports since 2014 (ICAO 9303).
PASSPORT = {**_RUSSIAN, "й": "i", "ё": "e", "ю": "iu", "я": "ia", "ъ": "ie"}
#: As in older passports, and as most people write their names.
OLD_PASSPORT = {**_RUSSIAN, "й": "y", "ё": "yo", "ю": "yu", "я": "ya", "ъ": ""}
#: As clerks write who have a library table in mind.
SCIENTIFIC = {
    **_PLAIN,
    "ж": "ž",
    "ц": "c",
    "ч": "č",
    "ш": "š",
    "щ": "šč",
    "ь": "",
    "х": "h",
    "й": "j",
    "ё": "ë",
    "ю": "ju",
    "я": "ja",
    "ъ": "",
}
_UKRAINIAN = {
    **_RUSSIAN,
    "г": "h",
    "ґ": "g",
    "и": "y",
    "і": "i",
    "ї": "i",
    "є": "ie",
    "ю": "iu",
    "я": "ia",
    "й": "i",
    "'": "",
    "’": "",
}
#: The national table of Ukraine (2010), inside a word; at its beginning see _UKRAINIAN_FIRST.
NATIONAL = _UKRAINIAN
#: As the names of Ukrainians were written through Russian documents.
THROUGH_RUSSIAN = {**_UKRAINIAN, "г": "g", "и": "i", "й": "y", "ї": "yi", "є": "ye", "ю": "yu", "я": "ya"}
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_TABLES: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "passport": (PASSPORT, {}),
    "old_passport": (OLD_PASSPORT, {"е": "ye"}),
    "scientific": (SCIENTIFIC, {}),
    "national": (NATIONAL, _UKRAINIAN_FIRST),
    "through_russian": (THROUGH_RUSSIAN, _UKRAINIAN_FIRST),
}
#: Spellings of each language, "" for its own alphabet, with how often they are met.
SPELLINGS: dict[str, tuple[tuple[str, float], ...]] = {
    "ru": (("", 0.76), ("passport", 0.10), ("old_passport", 0.10), ("scientific", 0.04)),
    "uk": (("", 0.66), ("national", 0.20), ("through_russian", 0.14)),
}


@lru_cache(maxsize=16_384)
def spell(name: str, spelling: str) -> str:
    """The name in the spelling; in its own alphabet where the spelling is ""."""
    if not spelling or not name:
        return name
    table, first = _TABLES[spelling]
    lower = name.lower()
    letters = [table.get(letter, letter) for letter in lower]
    letters[0] = first.get(lower[0], letters[0])
    text = "".join(letters)
    return text[:1].upper() + text[1:]


def speller(spelling: str) -> Callable[[str], str]:
    """A function that writes names in the one spelling, as one clerk does for a whole family."""
    return lambda name: spell(name, spelling)
