"""The claims of August to October 2024, day by day: each report as it could have been written on its day, and no later.

Only claims and evacuation orders are there: what is flagged here is flagged for what was said.
"""

import random
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker
from uuid6 import uuid7

from intake.keys import Keys
from intake.scenarios.kursk_2024.claims import create_area_statuses, create_claims
from intake.scenarios.kursk_2024.days import STARTS_ON, ZONE
from regions.models import AreaStatus, Operation, Region
from regions.reference import load_regions
from reports.editions.build import build_report
from reports.editions.report import RegionRow, SituationReport

FIRST, LAST = date(2024, 8, 9), date(2024, 10, 14)
#: People who lived in each district to be evacuated. Invented: the reference data has none.
LIVED_THERE = 10_000

Replay = dict[date, SituationReport]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def replay(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Replay:
    """The report of every day, built once for all tests here, each knowing the one before it."""
    with django_db_blocker.unblock(), transaction.atomic():
        operation = _operation()
        reports: Replay = {}
        previous = None
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            previous = reports[day] = _report(operation, day, previous)
        transaction.set_rollback(True)
    return reports


def _operation() -> Operation:
    load_regions()
    regions = dict(Region.objects.values_list("key", "id"))
    keys, by = Keys(random.Random("replay")), uuid7()
    create_claims(keys, regions, by)
    create_area_statuses(keys, regions, by)
    Region.objects.filter(statuses__in=AreaStatus.objects.all()).update(
        baseline_population=LIVED_THERE, baseline_source="invented", baseline_year=2021
    )
    operation = Operation.objects.create(
        key="replay", name="Kursk oblast", starts_on=STARTS_ON, zone=ZONE.key, report_due=time(6, 0)
    )
    operation.regions.set([Region.objects.get(key="RU-KRS")])
    return operation


def _report(operation: Operation, day: date, previous: SituationReport | None) -> SituationReport:
    region = operation.regions.get()
    known_at = operation.due_at(day)
    return build_report(
        operation=operation, region=region, local_day=day, known_at=known_at, number=1, previous=previous
    )


def _days(replay: Replay, words: str) -> list[date]:
    """On which days a flag with these words is raised."""
    return [day for day, report in replay.items() if any(words in text for text in report.flags)]


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _total(report: SituationReport) -> RegionRow:
    return next(row for row in report.regions if row.is_total)


def test_no_report_knows_what_was_said_later(replay: Replay) -> None:
    for day, report in replay.items():
        assert all(
            claim.published_at and claim.published_at.astimezone(ZONE).date() <= day
            for claim in report.claims
        )
    assert (replay[FIRST].claims, replay[FIRST].flags) == ((), ())
    [only] = replay[date(2024, 8, 10)].claims
    assert (only.value, only.qualifier) == (76_000, "more_than")


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (
            "fell from 122,000 (Emergencies ministry) to 121,000",
            _between(date(2024, 8, 22), date(2024, 9, 22)),
        ),
        (
            "fell from 133,190 (Regional government) to 131,000",
            _between(date(2024, 9, 23), date(2024, 10, 13)),
        ),
        ("fell from 131,000 (Foreign ministry) to 112,337", [LAST]),
        ("fell from", _between(date(2024, 8, 22), LAST)),
        ("have the same digits", _between(date(2024, 8, 12), date(2024, 8, 19))),
        ("76,000 (Emergencies ministry), with who remains", _between(date(2024, 8, 10), date(2024, 8, 11))),
        ("published 18 days after", [date(2024, 9, 23)]),
        ("27,434 people", _between(date(2024, 8, 22), LAST)),
        ("Civilians killed (Acting governor", _between(date(2024, 8, 15), date(2024, 8, 19))),
        ("check the unit", []),
        ("more than the total", []),
        ("the source's totals of the two days", []),
    ],
)
def test_each_flag_is_raised_on_its_days_and_on_no_other(
    replay: Replay, words: str, days: list[date]
) -> None:
    assert _days(replay, words) == days


def test_no_report_tells_one_fall_more_than_once(replay: Replay) -> None:
    for report in replay.values():
        assert sum("fell from" in text for text in report.flags) <= 1


def test_what_is_missing_between_claims_is_its_own_column_from_the_day_on_which_all_three_are_known(
    replay: Replay,
) -> None:
    assert {_total(replay[day]).unexplained for day in _between(FIRST, date(2024, 8, 21))} == {None}
    row = _total(replay[date(2024, 8, 22)])
    said = [f.value for f in (row.to_evacuate, row.evacuated, row.remaining) if f is not None]
    assert (said, row.unexplained) == ([180_000, 133_190, 19_376], 27_434)


def test_twelve_killed_is_shown_with_its_age_for_as_long_as_nobody_takes_it_back(replay: Replay) -> None:
    for age, day in enumerate(_between(date(2024, 8, 12), LAST)):
        [twelve] = [c for c in replay[day].claims if (c.indicator, c.source) == ("killed", "Acting governor")]
        assert (twelve.value, twelve.age_days) == (12, age)


def test_what_was_published_on_23_september_changes_no_report_before_it(replay: Replay) -> None:
    late = {day for day, report in replay.items() for c in report.claims if c.source == "Foreign ministry"}
    assert min(late) == date(2024, 9, 23)
    new = [c for c in replay[date(2024, 9, 23)].claims if c.source == "Foreign ministry"]
    assert {(c.indicator, c.value, c.age_days) for c in new} == {
        ("killed", 31, 18), ("injured", 256, 18), ("evacuated", 131_000, 18)
    }  # fmt: skip


def test_no_number_is_the_sum_of_two_sources(replay: Replay) -> None:
    """On 21 August 12 and 31 were claimed killed, on 22 August 133,190 and 121,000 evacuated."""
    killed, left = replay[date(2024, 8, 21)], replay[date(2024, 8, 22)]
    texts = (*killed.highlights, *killed.casualty_sentences, *killed.flags, *left.highlights, *left.flags)
    assert not any(number in text for text in texts for number in ("43 killed", "254,190", "376,190"))
