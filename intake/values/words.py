"""The words that cells are written in: what they mean stands in `words.toml`, apart from the code, for people to check."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

Vocabulary = Mapping[str, str]


class AmbiguousWord(Exception):
    """One word stands under two codes of one list."""


def plain(word: str) -> str:
    """A word as words are compared: small letters, ё as е, one kind of apostrophe, single blanks, no full stop at the end."""
    lowered = (
        word.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'").replace("`", "'").replace("_", " ")
    )
    return " ".join(lowered.split()).rstrip(". ") or lowered


#: Lists whose codes are for us alone: "nothing" in a cell could be somebody's name.
NOT_SAID = frozenset({"nothing", "spreadsheet_error", "filling", "months", "age_unit", "newborn", "scale"})


def vocabulary(name: str, table: Mapping[str, str | list[str]]) -> Vocabulary:
    """What each word of one list means. Raises AmbiguousWord."""
    meaning: dict[str, str] = {}
    for code, listed in table.items():
        words = listed.split() if isinstance(listed, str) else listed
        for word in words if name in NOT_SAID else (code, *words):
            if meaning.setdefault(plain(word), code) != code:
                raise AmbiguousWord(f"{name}: {word}")
    return meaning


def _load() -> Mapping[str, Vocabulary]:
    tables = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return {name: vocabulary(name, table) for name, table in tables.items()}


#: Each list by its name: what a word, in its plain form, means.
VOCABULARIES: Mapping[str, Vocabulary] = _load()
MONTHS: Mapping[str, int] = {word: int(number) for word, number in VOCABULARIES["months"].items()}
