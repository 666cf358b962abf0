"""What one edition costs, from the count to every file in three languages; and the hundredth against the first."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from django.db import connection, transaction

from accounts.service import service_user
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.processor import spent
from regions.models import Operation, Region
from reports.actions.days import make_day
from reports.actions.editions import publish
from reports.models import Edition

PEOPLE = 121_000
ROUNDS = 5
BAR_SECONDS, BAR_RATIO = 5, 1.3
DAY = date(2024, 8, 12)
BEFORE = 99
LANGUAGES = ["en", "uk", "ru"]
#: Somewhere on a map, so that it is drawn.
PLACES = "UPDATE regions_region SET latitude = 50 + (id % 40) / 20.0, longitude = 34 + (id % 37) / 12.0"


def lines() -> Iterator[str]:
    """Seconds of a day's edition in three languages, and the ratio of the hundredth to the first; a database of its own.

    By the clock and in processor seconds: only the latter say something where others use the machine.
    """
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
        costs = _rounds(works)
    one, first, hundredth = costs["one"], costs["first"], costs["hundredth"]
    yield (
        f"one edition of {PEOPLE:,} people, figures, charts, all formats, three languages"
        f"  {one.by_processor:.2f} s of processors, {one.by_clock:.2f} s by the clock"
        f"  (at most {BAR_SECONDS:g} s)  n={ROUNDS}"
    )
    yield (
        f"a hundredth edition against the first  {hundredth.by_processor / first.by_processor:.2f}x of processor seconds,"
        f" {hundredth.by_clock / first.by_clock:.2f}x by the clock  (at most {BAR_RATIO:g}x)  n={ROUNDS}"
    )


@dataclass(slots=True)
class Cost:
    """What each round took, in seconds."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def by_clock(self) -> float:
        """The median round."""
        return median(self.clock)

    @property
    def by_processor(self) -> float:
        """The median round."""
        return median(self.processor)


def _rounds(works: dict[str, Callable[[], object]]) -> dict[str, Cost]:
    """What each work costs, one after the other in every round, the first round thrown away; nothing of it stays."""
    costs = {name: Cost() for name in works}
    for n in range(ROUNDS + 1):
        for name, work in works.items():
            with transaction.atomic():
                began, spent_before = time.perf_counter(), spent()
                work()
                if n:
                    costs[name].processor.append(spent() - spent_before)
                    costs[name].clock.append(time.perf_counter() - began)
                transaction.set_rollback(True)
    return costs


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
