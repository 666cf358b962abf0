"""Recording movements: what cannot be is refused, and facts may arrive in any order."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from displacement.actions import movements
from displacement.models import Movement
from displacement.models.movement import MovementKind
from displacement.models.person import BirthPrecision
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    CountedHouseholdFactory,
    HouseholdFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(**changes: Any) -> dict[str, Any]:
    """A person left home on the Kursk morning, but for the changes."""
    usual = {"by": UserFactory.create(), "kind": MovementKind.LEFT, "occurred_at": KURSK_MORNING}
    return {**usual, **changes}


def test_a_step_is_recorded_with_one_trace() -> None:
    person, to = PersonFactory.create(), region("RU-KRS-KURSK")
    step = movements.record(
        **told(person=person, kind="arrived", destination=to, place="relatives", means="own")
    )
    step.refresh_from_db()
    assert (step.person, step.destination, step.place, step.means) == (person, to, "relatives", "own")
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.detail) == ("record", str(step.pk), {"kind": "arrived"})


def test_home_is_the_households_unless_told_otherwise() -> None:
    household = HouseholdFactory.create()
    first = movements.record(**told(person=PersonFactory.create(household=household)))
    assert first.origin == household.origin
    elsewhere = region("RU-KRS-GLUSHKOVSKY")
    other = movements.record(**told(person=PersonFactory.create(household=household), origin=elsewhere))
    assert other.origin == elsewhere


def test_without_any_home_region_it_is_refused() -> None:
    person = PersonFactory.create(household__origin=None)
    refused("unknown_region", "origin", movements.record, **told(person=person))


def test_a_counted_household_moves_as_one() -> None:
    household = CountedHouseholdFactory.create()
    assert movements.record(**told(household=household)).household == household


def test_a_named_household_moves_person_by_person() -> None:
    household = NamedHouseholdFactory.create()
    refused("household_is_named", "household", movements.record, **told(household=household))


def test_a_step_is_of_one_person_or_one_household() -> None:
    person, household = PersonFactory.create(), CountedHouseholdFactory.create()
    refused("person_or_household", "person", movements.record, **told())
    refused("person_or_household", "person", movements.record, **told(person=person, household=household))


def test_the_future_and_a_time_without_zone_are_refused() -> None:
    person = PersonFactory.create()
    tomorrow = timezone.now() + timedelta(days=1)
    refused("in_future", "occurred_at", movements.record, **told(person=person, occurred_at=tomorrow))
    naive = KURSK_MORNING.replace(tzinfo=None)
    refused("no_zone", "occurred_at", movements.record, **told(person=person, occurred_at=naive))


@pytest.mark.parametrize(
    ("birth", "precision", "is_refused"),
    [
        (date(2024, 8, 7), BirthPrecision.DAY, False),
        (date(2024, 8, 8), BirthPrecision.DAY, False),
        (date(2024, 8, 9), BirthPrecision.DAY, True),
        (date(2024, 8, 31), BirthPrecision.MONTH, False),
        (date(2024, 9, 1), BirthPrecision.MONTH, True),
        (date(2024, 12, 31), BirthPrecision.YEAR, False),
        (date(2025, 1, 1), BirthPrecision.YEAR, True),
        (date(2025, 1, 1), BirthPrecision.ESTIMATED, False),
        (date(2026, 1, 1), BirthPrecision.ESTIMATED, True),
    ],
)
def test_nobody_moves_before_birth_as_far_as_it_is_known(
    birth: date, precision: str, is_refused: bool
) -> None:
    person = PersonFactory.create(birth_date=birth, birth_precision=precision)
    if is_refused:
        refused("before_birth", "occurred_at", movements.record, **told(person=person))
    else:
        assert movements.record(**told(person=person)).pk


def test_the_day_of_birth_may_have_begun_further_east() -> None:
    person = PersonFactory.create(birth_date=date(2024, 8, 9))
    evening = KURSK_MORNING.replace(hour=22)  # already the ninth in Moscow
    assert movements.record(**told(person=person, occurred_at=evening)).pk


def test_nobody_moves_after_death() -> None:
    death = MovementFactory.create(kind=MovementKind.DIED)
    later = death.occurred_at + HOUR
    refused("after_death", "occurred_at", movements.record, **told(person=death.person, occurred_at=later))
    assert movements.record(**told(person=death.person, occurred_at=death.occurred_at - HOUR)).pk


def test_nobody_dies_before_their_movements() -> None:
    step = MovementFactory.create()
    earlier = step.occurred_at - HOUR
    wrong = told(person=step.person, kind=MovementKind.DIED, occurred_at=earlier)
    refused("moved_after_death", "occurred_at", movements.record, **wrong)


def test_a_voided_death_forbids_nothing() -> None:
    death = MovementFactory.create(kind=MovementKind.DIED, voided=True)
    assert movements.record(**told(person=death.person, occurred_at=death.occurred_at + HOUR)).pk


def test_nobody_returns_who_never_left() -> None:
    person = PersonFactory.create()
    back = told(person=person, kind=MovementKind.RETURNED)
    refused("not_left", "kind", movements.record, **back)
    MovementFactory.create(person=person, occurred_at=KURSK_MORNING + HOUR)
    refused("not_left", "kind", movements.record, **back)
    MovementFactory.create(person=person, occurred_at=KURSK_MORNING - HOUR)
    assert movements.record(**back).pk


def test_late_facts_arrive_in_any_other_order() -> None:
    person = PersonFactory.create()
    for hours, kind in (
        (3, "moved_on"),
        (1, "arrived"),
        (2, "in_transit"),
        (0, "left"),
        (5, "returned"),
        (4, "abroad"),
    ):
        movements.record(**told(person=person, kind=kind, occurred_at=KURSK_MORNING + hours * HOUR))
    assert Movement.objects.filter(person=person).count() == 6


def test_voided_people_and_households_do_not_move() -> None:
    refused("void", "person", movements.record, **told(person=PersonFactory.create(voided=True)))
    of_voided = PersonFactory.create(household=HouseholdFactory.create(voided=True))
    refused("void", "person", movements.record, **told(person=of_voided))
    voided = CountedHouseholdFactory.create(voided=True)
    refused("void", "household", movements.record, **told(household=voided))


def test_an_unknown_kind_is_refused_at_its_field() -> None:
    refused(
        "invalid_choice", "kind", movements.record, **told(person=PersonFactory.create(), kind="teleported")
    )
