"""Forms of one given name: Микола and Николай, Александр and Саша. A form may belong to several names: Саша to two."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from core.names import folded

_FILE = Path(__file__).parent.parent / "data" / "given_names.csv"
_FORMS = ("russian", "ukrainian", "belarusian", "short", "elsewhere")
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


@cache
def _known() -> Mapping[str, Groups]:
    """Groups by the key of each form."""
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for row in read():
        for form in " ".join(row[column] for column in _FORMS).split():
            groups[folded(form)].add(int(row["group"]))
    return {key: frozenset(found) for key, found in groups.items()}


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
