"""A household divides: people keep their numbers and their history, and the trail says where they were."""

from datetime import timedelta

import pytest
import time_machine

from audit.models import AuditEvent
from displacement.actions.joining import join
from displacement.actions.splitting import NewGroup, split
from displacement.models import Consent, Household, HouseholdChange, HouseholdJoin, Movement, Person
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from displacement.models.regrouping import households_at
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    ChildFactory,
    CountedHouseholdFactory,
    CountedMovementFactory,
    GivenConsentFactory,
    HouseholdFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ONE_WOMAN = [NewGroup(people=1, sex=Sex.FEMALE, age_band=AgeBand.FROM_18)]


def _family() -> tuple[Household, Person, Person]:
    """A mother and her son, both on their way."""
    household: Household = NamedHouseholdFactory.create(phone="+7 900 000 00 00", language="ru")
    mother, son = household.people.order_by("pk")
    for person in (mother, son):
        MovementFactory.create(person=person)
    return household, mother, son


def test_who_leaves_has_a_household_of_their_own_and_keeps_their_number() -> None:
    household, _mother, son = _family()
    own = split(household=household, people=[son], head=son, by=UserFactory.create())
    moved = Person.objects.get(pk=son.pk)
    assert (moved.household, moved.serial, moved.version) == (own, son.serial, son.version + 1)
    assert own.serial not in {household.serial, son.serial}
    assert (own.origin, own.registered_in, own.organisation) == (
        household.origin,
        household.registered_in,
        household.organisation,
    )
    assert (own.phone, own.language) == ("", "ru")
    assert moved.relationship == "head"
    assert moved.movements.count() == 1


def test_as_known_before_they_belong_where_they_were() -> None:
    household, mother, son = _family()
    with time_machine.travel(KURSK_MORNING + 2 * DAY, tick=False):
        own = split(household=household, people=[son], by=UserFactory.create())
    people = list(Person.objects.order_by("pk"))
    split_at, now = KURSK_MORNING + 2 * DAY, KURSK_MORNING + 3 * DAY
    tick = timedelta(microseconds=1)
    assert households_at(people, as_of=now, known_at=now) == {mother.pk: household.pk, son.pk: own.pk}
    before = {mother.pk: household.pk, son.pk: household.pk}
    assert households_at(people, as_of=now, known_at=split_at - tick) == before
    assert households_at(people, as_of=split_at - tick, known_at=now) == before


def test_the_trail_leads_through_every_household() -> None:
    household, _mother, son = _family()
    other = NamedHouseholdFactory.create(organisation=household.organisation)
    by, days = UserFactory.create(), [KURSK_MORNING + n * DAY for n in (1, 2, 3)]
    with time_machine.travel(days[0], tick=False):
        own = split(household=household, people=[son], by=by)
    with time_machine.travel(days[1], tick=False):
        join(household=own, into=other, by=by)
    [son] = Person.objects.filter(pk=son.pk)
    half = DAY / 2
    asked = [
        households_at([son], as_of=day + half, known_at=day + half)[son.pk] for day in (days[0], days[1])
    ]
    assert asked == [own.pk, other.pk]
    assert households_at([son], as_of=days[2], known_at=days[0] - half)[son.pk] == household.pk


def test_counted_people_leave_with_the_steps_that_they_made() -> None:
    household = CountedHouseholdFactory.create()
    CountedMovementFactory.create(household=household)
    own = split(household=household, groups=ONE_WOMAN, by=UserFactory.create())
    assert list(own.groups.values_list("people", "sex", "counted_in")) == [(1, "female", household.pk)]
    stayed = household.groups.filter(voided_at=None).order_by("sex").values_list("people", "sex")
    assert list(stayed) == [(1, "female"), (1, "male")]
    steps = Movement.objects.current().values_list("household", "kind", "occurred_at").order_by("recorded_at")
    assert list(steps) == [(household.pk, "left", KURSK_MORNING), (own.pk, "left", KURSK_MORNING)]


def test_every_answer_goes_along_into_a_household_of_their_own() -> None:
    household, _mother, son = _family()
    GivenConsentFactory.create(household=household)
    GivenConsentFactory.create(household=household, purpose=Purpose.TRACING, is_given=False)
    own = split(household=household, people=[son], by=UserFactory.create())
    answers = Consent.objects.filter(household=own).values_list("purpose", "is_given", "occurred_at")
    assert set(answers) == {("service", True, KURSK_MORNING), ("tracing", False, KURSK_MORNING)}


def test_among_others_only_a_no_goes_along() -> None:
    household, _mother, son = _family()
    other = NamedHouseholdFactory.create(organisation=household.organisation)
    GivenConsentFactory.create(household=household)
    GivenConsentFactory.create(household=household, purpose=Purpose.AUTHORITIES, is_given=False)
    GivenConsentFactory.create(household=other, purpose=Purpose.AUTHORITIES)
    split(household=household, people=[son], into=other, by=UserFactory.create())
    answers = Consent.objects.filter(household=other).order_by("occurred_at")
    assert list(answers.values_list("purpose", "is_given")) == [("authorities", True), ("authorities", False)]


def test_relationships_hold_only_where_their_head_goes_along() -> None:
    household, mother, son = _family()
    PersonFactory.create(household=household, relationship="parent")
    own = split(household=household, people=[mother, son], by=UserFactory.create())
    assert set(own.people.values_list("relationship", flat=True)) == {"head", "child"}
    again = split(household=own, people=[son], by=UserFactory.create())
    assert again.people.get().relationship == "unknown"


def test_a_split_is_one_trace_without_names() -> None:
    household, _mother, son = _family()
    own = split(household=household, people=[son], by=UserFactory.create(), reason="moved out")
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.reason) == ("split", str(household.pk), "moved out")
    assert event.detail == {"into": str(own.pk), "people": 1, "counted": 0}


def test_going_back_makes_an_emptied_household_one_again() -> None:
    household, mother, son = _family()
    other = NamedHouseholdFactory.create(organisation=household.organisation)
    join(household=household, into=other, by=UserFactory.create())
    split(household=other, people=[mother, son], into=household, by=UserFactory.create())
    assert not HouseholdJoin.objects.current().exists()
    assert household.people.count() == 2
    assert HouseholdChange.objects.of_people().count() == 4


def test_what_cannot_be_split_is_refused() -> None:
    household, mother, son = _family()
    by, stranger = UserFactory.create(), ChildFactory.create()
    assert refused("nobody", "people", split, household=household, by=by)
    assert refused("not_in_household", "people", split, household=household, people=[stranger], by=by)
    assert refused("everybody_leaves", "people", split, household=household, people=[mother, son], by=by)
    assert refused("head_stays", "head", split, household=household, people=[son], head=mother, by=by)
    assert refused("not_so_many", "groups.0.people", split, household=household, groups=ONE_WOMAN, by=by)
    assert refused(
        "other_organisation", "into", split, household=household, people=[son], into=stranger.household, by=by
    )
    assert refused("same_household", "into", split, household=household, people=[son], into=household, by=by)


def test_counted_people_do_not_go_among_others_who_went_another_way() -> None:
    household = CountedHouseholdFactory.create()
    CountedMovementFactory.create(household=household)
    other = CountedHouseholdFactory.create(organisation=household.organisation)
    CountedMovementFactory.create(household=other, occurred_at=KURSK_MORNING + DAY)
    act = {"household": household, "groups": ONE_WOMAN, "into": other, "by": UserFactory.create()}
    assert "Write down their names first" in refused("another_way", "groups", split, **act)
    elsewhere = HouseholdFactory.create(organisation=household.organisation, origin=None)
    refused("another_way", "groups", split, **{**act, "into": elsewhere})
