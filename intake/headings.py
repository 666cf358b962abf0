"""How headings of columns are compared: by words, whatever their case, declension, abbreviation or punctuation."""

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from intake.values.words import VOCABULARIES, plain

_FILLING = VOCABULARIES["filling"]
#: The groups of a form before the name of a question, and its number.
_BEFORE = re.compile(r"^(?:[^\s/]*/)*(?:[qQ]?\d{1,2}[.)_:]\s*)?")
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_HUMP = re.compile(r"(?<=[a-zа-яіїєґ])(?=[A-ZА-ЯІЇЄҐ][a-zа-яіїєґ])")
#: Letters with full stops between them are one word: Ф.И.О., П. І. Б., d.o.b.
_INITIALS = re.compile(r"\b\w\.(?:\s?\w\.)*(?:\s?\w\b)?")
_WORD = re.compile(r"\d+\s?[-–—]\s?\d+|\d+\+?|[^\W\d_]+(?:['-][^\W\d_]+)*\.?|№")
#: Declensions differ in this many letters at the end, behind as many that are the same.
_ENDING, _STEM = 3, 3
#: Length from which one slip of the finger is forgiven.
_LONG = 6


@lru_cache(4_096)
def words_of(heading: str) -> tuple[str, ...]:
    """The words of a heading that say something, in small letters; one that was cut short keeps its full stop."""
    bare = _REMARK.sub(" ", _BEFORE.sub("", heading.strip())).strip() or heading
    text = _HUMP.sub(" ", bare).lower().replace("_", " ").replace("ё", "е")
    text = text.replace("’", "'").replace("ʼ", "'").replace("`", "'")
    text = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)
    words = [word.replace(" ", "").replace("–", "-").replace("—", "-") for word in _WORD.findall(text)]
    return tuple(word for word in words if word not in _FILLING) or tuple(words)


@lru_cache(4_096)
def _plain(text: str) -> str:
    return plain(text)


@lru_cache(65_536)
def likeness(heading: str, meaning: str) -> float:
    """How far a heading says what the other words say: 1 for the same words, 0 for none in common."""
    if _plain(heading) == _plain(meaning):
        return 1.0
    one, other = words_of(heading), list(words_of(meaning))
    if not one or not other:
        return 0.0
    total = len(one) + len(other)
    shared = 0.0
    for word in one:
        same, best = max(((_same(word, candidate), candidate) for candidate in other), default=(0.0, ""))
        if same:
            shared += same
            other.remove(best)
    # Never quite as good as the very words.
    return min(2 * shared / total, 0.99)


@lru_cache(262_144)
def _same(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if any(character.isdecimal() for character in word + other):
        return 0.0
    if (sex := VOCABULARIES["sex"].get(word)) and sex == VOCABULARIES["sex"].get(other):
        return 0.95
    short, long_ = sorted((word.rstrip("."), other.rstrip(".")), key=len)
    if word.endswith(".") and len(short) > 1 and long_.startswith(short):
        return 0.95
    kept = next((i for i, (a, b) in enumerate(zip(short, long_, strict=False)) if a != b), len(short))
    if (
        kept >= _STEM
        and len(long_) - kept <= _ENDING
        and len(short) - kept <= _ENDING
        and kept * 2 > len(long_)
    ):
        return 0.95
    return 0.8 if len(short) >= _LONG and DamerauLevenshtein.distance(short, long_) == 1 else 0.0
