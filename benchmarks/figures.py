"""What the figures of one report cost, against one GROUP BY written by hand for the same numbers of people."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median
from unittest.mock import patch

from django.db import connection
from uuid6 import uuid7

from benchmarks.database import own_database
from benchmarks.figures_data import MERGE_CHUNK, fill, merge_some
from displacement.models.honey import NOBODY, Laid
from regions.models import Operation, Region
from reports.editions.build import build_report
from reports.figures.count import count, figures_of
from reports.figures.moment import Moment
from reports.figures.subtree import Subtree

#: Sizes to measure, as `FIGURES_PEOPLE=121000,1000000`.
SIZES = tuple(int(size) for size in os.environ.get("FIGURES_PEOPLE", "121000").split(","))
ROUNDS = 5
BAR = 1.5
DAY = date(2024, 8, 12)

#: Present region, kind, sex and age band of everybody, who is registered, who sleeps in a shelter, who left and arrived today.
BY_HAND = """
WITH latest AS (
    SELECT DISTINCT ON (person_id) person_id, kind, origin_id, destination_id FROM displacement_movement
    WHERE person_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY person_id, occurred_at DESC, recorded_at DESC, id DESC
), today AS (
    SELECT person_id, bool_or(kind = 'left') AS has_left, bool_or(kind = 'arrived') AS has_arrived
    FROM displacement_movement
    WHERE occurred_at > %(day_before)s AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s) AND kind IN ('left', 'arrived') GROUP BY 1
), sleeping AS (
    SELECT person_id, shelter_id FROM shelters_stay
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
      AND (ended_at IS NULL OR ended_at > %(as_of)s OR ended_recorded_at > %(known_at)s)
)
SELECT latest.origin_id, latest.destination_id, latest.kind, person.sex,
       CASE WHEN person.birth_date IS NULL THEN 'unknown' WHEN person.birth_date <= %(born_60)s THEN '60+'
            WHEN person.birth_date <= %(born_18)s THEN '18-59' WHEN person.birth_date <= %(born_12)s THEN '12-17'
            WHEN person.birth_date <= %(born_5)s THEN '5-11' ELSE '0-4' END,
       count(*), count(*) FILTER (WHERE person.occurred_at <= %(as_of)s),
       count(sleeping.shelter_id), count(*) FILTER (WHERE has_left), count(*) FILTER (WHERE has_arrived)
FROM displacement_person person
LEFT JOIN latest ON latest.person_id = person.id
LEFT JOIN today ON today.person_id = person.id
LEFT JOIN sleeping ON sleeping.person_id = person.id
WHERE person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
GROUP BY 1, 2, 3, 4, 5
"""

#: The least of it: only where everybody is.
WHERE_ONLY = """
WITH latest AS (
    SELECT DISTINCT ON (person_id) person_id, kind, origin_id, destination_id FROM displacement_movement
    WHERE person_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY person_id, occurred_at DESC, recorded_at DESC, id DESC
)
SELECT origin_id, destination_id, kind, count(*) FROM latest GROUP BY 1, 2, 3
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n` for each size, medians of interleaved rounds in a database of its own."""
    for people in SIZES:
        with own_database():
            fill(people)
            yield from _measured(people)


def _measured(people: int) -> Iterator[str]:
    region, operation = Region.objects.get(key="B-1"), _operation()
    as_of, known_at = operation.day_ends_at(DAY), operation.due_at(DAY)
    moment = Moment.of(operation, as_of=as_of, known_at=known_at)
    works: dict[str, Callable[[], object]] = {
        "figures": lambda: figures_of(count(region, as_of=as_of, known_at=known_at, operation=operation)),
        "by hand": lambda: _ask(BY_HAND, moment),
        "where only": lambda: _ask(WHERE_ONLY, moment),
        "report": lambda: build_report(
            operation=operation, region=region, local_day=DAY, known_at=known_at, number=1, previous=None
        ),
    }
    _agrees(region, operation, moment)
    costs = {name: median(times) for name, times in _rounds(works).items()}
    for name, bar in (("figures", f"at most {BAR:g}x"), ("report", "no bar")):
        ratio = costs[name] / costs["by hand"]
        yield f"{name} of {people:,} people against one GROUP BY for the same  {ratio:.2f}x  ({bar})  n={ROUNDS}"
    ratio = costs["figures"] / costs["where only"]
    yield f"figures of {people:,} people against a GROUP BY of places only  {ratio:.2f}x  (no bar)  n={ROUNDS}"
    yield from _with_decoys(people, region, operation, as_of, known_at)
    yield from _merged(people, region, operation, moment)


def _with_decoys(
    people: int, region: Region, operation: Operation, as_of: datetime, known_at: datetime
) -> Iterator[str]:
    """The same question while 50 families of four are left out by their ids, against what it costs where none are."""

    def asked(laid: Laid) -> None:
        moment = replace(Moment.of(operation, as_of=as_of, known_at=known_at), decoys=laid)
        with patch.object(Moment, "of", lambda *_args, **_options: moment):
            figures_of(count(region, as_of=as_of, known_at=known_at, operation=operation))

    ids = [uuid7() for _n in range(250)]
    laid = Laid(tuple(ids[:50]), tuple(ids[50:]))
    costs = _rounds({"without": lambda: asked(NOBODY), "with": lambda: asked(laid)})
    ratio = median(costs["with"]) / median(costs["without"])
    yield f"figures of {people:,} people while 50 families are left out, against none  {ratio:.2f}x  (no bar)  n={ROUNDS}"


def _merged(people: int, region: Region, operation: Operation, before: Moment) -> Iterator[str]:
    """The same with 2% of the people merged into others: as known since, and as known before, when they were two."""
    alone = count(
        region, as_of=before.as_of, known_at=before.known_at, operation=operation
    ).people.displaced()
    began = time.perf_counter()
    merges = merge_some(people // 50)
    yield f"merging in chunks of {MERGE_CHUNK}: {merges / (time.perf_counter() - began):,.0f} pairs a second  n={merges:,}"
    since = Moment.of(operation, as_of=before.as_of, known_at=datetime.now(UTC))
    asked = {"as known before": before, "as known since": since}
    works: dict[str, Callable[[], object]] = {}
    for name, moment in asked.items():
        at = {"as_of": moment.as_of, "known_at": moment.known_at, "operation": operation}
        works[name] = lambda at=at: figures_of(count(region, **at))  # type: ignore[misc]
        works[f"{name}, by hand"] = lambda moment=moment: _ask(BY_HAND, moment)  # type: ignore[misc]
    then = count(region, as_of=before.as_of, known_at=before.known_at, operation=operation).people.displaced()
    assert then == alone, "figures as known before the merges are others than they were"
    costs = {name: median(times) for name, times in _rounds(works).items()}
    for name in asked:
        ratio = costs[name] / costs[f"{name}, by hand"]
        yield f"figures of {people:,} people, 2% merged, {name}  {ratio:.2f}x  (no bar)  n={ROUNDS}"


def _rounds(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each work, one after the other in every round, the first round thrown away."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for n in range(ROUNDS + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if n:
                times[name].append(time.perf_counter() - began)
    return times


def _ask(sql: str, moment: Moment) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, moment.parameters())
        return list(cursor.fetchall())


def _agrees(region: Region, operation: Operation, moment: Moment) -> None:
    """Both ways must give the same displaced, or the comparison is of different things."""
    ids = Subtree.of(region).ids
    by_hand = sum(
        row[5] for row in _ask(BY_HAND, moment) if row[0] in ids and row[2] not in (None, "returned", "died")
    )
    ours = count(region, as_of=moment.as_of, known_at=moment.known_at, operation=operation).people.displaced()
    assert by_hand == ours, (by_hand, ours)


def _operation() -> Operation:
    """An operation over the invented people."""
    operation = Operation.objects.create(
        key="bench", name="Bench", starts_on=date(2024, 8, 6), zone="Europe/Moscow"
    )
    assert operation.starts_at() == datetime(2024, 8, 5, 21, tzinfo=UTC)
    return operation
