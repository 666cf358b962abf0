"""Words that stand for one code of a list, in English, Russian or Ukrainian."""

import re
from collections.abc import Callable
from functools import lru_cache

from displacement.models.countries import COUNTRIES
from intake.values.reading import BadValue, Reading
from intake.values.text import REMEMBERED, clean
from intake.values.words import VOCABULARIES, plain

Reader = Callable[[str, Reading], str]
_BETWEEN_WORDS = re.compile(r"[,;|/\n+]")


def read_choice(vocabulary: str) -> Reader:
    """A reader of the list of this name in `words.toml`: gives the code, "" for blank, and refuses unknown words."""

    @lru_cache(REMEMBERED)
    def code_of(text: str) -> str:
        # Before blanks are told: "not known" is an answer where the list has it.
        if code := VOCABULARIES[vocabulary].get(plain(text)):
            return code
        word = clean(text)
        return _code(vocabulary, word) if word else ""

    def read(text: str, reading: Reading) -> str:
        return code_of(text)

    read.__name__ = f"read_{vocabulary}"
    return read


def read_country(text: str, reading: Reading) -> str:
    """A country by two letters of ISO 3166, or by its name where the list has it."""
    word = clean(text)
    return word.upper() if not word or word.upper() in COUNTRIES else _code("country", word)


def read_choices(vocabulary: str) -> Reader:
    """A reader of a cell with several words of one list, however divided; gives their codes, divided by blanks."""

    @lru_cache(REMEMBERED)
    def codes_of(text: str) -> str:
        whole = clean(text)
        if plain(whole) in VOCABULARIES[vocabulary]:
            return _code(vocabulary, whole)
        words = [word.strip() for word in _BETWEEN_WORDS.split(whole)]
        if len(words) == 1 and all(plain(word) in VOCABULARIES[vocabulary] for word in whole.split()):
            words = whole.split()
        return " ".join(dict.fromkeys(_code(vocabulary, word) for word in words if word))

    def read(text: str, reading: Reading) -> str:
        return codes_of(text)

    read.__name__ = f"read_{vocabulary}_list"
    return read


def _code(vocabulary: str, word: str) -> str:
    code = VOCABULARIES[vocabulary].get(plain(word))
    if code is None:
        raise BadValue(f"{vocabulary}_word")
    return code


read_sex = read_choice("sex")
read_relationship = read_choice("relationship")
read_yes_no = read_choice("yes_no")
read_language = read_choice("language")
read_movement = read_choice("movement")
read_place = read_choice("place")
read_means = read_choice("means")
read_cause = read_choice("cause")
read_document_kind = read_choice("document_kind")
read_needs = read_choices("need")
