"""Pairs within one list or between two, for whoever has identities at hand."""

from collections.abc import Iterable, Iterator

from displacement.identity.bulk.candidates import find_candidates
from displacement.identity.bulk.conditions import DUCKDB
from displacement.identity.bulk.model import of_register
from displacement.identity.bulk.scoring import bits_of, found, score
from displacement.identity.bulk.workspace import Compared, workspace, write_people
from displacement.identity.compare import probability
from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_of

Named = tuple[str, Identity]


def pairs(
    left: Iterable[Named], right: Iterable[Named] | None = None, *, threshold: float
) -> Iterator[tuple[str, str, float]]:
    """Who of the left list may be who of the right one, or of the left itself: id, id and probability, best first. No query.

    Weights are the reviewed ones, candidates share a key, relatives are never a pair.
    """
    people = [_compared(number, named) for number, named in enumerate(left)]
    first_right = None
    if right is not None:
        first_right = len(people)
        people.extend(_compared(number, named) for number, named in enumerate(right, start=first_right))
    with workspace() as connection:
        write_people(connection, people)
        find_candidates(connection, first_right=first_right, is_across=right is not None)
        score(connection, of_register(DUCKDB, len(people)), bits=bits_of(threshold))
        for a, b, evidence in found(connection):
            yield people[a].id, people[b].id, probability(evidence)


def _compared(number: int, named: Named) -> Compared:
    name, identity = named
    features = features_of(identity)
    return Compared(number, name, features, keys_of(identity, features))
