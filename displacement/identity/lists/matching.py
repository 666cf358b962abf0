"""Comparing the lists of two partners, or one with itself, without importing anything: no query, nothing kept."""

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow

from displacement.identity.bulk.conditions import RELATIVES, Ladder, as_case
from displacement.identity.bulk.scoring import bits_of, found, score
from displacement.identity.bulk.workspace import (
    FEATURES,
    PEOPLE,
    Connection,
    flat,
    workspace,
    write,
)
from displacement.identity.compare import probability
from displacement.identity.lists.candidates import find_candidates
from displacement.identity.lists.columns import TEXTS, compared
from displacement.identity.lists.learning import learn
from displacement.identity.lists.patterns import Lists
from displacement.identity.lists.resolving import one_to_one, through_a_third
from displacement.identity.lists.rows import ListRow

Pair = tuple[int, int]
_KEYS = pyarrow.schema([("unique_id", pyarrow.int64()), ("key", pyarrow.int64())])
_PAIRS = pyarrow.schema([("l", pyarrow.int64()), ("r", pyarrow.int64())])
_ROWS = pyarrow.schema([*FEATURES, *((name, pyarrow.string()) for name in TEXTS)])


class Found(NamedTuple):
    """What comparing lists came to: ids and probability by pair, most probable first; how many pairs were compared;
    and whether people with clearly different given names were kept apart."""

    pairs: list[tuple[str, str, float]]
    compared: int
    relatives_apart: bool


def match(
    left: Iterable[ListRow],
    right: Iterable[ListRow] | None = None,
    *,
    columns: Iterable[str],
    threshold: float,
    is_one_to_one: bool = False,
) -> Found:
    """Who of the left list is who of the right one, or of the left list itself, with probability of `threshold` or more.

    What agreement in each of the `columns` says is learned from the lists. Within one list, two rows that are both a third
    are one person too. `is_one_to_one` gives each row at most one partner: for two lists without doubles of their own.
    """
    ladders = compared(frozenset(columns))
    with workspace() as connection:
        ids, lists = _load(connection, left, right)
        if not ladders or lists.pairs < 1:
            return Found([], 0, True)
        texts = [name for name in TEXTS if name in columns]
        count = find_candidates(connection, people=PEOPLE, texts=texts, across=lists.across)
        learned = learn(connection, lists, ladders)
        score(connection, learned.model, bits=bits_of(threshold))
        probable = {(a, b): probability(bits) for a, b, bits in found(connection)}
        if lists.right is None:
            more = through_a_third(probable, at_least=threshold)
            if learned.relatives_apart:
                more = _not_relatives(connection, ladders, more)
            probable |= more
        elif is_one_to_one:
            probable = one_to_one(probable)
    rows = sorted(((ids[a], ids[b], p) for (a, b), p in probable.items()), key=lambda row: (-row[2], row[:2]))
    return Found(rows, count, learned.relatives_apart)


def _load(
    connection: Connection, left: Iterable[ListRow], right: Iterable[ListRow] | None
) -> tuple[list[str], Lists]:
    """Both lists in one table, the left one first, with the keys that the register would give."""
    on_left, on_right = list(left), list(right or ())
    rows = [*on_left, *on_right]
    table = ((number, *flat(row.features), *row.texts) for number, row in enumerate(rows))
    write(connection, PEOPLE, _ROWS, table)
    write(connection, "keys", _KEYS, ((number, key) for number, row in enumerate(rows) for key in row.keys))
    return [row.id for row in rows], Lists(PEOPLE, len(on_left), None if right is None else len(on_right))


def _not_relatives(
    connection: Connection, ladders: Iterable[Ladder], more: dict[Pair, float]
) -> dict[Pair, float]:
    """Without twins, siblings, and parents and children of one name, who may share a third row that tells little."""
    if not more:
        return more
    write(connection, "more", _PAIRS, more)
    rules = [
        f"({as_case(ladder)}) = {place}"
        for ladder in ladders
        for place, condition in enumerate(ladder.conditions)
        if (ladder.comparison, condition.level) in RELATIVES
    ]
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for name in FEATURES.names for side in "lr")
    related = connection.execute(
        f"SELECT unique_id_l, unique_id_r FROM (SELECT {sides} FROM more m JOIN {PEOPLE} l ON l.unique_id = m.l"
        f" JOIN {PEOPLE} r ON r.unique_id = m.r) WHERE {' OR '.join(rules) or 'false'}"
    ).fetchall()
    ruled_out = set(related)
    return {pair: likely for pair, likely in more.items() if pair not in ruled_out}
