"""Figures when households divide and come together: as known before they stay, and nobody is counted twice or lost."""

from datetime import datetime

import pytest
import time_machine

from displacement.actions.households import NewPerson, name_people
from displacement.actions.joining import join
from displacement.actions.splitting import NewGroup, split
from displacement.models import Household, Person
from displacement.models.codes import AgeBand, Sex
from displacement.models.movement import MovementKind
from reports.figures.late import count_late
from reports.figures.moment import Moment
from reports.figures.subtree import Subtree
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    CountedHouseholdFactory,
    CountedMovementFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.reports.figures.asking import DAY, HOUR, value

pytestmark = pytest.mark.django_db
COUNTED = ("displaced", "registered", "left", "in_transit")
CHANGED_AT = KURSK_MORNING + 2 * DAY


def _asked(indicator: str) -> dict[tuple[datetime, datetime], int | None]:
    """The figure as of and as known at every pair of moments around the change."""
    moments = [KURSK_MORNING + HOUR, CHANGED_AT - HOUR, CHANGED_AT, CHANGED_AT + DAY]
    return {(a, k): value(indicator, as_of=a, known_at=k) for a in moments for k in moments}


def _counted_and_moved() -> Household:
    household: Household = CountedHouseholdFactory.create()
    CountedMovementFactory.create(household=household)
    CountedMovementFactory.create(household=household, kind=MovementKind.IN_TRANSIT)
    return household


def test_people_stay_the_same_number_at_every_moment() -> None:
    counted, named = _counted_and_moved(), NamedHouseholdFactory.create()
    mother, son = named.people.order_by("pk")
    MovementFactory.create(person=mother)
    into = PersonFactory.create(household__organisation=named.organisation).household
    before = {indicator: _asked(indicator) for indicator in COUNTED}
    by = UserFactory.create()
    with time_machine.travel(CHANGED_AT, tick=False):
        own = split(
            household=counted, groups=[NewGroup(people=1, sex=Sex.FEMALE, age_band=AgeBand.FROM_18)], by=by
        )
        split(household=named, people=[son], by=by)
        join(household=Household.objects.get(pk=named.pk), into=into, by=by)
        name_people(household=own, people=[NewPerson(given_name="Олена")], by=by)
    assert {indicator: _asked(indicator) for indicator in COUNTED} == before
    assert set(before["displaced"].values()) == {4}


def test_who_never_moved_keeps_the_home_of_the_first_household() -> None:
    from_sudzha = PersonFactory.create()
    into = PersonFactory.create(
        household__organisation=from_sudzha.organisation, household__origin=region("RU-KRS-GLUSHKOVSKY")
    ).household
    later = CHANGED_AT + DAY
    assert value("registered", as_of=later, key="RU-KRS-SUDZHANSKY") == 1
    join(household=from_sudzha.household, into=into, by=UserFactory.create())
    assert value("registered", as_of=later, key="RU-KRS-SUDZHANSKY") == 1


def test_households_count_from_the_split_on_and_not_after_the_join() -> None:
    named, by = NamedHouseholdFactory.create(), UserFactory.create()
    with time_machine.travel(CHANGED_AT, tick=False):
        own = split(household=named, people=list(named.people.all()[:1]), by=by)
    with time_machine.travel(CHANGED_AT + DAY, tick=False):
        join(household=own, into=named, by=by)
    moments = [CHANGED_AT - HOUR, CHANGED_AT, CHANGED_AT + DAY]
    assert [value("households_registered", as_of=moment) for moment in moments] == [1, 2, 1]
    assert value("households_registered", as_of=CHANGED_AT + HOUR, known_at=CHANGED_AT + 2 * DAY) == 2
    assert value("households_registered", as_of=CHANGED_AT + 2 * DAY, known_at=CHANGED_AT + HOUR) == 2


def test_who_changes_household_is_no_late_registration() -> None:
    counted, by = _counted_and_moved(), UserFactory.create()
    women = [NewGroup(people=1, sex=Sex.FEMALE, age_band=AgeBand.FROM_18)]
    with time_machine.travel(CHANGED_AT, tick=False):
        own = split(household=counted, groups=women, by=by)
        third = split(household=counted, groups=women, by=by)
        name_people(household=own, people=[NewPerson(given_name="Олена")], by=by)
        PersonFactory.create(household=own, given_name="Ганна", recorded_at=CHANGED_AT)
        split(household=own, people=list(Person.objects.filter(given_name="Олена")), into=third, by=by)
    before, known = CHANGED_AT - DAY, CHANGED_AT + DAY
    moment = Moment.of(None, as_of=known, known_at=known)
    late = count_late(Subtree.of(region("RU-KRS")), moment, before=before, cut_off=before)
    assert (late.total, sum(late.voided.values())) == (0, 0)
    all_new = count_late(Subtree.of(region("RU-KRS")), moment, before=KURSK_MORNING - DAY, cut_off=before)
    assert all_new.total == 3
