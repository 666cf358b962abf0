"""Forms of one given name: Микола and Николай, Александр and Саша. A form may belong to several names: Саша to two."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from core.names import folded

_FILE = Path(__file__).parent.parent / "data" / "given_names.csv"
#: Columns of names as documents write them, and all.
_WRITTEN_OUT = ("russian", "ukrainian", "belarusian", "elsewhere")
_FORMS = (*_WRITTEN_OUT, "short")
#: Below this a slip of the pen makes another name: Ира and Ида.
_SHORTEST_TO_MEND = 4
Groups = frozenset[int]
_NO_GROUPS: Groups = frozenset()


def read() -> Iterator[dict[str, str]]:
    """The rows of the reviewed list: a group's number, its sex, and its forms parted by blanks."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@lru_cache(maxsize=16_384)
def groups_of(given: str) -> Groups:
    """The groups to which the key of a given name belongs, those of each word; none for a name that the list does not know.

    A name that is one slip of the pen away from names with a group in common counts as one of them. No query.
    """
    words = given.split(" ")
    if len(words) > 1:
        return frozenset().union(*map(groups_of, words))
    return _known().get(given) or _mended(given)


@lru_cache(maxsize=16_384)
def initials_of(given: str) -> str:
    """The letters, sorted, that the initial of this given name may be: М. of Николай, who is Микола in Ukrainian.

    Short forms have no initials of their own, and a name that is written out stands for itself alone, whatever it is short for
    elsewhere: Егор is not Г. for Георгий. Of an unknown name it is its own first letter; blank for no name. No query.
    """
    return _beginnings(given, _WRITTEN_OUT, _written_out().get(given) or groups_of(given))


@lru_cache(maxsize=16_384)
def beginnings_of(given: str) -> str:
    """The letters, sorted, with which any form of the given name begins, short ones too. No query."""
    return _beginnings(given, _FORMS, groups_of(given))


def _beginnings(given: str, columns: tuple[str, ...], groups: Groups) -> str:
    return "".join(sorted({given[:1]}.union(*(_letters(columns)[group] for group in groups))))


@cache
def _letters(columns: tuple[str, ...]) -> Mapping[int, frozenset[str]]:
    """First letters of the keys of the forms in these columns, by group."""
    letters: defaultdict[int, set[str]] = defaultdict(set)
    for key, group in _forms(columns):
        letters[group].add(key[:1])
    return {group: frozenset(found) for group, found in letters.items()}


@cache
def _known() -> Mapping[str, Groups]:
    """Groups by the key of each form."""
    return _grouped(_FORMS)


@cache
def _written_out() -> Mapping[str, Groups]:
    """Groups by the key of each name as documents write it."""
    return _grouped(_WRITTEN_OUT)


def _grouped(columns: tuple[str, ...]) -> Mapping[str, Groups]:
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for key, group in _forms(columns):
        groups[key].add(group)
    return {key: frozenset(found) for key, found in groups.items()}


def _forms(columns: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The key of each form in these columns, with the number of its group."""
    for row in read():
        for form in " ".join(row[column] for column in columns).split():
            yield folded(form), int(row["group"])


@cache
def _shortened() -> Mapping[str, list[str]]:
    """Known keys by all that remains of each when one letter is lost: two keys one slip apart have a remainder in common."""
    remainders: defaultdict[str, list[str]] = defaultdict(list)
    for key in _known():
        if len(key) >= _SHORTEST_TO_MEND:
            for remainder in _remainders(key):
                remainders[remainder].append(key)
    return remainders


def _mended(key: str) -> Groups:
    if len(key) < _SHORTEST_TO_MEND:
        return _NO_GROUPS
    index = _shortened()
    near = {known for remainder in _remainders(key) for known in index.get(remainder, ())}
    sets = [_known()[known] for known in near if DamerauLevenshtein.distance(key, known) <= 1]
    return sets[0].intersection(*sets[1:]) if sets else _NO_GROUPS


def _remainders(key: str) -> set[str]:
    return {key, *(key[:place] + key[place + 1 :] for place in range(len(key)))}
