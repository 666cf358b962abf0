"""Pairs within one list or between two, for whoever has identities at hand."""

from collections.abc import Iterable, Iterator
from math import log2

from displacement.identity.bulk.candidates import CANDIDATES, sharing_keys
from displacement.identity.bulk.conditions import DUCKDB
from displacement.identity.bulk.model import of_register
from displacement.identity.bulk.scoring import SCORED, score
from displacement.identity.bulk.workspace import Connection, workspace, write_features, write_keys
from displacement.identity.compare import probability
from displacement.identity.identity import Features, Identity, features_of
from displacement.identity.keys import keys_of

Named = tuple[str, Identity]


def pairs(
    left: Iterable[Named],
    right: Iterable[Named] | None = None,
    *,
    threshold: float,
    people: int | None = None,
) -> Iterator[tuple[str, str, float]]:
    """Who of the left list may be who of the right one, or of the left itself: id, id and probability, no query.

    Weights are the reviewed ones, candidates share a key, relatives are never a pair. `people` is how many the register
    holds from which the lists come, where they are a part of it: the larger it is, the more strangers look alike.
    """
    ids: list[str] = []
    rows = list(_numbered(left, ids))
    first_right = len(ids)
    if right is not None:
        rows.extend(_numbered(right, ids))
    with workspace() as connection:
        write_features(connection, "people", ((number, features) for number, _, features in rows))
        keys = ((number, key) for number, identity, features in rows for key in keys_of(identity, features))
        write_keys(connection, "keys", keys)
        across = f"l.unique_id < {first_right} AND r.unique_id >= {first_right}" if right is not None else ""
        sharing_keys(connection, "keys", which=across)
        model = of_register(DUCKDB, max(people or 0, len(ids)))
        score(connection, model, people="people", candidates=CANDIDATES, bits=bits_of(threshold))
        for a, b, evidence in found(connection):
            yield ids[a], ids[b], probability(evidence)


def _numbered(rows: Iterable[Named], ids: list[str]) -> Iterator[tuple[int, Identity, Features]]:
    for name, identity in rows:
        ids.append(name)
        yield len(ids) - 1, identity, features_of(identity)


def found(connection: Connection) -> Iterator[tuple[int, int, float]]:
    """The scored pairs with their evidence in bits, the most likely first, a thousand at a time."""
    cursor = connection.execute(f"SELECT l, r, bits FROM {SCORED} ORDER BY bits DESC, l, r")
    while rows := cursor.fetchmany(1_000):
        yield from rows


def bits_of(threshold: float) -> float:
    """A probability as odds in bits; 0 keeps whatever is not ruled out, and nothing reaches 1."""
    if threshold <= 0:
        return _RULED_OUT
    return log2(threshold / (1 - threshold)) if threshold < 1 else -_RULED_OUT


#: Relatives, who are no pair whatever agrees, lie below this.
_RULED_OUT = -80.0
