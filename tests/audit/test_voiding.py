"""Taking back a wrong fact: dated, reasoned, once, and with one trace."""

from datetime import timedelta

import pytest
import time_machine

from audit.actions.voiding import void
from audit.models import AuditEvent
from displacement.models import Casualty, Movement, Person
from shelters.models import Stay
from tests.factories.accounts import UserFactory
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    CorroboratedCasualtyFactory,
    MovementFactory,
    NamedHouseholdFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.shelters import OpenStayFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_voided_fact_says_who_when_and_why() -> None:
    by, step = UserFactory.create(), MovementFactory.create()
    voided = void(step, by=by, reason=" Another family. ")
    voided.refresh_from_db()
    assert (voided.voided_by, voided.void_reason, voided.is_void) == (by.pk, "Another family.", True)
    event = AuditEvent.objects.get()
    assert (event.action, event.reason, event.object_id) == ("void", "Another family.", str(step.pk))


def test_what_was_known_before_stays_known() -> None:
    step = MovementFactory.create()
    voided_at = KURSK_MORNING + timedelta(days=1)
    with time_machine.travel(voided_at, tick=False):
        void(step, by=UserFactory.create(), reason="Another family.")
    tick = timedelta(microseconds=1)
    assert Movement.objects.known_at(voided_at - tick).exists()
    assert not Movement.objects.known_at(voided_at).exists()
    assert not Movement.objects.current().exists()


def test_without_a_reason_or_twice_it_is_refused() -> None:
    step, by = MovementFactory.create(), UserFactory.create()
    refused("reason_needed", "reason", lambda: void(step, by=by, reason="  "))
    void(step, by=by, reason="Another family.")
    refused("void", "", lambda: void(step, by=by, reason="Again."))


def test_a_reason_that_is_too_long_is_refused_at_its_field() -> None:
    step, by = MovementFactory.create(), UserFactory.create()
    refused("max_length", "reason", lambda: void(step, by=by, reason="a" * 301))


def test_a_household_is_voided_with_all_that_hangs_on_it_and_nothing_else() -> None:
    household, other = NamedHouseholdFactory.create(), NamedHouseholdFactory.create()
    for person in (*household.people.all(), *other.people.all()):
        MovementFactory.create(person=person)
    stay = OpenStayFactory.create(person=household.people.first())
    mention = AllegedCasualtyFactory.create(person=household.people.first())
    void(household, by=UserFactory.create(), reason="Entered twice.")
    assert Person.objects.current().filter(household=household).count() == 0
    assert Person.objects.current().filter(household=other).count() == 2
    assert Movement.objects.current().count() == 2
    assert Stay.objects.get(pk=stay.pk).void_reason == "Entered twice."
    assert not Casualty.objects.get(pk=mention.pk).is_void
    along = {"displacement.person": 2, "displacement.movement": 2, "shelters.stay": 1}
    assert AuditEvent.objects.get().detail == {"along": along}


def test_what_was_voided_before_keeps_its_own_reason() -> None:
    household = NamedHouseholdFactory.create()
    earlier = void(household.people.get(relationship="head"), by=UserFactory.create(), reason="Not theirs.")
    void(household, by=UserFactory.create(), reason="Entered twice.")
    assert Person.objects.get(pk=earlier.pk).void_reason == "Not theirs."


def test_an_incident_is_voided_with_its_victims_and_their_sources() -> None:
    casualty = CorroboratedCasualtyFactory.create()
    void(casualty.incident, by=UserFactory.create(), reason="Another district.")
    assert AuditEvent.objects.get().detail["along"] == {
        "displacement.casualty": 1,
        "displacement.casualtysource": 2,
        "displacement.casualtystep": 3,
    }
