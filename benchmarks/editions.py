"""What one edition costs, from the count to every file in three languages; and the hundredth against the first."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from statistics import median

from django.db import connection, transaction

from accounts.service import service_user
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from regions.models import Operation, Region
from reports.actions.days import make_day
from reports.actions.editions import publish
from reports.models import Edition

PEOPLE = 121_000
ROUNDS = 3
BAR_SECONDS, BAR_RATIO = 5, 1.3
DAY = date(2024, 8, 12)
BEFORE = 99
LANGUAGES = ["en", "uk", "ru"]
#: Somewhere on a map, so that it is drawn.
PLACES = "UPDATE regions_region SET latitude = 50 + (id % 40) / 20.0, longitude = 34 + (id % 37) / 12.0"


def lines() -> Iterator[str]:
    """Seconds of a day's edition in three languages, and the ratio of the hundredth to the first; a database of its own."""
    with own_database():
        fill(PEOPLE)
        with connection.cursor() as cursor:
            cursor.execute(PLACES)
            cursor.execute("ANALYZE")
        first, hundredth = _operation("first", DAY), _operation("hundredth", DAY - timedelta(days=BEFORE))
        _with_past(hundredth, first)
        works: dict[str, Callable[[], object]] = {
            "one": lambda: _made(first, LANGUAGES),
            "first": lambda: _made(first, ["en"]),
            "hundredth": lambda: _made(hundredth, ["en"]),
        }
        costs = {name: median(times) for name, times in _rounds(works).items()}
    yield (
        f"one edition of {PEOPLE:,} people, figures, charts, all formats, three languages  {costs['one']:.2f} s"
        f"  (at most {BAR_SECONDS:g} s)  n={ROUNDS}"
    )
    ratio = costs["hundredth"] / costs["first"]
    yield f"a hundredth edition against the first  {ratio:.2f}x  (at most {BAR_RATIO:g}x)  n={ROUNDS}"


def _rounds(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each work, one after the other in every round, the first round thrown away; nothing of it stays."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for n in range(ROUNDS + 1):
        for name, work in works.items():
            with transaction.atomic():
                began = time.perf_counter()
                work()
                if n:
                    times[name].append(time.perf_counter() - began)
                transaction.set_rollback(True)
    return times


def _made(operation: Operation, languages: list[str]) -> list[Edition]:
    """The day's editions, made and published with all their files."""
    operation.report_languages = languages
    by = service_user()
    region = operation.regions.get()
    drafts = make_day(operation=operation, region=region, local_day=DAY, by=by)
    assert len(drafts) == len(languages)
    return [publish(edition=draft, by=by) for draft in drafts]


def _operation(key: str, starts_on: date) -> Operation:
    """An operation over the invented people, of which nobody reviews the reports."""
    operation = Operation.objects.create(
        key=key, name="Bench", starts_on=starts_on, zone="Europe/Moscow", is_automatic=True
    )
    operation.regions.set([Region.objects.get(key="B-1")])
    return operation


def _with_past(operation: Operation, pattern: Operation) -> None:
    """Ninety-nine published editions before the day's: their content is that of one made once, as large as theirs would be."""
    with transaction.atomic():
        [made] = _made(pattern, ["en"])
        content = Edition.objects.get(pk=made.pk).content
        transaction.set_rollback(True)
    by = service_user()
    Edition.objects.bulk_create(
        Edition(
            operation=operation,
            region=operation.regions.get(),
            local_day=day,
            number=number,
            as_of=operation.day_ends_at(day),
            known_at=operation.due_at(day),
            made_by=by.pk,
            status="published",
            published_at=operation.due_at(day),
            published_by=by.pk,
            content={
                **content,
                "as_of": operation.day_ends_at(day).isoformat(),
                "known_at": operation.due_at(day).isoformat(),
            },
        )
        for number, day in ((n + 1, operation.starts_on + timedelta(days=n)) for n in range(BEFORE))
    )
