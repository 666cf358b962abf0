"""One key per name, whatever alphabet and transliteration it was written in, and looser keys from it."""

import re
from functools import lru_cache

from core.names.latin import latin
from core.names.sounds import sounds

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*rules: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), fold) for pattern, fold in rules)


#: Endings of surnames, masculine and feminine, in one form. Shorter words are left as they are: too little would remain.
_SHORTEST = 4
_ENDINGS = _rules(
    ("(?:(?<=[oe])f(?=a?$)|(?<=[aoe])u$)", "v"),  # Ivanoff; Belarusian Ivanou
    ("(?<=ov|ev)as$|(?<=ov|ev|in)s$|(?<=in)e$", ""),  # Lithuanian Ivanovas, Latvian Ivanovs, French Pouchkine
    ("(?<=sk)[ia]s$", "i"),
    ("enka$", "enko"),
    ("(?:oi|i?aia)$", "i"),  # Tolstoi and Tolstaia, Beli and Belaia
    ("(?<=ov|ev|in)[ai]$", ""),  # Ivanova; Lozovoi, whose feminine is Lozova in Ukrainian
    (
        "(?<=[bcdfghklmnprstvzSCZ])a$",
        "i",
    ),  # Ukrainian Kovalska, Chorna; nouns like Soroka have one form for all
)
_LOOSE = _rules(
    ("SC|S", "s"),
    ("C", "c"),
    ("Z", "z"),
    ("h", "g"),
    ("i(?=[aeu])", ""),
    ("[oe](?=v)", "e"),
    (r"(.)\1+", r"\1"),
)
#: What makes a patronymic of a father's name, for sons and daughters in three languages.
_PATRONYMIC = re.compile("(?:[aoe]vi?C|ii?C|(?:in)?iCna|[aoe]vna|ivna)$")
#: Initials that take two Latin letters: Ю. is Yu., Я. is Ya., Е. is Ye.
_INITIALS = frozenset({"iu", "yu", "ju", "ia", "ya", "ja", "ie", "ye", "je"})


def _apply(rules: Rules, text: str) -> str:
    for pattern, fold in rules:
        text = pattern.sub(fold, text)
    return text


@lru_cache(maxsize=16_384)
def folded(name: str, *, is_surname: bool = False) -> str:
    """The key of a name's sounds, a blank between words; an initial is one letter, no letters at all give a blank key.

    Masculine and feminine forms of a surname have one key, and so have the parts of a double surname in either order.
    """
    words = latin(name).split(" ")
    if is_surname:
        keys = [_ended(sounds(word, is_surname=True)) for word in words]
        return keys[0] if len(keys) == 1 else " ".join(sorted(keys))
    return " ".join([_given(word) for word in words])


def _given(word: str) -> str:
    return sounds(word)[0] if len(word) == 1 or word in _INITIALS else sounds(word)


def _ended(key: str) -> str:
    return _apply(_ENDINGS, key) if len(key) >= _SHORTEST else key


@lru_cache(maxsize=16_384)
def loose(key: str) -> str:
    """A looser key from one that `folded` made: it also survives lost marks, shch as sh, kh as h, ya as a, and ov for ev."""
    return _apply(_LOOSE, key)


@lru_cache(maxsize=16_384)
def father(patronymic: str) -> str:
    """The key of the father's name in a patronymic: one for Иванович, Ивановна, Іванівна; an initial stays one letter."""
    key = folded(patronymic)
    return key if len(key) < _SHORTEST else _PATRONYMIC.sub("", key)
