"""A counted household gets names: everybody counts once, as known at any moment."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import AuditEvent
from displacement.actions.households import NewGroup, NewPerson, name_people
from displacement.models import Household, HouseholdGroup, Movement, Person
from displacement.models.movement import MovementKind
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    CountedHouseholdFactory,
    CountedMovementFactory,
    NamedHouseholdFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.refusals import refused

pytestmark = pytest.mark.django_db
THREE = [NewPerson(given_name="Олена"), NewPerson(given_name="Марія"), NewPerson(given_name="Іван", age=7)]
ARRIVAL = KURSK_MORNING + timedelta(hours=5)
NAMED_AT = KURSK_MORNING + timedelta(days=2)


def counted_and_moved() -> Household:
    """A household of three that left and arrived before anybody asked for names."""
    household: Household = CountedHouseholdFactory.create()
    CountedMovementFactory.create(household=household)
    CountedMovementFactory.create(household=household, kind=MovementKind.ARRIVED, occurred_at=ARRIVAL)
    return household


def people_who_left(known_at: datetime) -> int:
    """A plain count: named people once each, counted households by the people in their groups."""
    left = Movement.objects.known_at(known_at).filter(kind=MovementKind.LEFT)
    groups = HouseholdGroup.objects.known_at(known_at).filter(household__in=left.values("household"))
    counted: int = sum(groups.values_list("people", flat=True))
    return int(left.exclude(person=None).count()) + counted


def test_names_replace_the_count_at_the_same_times() -> None:
    household = counted_and_moved()
    named = name_people(household=household, people=THREE, by=UserFactory.create())
    assert len(named) == 3
    assert not HouseholdGroup.objects.current().exists()
    assert not Movement.objects.current().filter(household=household).exists()
    for person in named:
        steps = person.movements.order_by("occurred_at").values_list("kind", "occurred_at")
        assert list(steps) == [("left", KURSK_MORNING), ("arrived", ARRIVAL)]
        assert person.occurred_at == household.occurred_at


def test_nobody_is_counted_twice_or_lost_at_any_moment() -> None:
    household = counted_and_moved()
    with time_machine.travel(NAMED_AT, tick=False):
        name_people(household=household, people=THREE, by=UserFactory.create())
    tick = timedelta(microseconds=1)
    moments = [KURSK_MORNING, NAMED_AT - tick, NAMED_AT, NAMED_AT + tick, timezone.now()]
    assert [people_who_left(moment) for moment in moments] == [3, 3, 3, 3, 3]


def test_some_are_named_and_the_rest_still_counts() -> None:
    household = counted_and_moved()
    rest = [NewGroup(people=2, sex="female", age_band="18-59")]
    name_people(household=household, people=THREE[:1], remaining=rest, by=UserFactory.create())
    assert people_who_left(timezone.now()) == 3
    assert Movement.objects.current().filter(household=household).count() == 2


def test_naming_is_one_trace_without_names() -> None:
    household = counted_and_moved()
    name_people(household=household, people=THREE, by=UserFactory.create())
    event = AuditEvent.objects.get()
    assert event.action == "name_people"
    assert event.detail == {"counted": 3, "named": 3, "movements": 2}


def test_another_number_of_people_needs_a_reason() -> None:
    household, by = counted_and_moved(), UserFactory.create()
    sentence = refused("count_differs", "reason", name_people, household=household, people=THREE[:2], by=by)
    assert "3 people were counted and 2 are told now" in sentence
    name_people(household=household, people=THREE[:2], by=by, reason="A neighbour was counted with them.")
    assert AuditEvent.objects.get().reason == "A neighbour was counted with them."
    assert people_who_left(timezone.now()) == 2


def test_a_wrong_name_leaves_the_count_as_it_was() -> None:
    household = counted_and_moved()
    refused(
        "name_needed",
        "people.2.family_name",
        name_people,
        household=household,
        people=[*THREE[:2], NewPerson()],
        by=UserFactory.create(),
    )
    assert HouseholdGroup.objects.current().count() == 2
    assert not Person.objects.exists()


def test_only_a_counted_household_is_named_and_only_once() -> None:
    by, household = UserFactory.create(), counted_and_moved()
    refused("nobody", "people", name_people, household=household, people=[], by=by)
    name_people(household=household, people=THREE, by=by)
    refused("not_counted", "", name_people, household=household, people=THREE, by=by)
    refused("not_counted", "", name_people, household=NamedHouseholdFactory.create(), people=THREE, by=by)
    voided = CountedHouseholdFactory.create(voided=True)
    refused("void", "household", name_people, household=voided, people=THREE, by=by)
