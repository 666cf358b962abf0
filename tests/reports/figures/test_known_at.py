"""Every figure as of one moment and as known at another."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from displacement.models.movement import MovementKind
from reports.figures.figure import Basis
from tests.factories.displacement import (
    ArrivedMovementFactory,
    CountedHouseholdFactory,
    CountedMovementFactory,
    HouseholdFactory,
    HouseholdGroupFactory,
    MovementFactory,
    PersonFactory,
    ReturnedMovementFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.asking import DAY, HOUR, figure, figures, value

pytestmark = pytest.mark.django_db


def test_a_late_fact_counts_from_when_it_was_learned() -> None:
    person = PersonFactory.create(recorded_at=KURSK_MORNING + 3 * DAY)
    MovementFactory.create(person=person, recorded_at=KURSK_MORNING + 3 * DAY)
    assert value("displaced", known_at=KURSK_MORNING + 2 * DAY) == 0
    assert value("displaced", known_at=KURSK_MORNING + 3 * DAY) == 1


def test_a_voided_fact_counts_until_it_was_voided() -> None:
    movement = MovementFactory.create(voided=True, voided_at=KURSK_MORNING + 2 * DAY)
    assert value("displaced", known_at=KURSK_MORNING + 2 * DAY - HOUR) == 1
    assert value("displaced", known_at=KURSK_MORNING + 2 * DAY) == 0
    assert movement.is_void


def test_both_moments_are_inclusive() -> None:
    MovementFactory.create()
    assert value("displaced", as_of=KURSK_MORNING, known_at=KURSK_MORNING) == 1
    before = KURSK_MORNING.replace(microsecond=0) - HOUR / 3_600_000_000
    assert value("displaced", as_of=before, known_at=KURSK_MORNING) == 0


@pytest.mark.parametrize(
    ("kind", "displaced", "returned"),
    [("returned", 0, 1), ("died", 0, 0), ("abroad", 1, 0), ("moved_on", 1, 0), ("left", 1, 0)],
)
def test_the_latest_step_decides(kind: str, displaced: int, returned: int) -> None:
    first = MovementFactory.create()
    MovementFactory.create(person=first.person, kind=kind, occurred_at=KURSK_MORNING + HOUR)
    assert (value("displaced"), value("returned"), value("left")) == (displaced, returned, 1)


def test_who_returned_and_left_again_is_displaced_once() -> None:
    first = MovementFactory.create()
    ReturnedMovementFactory.create(person=first.person, occurred_at=KURSK_MORNING + HOUR)
    MovementFactory.create(person=first.person, occurred_at=KURSK_MORNING + 2 * HOUR)
    assert (value("displaced"), value("returned"), value("left_24h")) == (1, 0, 1)


def test_a_counted_household_counts_with_its_people_and_once_when_it_is_named_later() -> None:
    household = CountedHouseholdFactory.create()
    movement = CountedMovementFactory.create(household=household)
    assert value("displaced") == 3
    named_at = KURSK_MORNING + 5 * HOUR
    for fact in (movement, *household.groups.all()):
        fact.voided_at, fact.voided_by, fact.void_reason = named_at, fact.recorded_by, "named"
        fact.save()
    for _ in range(3):
        person = PersonFactory.create(household=household, recorded_at=named_at)
        MovementFactory.create(person=person)
    for known_at in (named_at - HOUR, named_at, named_at + HOUR):
        question: dict[str, Any] = {"as_of": KURSK_MORNING + HOUR, "known_at": known_at}
        assert (value("displaced", **question), value("left_24h", **question)) == (3, 3)


def test_hosted_counts_who_is_here_and_not_who_is_on_the_way() -> None:
    ArrivedMovementFactory.create()
    ArrivedMovementFactory.create(destination=region("RU-ORL"))
    MovementFactory.create(kind=MovementKind.IN_TRANSIT, destination=region("RU-KRS-KURSK"))
    ArrivedMovementFactory.create(origin=region("UA-59-SUMSKYI"))
    assert (value("hosted"), value("displaced"), value("in_transit")) == (2, 3, 1)
    assert (value("hosted", key="RU-ORL"), value("displaced", key="RU-ORL")) == (1, 0)
    assert value("hosted", key="RU") == 3


def test_flows_count_a_person_once_and_only_in_24_hours() -> None:
    first = MovementFactory.create(occurred_at=KURSK_MORNING + HOUR)
    MovementFactory.create(person=first.person, occurred_at=KURSK_MORNING + 2 * HOUR)
    for n in (3, 4):
        ArrivedMovementFactory.create(person=first.person, occurred_at=KURSK_MORNING + n * HOUR)
    seen = [
        (value("left_24h", as_of=at), value("arrived_24h", as_of=at))
        for at in (KURSK_MORNING + DAY + n * HOUR for n in range(5))
    ]
    # 24 hours are counted from an excluded beginning, so that the flow of a local day is of that day.
    assert seen == [(1, 1), (1, 1), (0, 1), (0, 1), (0, 0)]


def test_registered_counts_people_and_households_by_home_region() -> None:
    PersonFactory.create()
    PersonFactory.create(household=HouseholdFactory.create(origin=region("UA-59-SUMSKYI")))
    PersonFactory.create(household=HouseholdFactory.create(origin=None))
    PersonFactory.create(voided=True)
    MovementFactory.create(
        person=PersonFactory.create(occurred_at=KURSK_MORNING + 9 * DAY, recorded_at=KURSK_MORNING)
    )
    assert value("registered") == 2
    assert value("households_registered") == 3
    assert value("displaced") == 1


def test_a_figure_says_where_it_comes_from() -> None:
    MovementFactory.create(person=PersonFactory.create(birth_date=date(2010, 1, 1)))
    found = figure("displaced")
    assert (found.region, found.basis, found.kind, found.unit) == (
        "RU-KRS",
        "registered",
        "stock",
        "individuals",
    )
    assert (found.source, found.children, found.change) == ("Musterpoint register", 1, None)


def test_an_operation_is_found_for_a_region_below_it() -> None:
    RunningOperationFactory.create()
    with_operation = figures(key="RU-KRS-SUDZHANSKY")
    assert {f.basis for f in with_operation} == {Basis.REGISTERED, Basis.HEADCOUNT}
    assert replace(with_operation[0], change=None) == with_operation[0]


def test_cumulative_figures_count_from_the_start_of_the_operation() -> None:
    RunningOperationFactory.create()
    before = KURSK_MORNING - 30 * DAY
    MovementFactory.create(occurred_at=before)
    ReturnedMovementFactory.create(occurred_at=before)
    again = MovementFactory.create(occurred_at=before)
    MovementFactory.create(person=again.person)
    ReturnedMovementFactory.create()
    assert (value("displaced"), value("left"), value("returned")) == (2, 2, 1)


def test_a_corrected_group_counts_with_its_new_number_from_the_correction_on() -> None:
    household = CountedHouseholdFactory.create(groups=[(3, "female", "18-59")])
    CountedMovementFactory.create(household=household)
    later = KURSK_MORNING + 5 * HOUR
    wrong = household.groups.get()
    wrong.voided_at, wrong.voided_by, wrong.void_reason = later, wrong.recorded_by, "miscounted"
    wrong.save()
    HouseholdGroupFactory.create(household=household, people=5, age_band="5-11", recorded_at=later)
    for known_at, people, children in ((later - HOUR, 3, 0), (later, 5, 5)):
        question: dict[str, Any] = {"as_of": KURSK_MORNING + HOUR, "known_at": known_at}
        assert [value(name, **question) for name in ("displaced", "left_24h", "registered")] == [people] * 3
        assert figure("displaced", **question).children == children
