"""Names as people write them, and the key under which a search finds them in either alphabet."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

#: What one sound is written as in several Latin spellings of Russian, Ukrainian and Belarusian names, folded to one.
_FOLDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"shch|sch|schtsch"), "s"),
    (re.compile(r"zh|sh|ch|ts|tz|cz|sz"), lambda m: {"zh": "z", "sh": "s", "ch": "c"}.get(m.group(), "c")),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(?<=[bcdfhklmnprstvz])[yj]o"), "e"),  # Semyonov and Pyotr are Семёнов and Пётр
    (re.compile(r"[ijy]+"), "i"),
    (re.compile(r"i[aeou]"), lambda m: m.group()[1]),
    (re.compile(r"g"), "h"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_NOT_LETTERS = re.compile(r"[^a-z]+")


@lru_cache(maxsize=65_536)
def search_key(name: str) -> str:
    """Fold a name so that its Cyrillic and its Latin spellings meet: Суджа, Sudzha and Sudja give one key.

    Lower-case Latin letters only; empty for a name without letters. It is made for finding, not for deciding that two
    people are one: different names may share a key.
    """
    text = unicodedata.normalize("NFC", name).lower().replace("ё", "е").replace("ъ", "").replace("ь", "")
    folded = _NOT_LETTERS.sub("", anyascii(text).lower())
    folded = folded.replace("dzh", "dz").replace("dj", "dz")
    for pattern, fold in _FOLDS:
        folded = pattern.sub(fold, folded)
    return folded
