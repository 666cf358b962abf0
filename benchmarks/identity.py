"""Who is who at the door: what a lookup costs and finds in a register of a million of whom the truth is known.

IDENTITY_PEOPLE=20000 makes a quick run; the bars are those of a million.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection

from benchmarks.database import own_database
from benchmarks.identity_register import Questions, load
from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_asked_for
from displacement.identity.lookup import DOOR_THRESHOLD, likely_duplicates
from displacement.models import Person

PEOPLE = int(os.environ.get("IDENTITY_PEOPLE", "1000000"))
MOST, WARM = 2_000, 200


def lines() -> Iterator[str]:
    """`name  value  (bar)  n` in a database of its own."""
    with own_database():
        questions = load(PEOPLE)
        asked = [identity for identity, _human in questions.duplicates]
        for identity in asked[:WARM]:
            likely_duplicates(identity)
        yield from _costs(asked[:MOST], list(questions.humans)[:: max(1, PEOPLE // MOST)])
        yield from _found(questions)
        yield from _alarms(questions)


def _costs(asked: list[Identity], people: list[object]) -> Iterator[str]:
    lookups = _times(likely_duplicates, asked)
    keys = [keys_asked_for(features_of(identity)) for identity in asked]
    candidates = _times(_candidates, keys)
    by_key = _times(_by_key, people[: len(keys)])
    at = f"at {PEOPLE:,} people"
    ratio = _part(candidates, 0.5) / _part(by_key, 0.5)
    n = f"n={len(asked)}"
    yield f"candidates for a person {at} against a lookup by primary key  {ratio:.2f}x  (at most 2x)  {n}"
    yield f"likely duplicates {at}, median  {_part(lookups, 0.5) * 1000:.1f} ms  (no bar)  {n}"
    yield f"likely duplicates {at}, 95th percentile  {_part(lookups, 0.95) * 1000:.1f} ms  (at most 20 ms)  {n}"
    lone = _times(likely_duplicates, [Identity(family_name=identity.family_name) for identity in asked])
    yield f"one name and nothing else {at}, 95th percentile  {_part(lone, 0.95) * 1000:.1f} ms  (at most 20 ms)  {n}"


def _candidates(keys: list[int]) -> int:
    return len(_fetch("SELECT id FROM displacement_person WHERE match_keys && %s::bigint[]", [keys]))


def _by_key(pk: object) -> int:
    return len(_fetch("SELECT id FROM displacement_person WHERE id = %s", [pk]))


def _fetch(statement: str, parameters: list[object]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _times(work: Callable[[Any], object], asked: Iterable[Any]) -> list[float]:
    """Seconds of each, sorted."""
    times = []
    for one in asked:
        began = time.perf_counter()
        work(one)
        times.append(time.perf_counter() - began)
    return sorted(times)


def _part(times: list[float], share: float) -> float:
    return times[int(share * (len(times) - 1))]


def _found(questions: Questions) -> Iterator[str]:
    """Only those of whom the register holds another record."""
    there = set(questions.humans.values())
    asked = [(identity, human) for identity, human in questions.duplicates if human in there][:MOST]
    met = top = shown = 0
    for identity, human in asked:
        pks = Person.objects.sharing_keys(keys_asked_for(features_of(identity))).values_list("pk", flat=True)
        met += any(questions.humans[pk] == human for pk in pks)
        best = likely_duplicates(identity, threshold=1e-9)
        top += any(questions.humans[likely.person_id] == human for likely in best)
        shown += any(
            questions.humans[likely.person_id] == human and likely.probability >= DOOR_THRESHOLD
            for likely in best
        )
    n = f"n={len(asked)}"
    yield f"registered twice and sharing a key  {met / len(asked):.4f}  (no bar)  {n}"
    yield f"registered twice and among the five likeliest  {top / len(asked):.4f}  (at least 0.98)  {n}"
    yield f"registered twice and shown at the door  {shown / len(asked):.4f}  (no bar)  {n}"


def _alarms(questions: Questions) -> Iterator[str]:
    for name, asked in (
        ("new people who seem to be registered", questions.strangers[:MOST]),
        ("new people of a known family who seem to be registered", questions.relatives[:MOST]),
    ):
        called = sum(bool(likely_duplicates(identity)) for identity in asked)
        yield f"{name}  {called}  (no bar)  n={len(asked)}"
    twins = questions.twins[:MOST]
    called = sum(
        any(questions.humans[likely.person_id] == other for likely in likely_duplicates(identity))
        for identity, other in twins
    )
    yield f"twins called duplicates  {called}  (0)  n={len(twins)}"
