"""Searching the register for people who stand in it twice: whoever is new or changed against everybody, or all against all."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from uuid import UUID

from django.db import connection, transaction

from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from displacement.actions.duplicates import propose
from displacement.identity import frequencies
from displacement.identity.bulk.candidates import find_candidates
from displacement.identity.bulk.conditions import DUCKDB
from displacement.identity.bulk.model import of_register
from displacement.identity.bulk.register import Registered, choose, chosen, everybody, remember, sharing
from displacement.identity.bulk.scoring import bits_of, found_ids, score
from displacement.identity.bulk.workspace import Compared, workspace, write_people
from displacement.identity.identity import features_of
from displacement.identity.keys import keys_asked_for, keys_compared
from displacement.identity.weights import load
from displacement.models.search import DuplicateSearch

#: Pairs from here on are shown to people who decide: every other one is one person, or better.
QUEUE_THRESHOLD = 0.5
#: Up to so many people, candidates are looked up by their keys; for more, reading everybody once is faster.
FEW = 5_000
#: The lock of PostgreSQL that a search holds; any number that nothing else uses.
LOCK = 4_718_220_113


def search(*, is_whole: bool = False, threshold: float = QUEUE_THRESHOLD) -> DuplicateSearch | None:
    """Search for duplicates of people who are new or changed since they were last searched for, or of all; None where
    another search is at work.

    Pairs go into the queue as they stand; who was searched for is written down at the very end, so that a killed search
    simply runs again. A million people take minutes and some 3 GB, of which what is too much lies on the disk meanwhile.
    """
    with _alone() as is_alone:
        return _search(is_whole, threshold) if is_alone else None


def _search(is_whole: bool, threshold: float) -> DuplicateSearch:
    began = time.monotonic()
    result = DuplicateSearch(is_whole=is_whole, pairs_compared=0, pairs_found=0, pairs_new=0)
    result.people_searched = choose(version=load().version, is_whole=is_whole)
    if result.people_searched:
        _compare(result, threshold)
    with transaction.atomic():
        remember()
        result.finished_at, result.seconds = database_now(), time.monotonic() - began
        result.save(force_insert=True)
        detail = {"people": result.people_searched, "pairs": result.pairs_found, "new": result.pairs_new}
        record("search_duplicates", result, by=service_user(), detail=detail)
    return result


def _compare(result: DuplicateSearch, threshold: float) -> None:
    shares = frequencies.current()
    people = everybody() if result.people_searched > FEW else _within_reach()
    with workspace() as duckdb:
        write_people(duckdb, _numbered(people, result.people_searched))
        result.pairs_compared = find_candidates(duckdb, first_right=result.people_searched)
        score(duckdb, of_register(DUCKDB, shares.people), bits=bits_of(threshold), frequencies=shares)
        result.pairs_new = propose(_counted(found_ids(duckdb), result), run=result.pk)


def _within_reach() -> Iterable[Registered]:
    """Those who were chosen, and whoever shares a key with one of them."""
    searched = chosen()
    ids = {person.id for person in searched}
    others = sharing({key for person in searched for key in keys_asked_for(features_of(person.identity))})
    return chain(searched, (person for person in others if person.id not in ids))


def _numbered(people: Iterable[Registered], searched: int) -> Iterator[Compared]:
    """Those who are searched for first, from 0; whoever is not, from their number on."""
    first, later = count(), count(searched)
    for person in people:
        number = next(first if person.is_searched else later)
        features = features_of(person.identity)
        yield Compared(number, person.id, features, keys_compared(features, person.keys))


def _counted(
    pairs: Iterable[tuple[str, str, float]], result: DuplicateSearch
) -> Iterator[tuple[UUID, UUID, float]]:
    for one, other, probability in pairs:
        result.pairs_found += 1
        yield UUID(one), UUID(other), probability


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other search is at work; then none begins before this one ends, or its connection does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
