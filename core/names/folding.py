"""One key per sound of a name, whatever alphabet and transliteration it was written in."""

import re
from functools import lru_cache

from core.names.latin import latin

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*rules: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), fold) for pattern, fold in rules)


#: Capitals stand for sounds that take several Latin letters: S (sh, shch), C (ch), Z (zh).
_SOUNDS = _rules(
    ("schtsch|shtsh|szcz|stch|shch|shh|sch|sz|sh", "S"),
    ("tsch|tch|cz|ch", "C"),
    ("zh", "Z"),
    ("ph", "f"),
    ("th", "t"),
    ("kh|gh", "g"),
    ("x", "ks"),
    ("h", "g"),
    ("tz|ts|tc", "c"),
    ("w", "v"),
    ("q|ck", "k"),
    ("ou", "u"),
    ("(?<=[eo])ff?(?=$|a$)", "v"),
    ("[yij]+", "i"),
    ("(?<=[SCZ])i?o", "e"),
    ("i(?=e)", ""),
    ("io", "e"),
    (r"(.)\1+", r"\1"),
)
_ADJECTIVES = _rules(("(?<=[skc])(aia|oi|ei|ai)$", "i"), ("(?<=[^aeiou])(aia|oi)$", "i"))
_FEMININE = _rules(("(?<=[sc]k)a$", "i"), ("(?<=ev|ov|in)a$", ""))
_LOOSE = _rules(
    ("S", "s"),
    ("C", "c"),
    ("Z", "z"),
    ("(?<=.)i(?=[aeu])", ""),
    ("^i(?=[aeu])", ""),
    ("[oe](?=v)", "e"),
    ("ks", "g"),
    (r"(.)\1+", r"\1"),
)


def _apply(rules: Rules, text: str) -> str:
    for pattern, fold in rules:
        text = pattern.sub(fold, text)
    return text


@lru_cache(maxsize=65_536)
def folded(name: str, *, is_surname: bool = False) -> str:
    """The key of a name's sounds, a blank between words; of a surname, one for its masculine and feminine forms."""
    words = []
    for word in latin(name).split():
        key = _apply(_SOUNDS, word)
        if len(key) > 4:
            key = _apply(_ADJECTIVES, key)
            if is_surname:
                key = _apply(_FEMININE, key)
        words.append(key)
    return " ".join(words)


@lru_cache(maxsize=65_536)
def loose(key: str) -> str:
    """A looser key from one that `folded` made: it also survives lost marks, x for kh, ya for a and ov for ev."""
    return _apply(_LOOSE, key)
