"""Pairs within one list or between two, for whoever has identities at hand."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from uuid import UUID

from core.decoys import is_marked
from displacement.identity import frequencies
from displacement.identity.bulk.candidates import find_candidates
from displacement.identity.bulk.conditions import DUCKDB
from displacement.identity.bulk.model import of_register
from displacement.identity.bulk.register import Registered, sharing
from displacement.identity.bulk.scoring import bits_of, found, found_ids, score
from displacement.identity.bulk.workspace import Compared, workspace, write_people
from displacement.identity.compare import probability
from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_asked_for, keys_compared, keys_of

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


def against_register(
    left: Iterable[Named], *, threshold: float, excluding: Collection[UUID] = ()
) -> Iterator[tuple[str, UUID, float]]:
    """Who of a list may be who of the register: id, person and probability, best first.

    Standing, unmerged persons of all organisations but decoys; what of them may be shown is the caller's duty. One query that
    reads only those who share a key with the list, and two more once an hour: for lists of thousands, however large the
    register is.
    """
    people = [_compared(number, named) for number, named in enumerate(left)]
    shares, without = frequencies.current(), {str(pk) for pk in excluding}
    candidates = sharing({key for person in people for key in keys_asked_for(person.features)})
    known = (person for person in candidates if person.id not in without and not is_marked(person.id))
    with workspace() as connection:
        write_people(connection, chain(people, _registered(known, first=len(people))))
        find_candidates(connection, first_right=len(people), is_across=True)
        score(connection, of_register(DUCKDB, shares.people), bits=bits_of(threshold), frequencies=shares)
        for name, person, likely in found_ids(connection):
            yield name, UUID(person), likely


def _registered(people: Iterable[Registered], *, first: int) -> Iterator[Compared]:
    for number, person in enumerate(people, start=first):
        features = features_of(person.identity)
        yield Compared(number, person.id, features, keys_compared(features, person.keys))


def _compared(number: int, named: Named) -> Compared:
    name, identity = named
    features = features_of(identity)
    return Compared(number, name, features, keys_compared(features, keys_of(identity, features)))
