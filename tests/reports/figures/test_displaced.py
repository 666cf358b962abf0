"""Displaced is what a plain count over the movements says, and the sum of its districts, however messy the history."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from displacement.models.codes import BAND_STARTS, AgeBand
from regions.models import Region
from reports.figures.count import count
from reports.figures.cube import count_people
from reports.figures.moment import Moment
from reports.figures.series import days_between, displaced_by_day
from reports.figures.subtree import Subtree
from tests.factories.displacement import MovementFactory, PersonFactory
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.histories import START, messy

#: Written apart from the code under test, in another way: no later known step exists, and nobody is left out or doubled.
PLAIN = """
SELECT (
    SELECT count(*) FROM displacement_movement m
    JOIN displacement_person p ON p.id = m.person_id
    JOIN regions_region r ON r.id = m.origin_id
    WHERE r.path LIKE %(path)s AND m.kind IN ('left', 'in_transit', 'arrived', 'moved_on', 'abroad')
      AND m.occurred_at <= %(t)s AND m.recorded_at <= %(k)s AND coalesce(m.voided_at, 'infinity') > %(k)s
      AND p.recorded_at <= %(k)s AND coalesce(p.voided_at, 'infinity') > %(k)s
      AND NOT EXISTS (
        SELECT FROM displacement_movement n
        WHERE n.person_id = m.person_id AND n.occurred_at <= %(t)s AND n.recorded_at <= %(k)s
          AND coalesce(n.voided_at, 'infinity') > %(k)s
          AND (n.occurred_at, n.recorded_at, n.id) > (m.occurred_at, m.recorded_at, m.id))
) + (
    SELECT coalesce(sum(g.people), 0) FROM displacement_movement m
    JOIN displacement_householdgroup g ON g.household_id = m.household_id
    JOIN regions_region r ON r.id = m.origin_id
    WHERE r.path LIKE %(path)s AND m.kind IN ('left', 'in_transit', 'arrived', 'moved_on', 'abroad')
      AND m.occurred_at <= %(t)s AND m.recorded_at <= %(k)s AND coalesce(m.voided_at, 'infinity') > %(k)s
      AND g.recorded_at <= %(k)s AND coalesce(g.voided_at, 'infinity') > %(k)s
      AND NOT EXISTS (
        SELECT FROM displacement_movement n
        WHERE n.household_id = m.household_id AND n.occurred_at <= %(t)s AND n.recorded_at <= %(k)s
          AND coalesce(n.voided_at, 'infinity') > %(k)s
          AND (n.occurred_at, n.recorded_at, n.id) > (m.occurred_at, m.recorded_at, m.id))
)
"""
MOMENTS = [(0, 0), (20, 30), (50, 50), (72, 78), (72, 400), (150, 400)]

pytestmark = pytest.mark.django_db


def plain(place: Region, as_of: datetime, known_at: datetime) -> int:
    """Displaced from the region, counted the plain way."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"path": f"{place.path}%", "t": as_of, "k": known_at})
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("seed", range(8))
def test_equals_a_plain_count_over_the_movements(seed: int) -> None:
    messy(seed)
    found = []
    for t, k in MOMENTS:
        as_of, known_at = START + timedelta(hours=t), START + timedelta(hours=k)
        for key in ("RU-KRS", "RU-KRS-SUDZHANSKY", "RU", "UA-59"):
            counted = count(region(key), as_of=as_of, known_at=known_at).people.displaced()
            assert counted == plain(region(key), as_of, known_at), (key, t, k)
            found.append(counted)
    assert max(found) > 20


@pytest.mark.parametrize("seed", range(4))
def test_districts_and_the_unknown_rest_add_up_to_the_total(seed: int) -> None:
    messy(seed)
    subtree = Subtree.of(region("RU-KRS"))
    moment = Moment.of(None, as_of=START + timedelta(hours=72), known_at=START + timedelta(hours=400))
    people = count_people(subtree, moment)
    for number in (
        people.displaced,
        people.left,
        people.returned,
        people.in_transit,
        people.registered,
        people.hosted,
    ):
        parts = [number({pk for pk, at in subtree.part_of.items() if at == part}) for part in subtree.parts]
        rest = number({subtree.region.pk})
        assert sum(parts) + rest == number(), number
        assert number() > 0


@pytest.mark.parametrize("seed", range(4))
def test_every_day_of_the_series_is_the_count_of_that_day(seed: int) -> None:
    messy(seed)
    operation = RunningOperationFactory.create()
    place = region("RU-KRS")
    days = days_between(operation.starts_on, operation.starts_on + timedelta(days=7))
    known_at = START + timedelta(hours=190)
    moment = Moment.of(operation, as_of=operation.day_ends_at(days[-1]), known_at=known_at)
    series = displaced_by_day(Subtree.of(place), moment, days)
    assert series == {day: plain(place, operation.day_ends_at(day), known_at) for day in days}
    assert len(set(series.values())) > 3


def test_sex_and_age_bands_add_up() -> None:
    messy(3)
    moment = Moment.of(None, as_of=START + timedelta(hours=160), known_at=START + timedelta(hours=400))
    people = count_people(Subtree.of(region("RU")), moment)
    assert sum(people.by_sex_and_age().values()) == people.displaced() > 20


def test_bands_are_completed_years_on_the_local_day() -> None:
    moment = Moment.of(
        RunningOperationFactory.create(),
        as_of=START + timedelta(days=4, hours=1),
        known_at=START + timedelta(days=9),
    )
    today = moment.day
    assert today != moment.as_of.date()
    births = [
        today.replace(year=today.year - years) + timedelta(days=n)
        for years in (5, 12, 18, 60)
        for n in (0, 1)
    ]
    people = [PersonFactory.create(birth_date=born) for born in births]
    wanted: Counter[str] = Counter()
    for person in people:
        MovementFactory.create(person=person)
        wanted[
            max((start, str(band)) for band, start in BAND_STARTS if start <= (person.age_on(today) or 0))[1]
        ] += 1
    found = count_people(Subtree.of(region("RU-KRS")), moment).by_sex_and_age()
    assert {band: number for (band, _sex), number in found.items() if number} == wanted
    assert wanted["12-17"] == 2


def test_a_leap_day_birth_counts_from_the_first_of_march() -> None:
    moment = Moment.of(None, as_of=datetime.fromisoformat("2029-02-28T12:00+00:00"), known_at=START)
    assert moment.parameters()["born_5"].isoformat() == "2024-02-28"
    leap = Moment.of(None, as_of=datetime.fromisoformat("2028-02-29T12:00+00:00"), known_at=START)
    assert leap.parameters()["born_5"].isoformat() == "2023-02-28"


def test_bands_of_the_register_are_the_bands_of_the_statement() -> None:
    assert [str(band) for band, _ in BAND_STARTS] == [str(b) for b in AgeBand if b != AgeBand.UNKNOWN]
    assert [start for _, start in BAND_STARTS] == [0, 5, 12, 18, 60]
