"""In which ways the pairs of two lists agree, and how often each way occurs: all that learning needs to see."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from displacement.identity.bulk.candidates import CANDIDATES
from displacement.identity.bulk.conditions import Ladder, as_case, columns_of
from displacement.identity.bulk.workspace import Connection

Floats = NDArray[np.float64]
#: Pairs drawn at random, of which nearly all are two people, and the seed of the draw: the same lists give the same answer.
SAMPLE, SEED = 400_000, 20240806


class Lists(NamedTuple):
    """One list or two in one table: how many rows stand on the left, how many on the right (None within one list)."""

    people: str
    left: int
    right: int | None

    @property
    def pairs(self) -> float:
        """How many pairs there are."""
        return self.left * self.right if self.right is not None else self.left * (self.left - 1) / 2

    @property
    def across(self) -> int | None:
        """The number of the first row on the right."""
        return self.left if self.right is not None else None


class Patterns(NamedTuple):
    """Ways to agree: a row for each, a column for each comparison, in it the place of the level (-1 not known); and counts."""

    levels: NDArray[np.int64]
    counts: Floats

    def shares(self, place: int, steadied_by: Floats, weights: Floats | None = None) -> Floats:
        """How often each level of a comparison occurs where it is known; `steadied_by` are counts that are mixed in."""
        reached = self.levels[:, place]
        known = reached >= 0
        counts = (self.counts if weights is None else weights)[known]
        total = np.bincount(reached[known], weights=counts, minlength=len(steadied_by)) + steadied_by
        shares: Floats = total / total.sum()
        return shares


def of_candidates(connection: Connection, lists: Lists, ladders: Sequence[Ladder]) -> Patterns:
    """How the candidates agree."""
    return _patterns(connection, lists.people, CANDIDATES, ladders)


def of_strangers(connection: Connection, lists: Lists, ladders: Sequence[Ladder]) -> Patterns:
    """How pairs drawn at random agree, or all pairs of short lists."""
    chance = np.random.default_rng(SEED)
    right = lists.right if lists.right is not None else lists.left
    left_ids = chance.integers(0, lists.left, SAMPLE)
    right_ids = chance.integers(0, right, SAMPLE) + (lists.across or 0)
    keep = left_ids != right_ids
    drawn = {"join_key_l": left_ids[keep], "join_key_r": right_ids[keep]}
    connection.register("drawn", drawn)
    patterns = _patterns(connection, lists.people, "drawn", ladders)
    connection.unregister("drawn")
    return patterns


def _patterns(connection: Connection, people: str, pairs: str, ladders: Sequence[Ladder]) -> Patterns:
    columns = sorted(frozenset[str]().union(*(columns_of(ladder) for ladder in ladders)))
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for column in columns for side in "lr")
    cases = ", ".join(f"{as_case(ladder)} AS level_{place}" for place, ladder in enumerate(ladders))
    found = connection.execute(
        f"SELECT {cases}, count(*) AS pairs FROM (SELECT {sides} FROM {pairs} p"
        f" JOIN {people} l ON l.unique_id = p.join_key_l JOIN {people} r ON r.unique_id = p.join_key_r) GROUP BY ALL"
        " ORDER BY ALL"
    ).fetchall()
    table = np.array(found, dtype=np.int64).reshape(-1, len(ladders) + 1)
    return Patterns(table[:, :-1], table[:, -1].astype(np.float64))
