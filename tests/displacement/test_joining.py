"""Two households become one; the emptied one says where its people went."""

import pytest

from audit.models import AuditEvent
from displacement.actions.joining import join
from displacement.actions.people import NewPerson, add
from displacement.models import Consent, HouseholdGroup, HouseholdJoin, Movement, Person
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    CountedHouseholdFactory,
    CountedMovementFactory,
    GivenConsentFactory,
    HouseholdFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_everybody_belongs_to_the_other_household() -> None:
    household = NamedHouseholdFactory.create()
    into = NamedHouseholdFactory.create(organisation=household.organisation)
    numbers = set(Person.objects.values_list("serial", flat=True))
    assert join(household=household, into=into, by=UserFactory.create()) == into
    assert set(into.people.values_list("serial", flat=True)) == numbers
    assert HouseholdJoin.objects.get().into == into
    assert household.people.count() == 0


def test_one_head_is_left() -> None:
    household = NamedHouseholdFactory.create()
    into = NamedHouseholdFactory.create(organisation=household.organisation)
    join(household=household, into=into, by=UserFactory.create())
    relationships = sorted(into.people.values_list("relationship", flat=True))
    assert relationships == ["child", "head", "unknown", "unknown"]


def test_counted_people_come_with_their_steps_once() -> None:
    household = CountedHouseholdFactory.create()
    CountedMovementFactory.create(household=household)
    into = PersonFactory.create(household__organisation=household.organisation).household
    join(household=household, into=into, by=UserFactory.create())
    groups = HouseholdGroup.objects.current().values_list("household", "counted_in")
    assert set(groups) == {(into.pk, household.pk)}
    assert Movement.objects.current().filter(household=into).count() == 1


def test_a_no_protects_those_who_come() -> None:
    household = NamedHouseholdFactory.create()
    into = NamedHouseholdFactory.create(organisation=household.organisation)
    GivenConsentFactory.create(household=household, purpose="partners")
    GivenConsentFactory.create(household=household, purpose="authorities", is_given=False)
    join(household=household, into=into, by=UserFactory.create())
    answers = Consent.objects.filter(household=into).values_list("purpose", "is_given")
    assert list(answers) == [("authorities", False)]


def test_a_join_is_one_trace_without_names() -> None:
    household = NamedHouseholdFactory.create()
    into = NamedHouseholdFactory.create(organisation=household.organisation)
    join(household=household, into=into, by=UserFactory.create(), reason="registered twice at two doors")
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("join", str(household.pk))
    assert event.detail == {"into": str(into.pk), "people": 2, "counted": 0}


def test_what_cannot_be_joined_is_refused() -> None:
    household, by = NamedHouseholdFactory.create(), UserFactory.create()
    theirs = NamedHouseholdFactory.create()
    void = HouseholdFactory.create(organisation=household.organisation, voided=True)
    into = NamedHouseholdFactory.create(organisation=household.organisation)
    refused("same_household", "into", join, household=household, into=household, by=by)
    refused("other_organisation", "into", join, household=household, into=theirs, by=by)
    refused("void", "household", join, household=household, into=void, by=by)
    join(household=household, into=into, by=by)
    assert into.number in refused("joined_already", "household", join, household=household, into=into, by=by)
    refused("joined_already", "into", join, household=into, into=household, by=by)
    refused(
        "joined_already", "household", add, household=household, person=NewPerson(given_name="Іван"), by=by
    )
