"""One record is opened for one answer, for a reason, within a budget, and noted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions.revealing import OverBudget, grant, grantable_days, reveal
from accounts.budgets import REVEALS_A_DAY
from accounts.models import Organisation, RevealDay, User
from accounts.policy import Role
from audit.actions.reading import OVER_BUDGET
from audit.models import AuditEvent, Reading
from core.clock import database_now
from displacement.models import Person
from roster.alarms import rules
from roster.alarms.rules import IN_A_ROW
from tests.audit.trail import no_more_readings
from tests.desk.pages import act_url, desk_of, record_url, words
from tests.factories.accounts import MembershipFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(own: Organisation) -> Person:
    """Born on a known day, with a telephone in the household."""
    household = HouseholdFactory.create(organisation=own, phone="+7 900 555 01 47")
    made: Person = PersonFactory.create(
        household=household, organisation=own, birth_date=date(1985, 3, 14), birth_precision="day"
    )
    return made


def opened(person: Person, by: User, reason: str = "call") -> list[str]:
    """The values, as the desk opens them."""
    told = reveal(
        subject=person,
        besides=[person.household],
        reason=reason,
        by=by,
        region="household__registered_in",
    )
    return [str(each.value) for each in told]


def test_the_button_opens_one_person_for_one_answer(desk: Client, person: Person, registrar: User) -> None:
    page = desk.get(record_url(person))
    assert f'action="{act_url(person, "reveal")}"' in page.content.decode()
    answer = desk.post(act_url(person, "reveal"), {"reason": "call"})
    assert "+7 900 555 01 47" in words(answer)
    assert "14 Mar 1985" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert f"open {REVEALS_A_DAY[Role.REGISTRAR] - 1} more" in words(answer)
    event = AuditEvent.objects.get(action="reveal")
    assert (event.object_id, event.actor_id, event.reason) == (str(person.pk), registrar.pk, "call")
    reading = Reading.objects.get(page="reveal")
    assert (reading.object_id, reading.ids, reading.block) == (str(person.pk), [str(person.pk)], event.block)
    assert "555 01" not in desk.get(record_url(person)).content.decode()


def test_nothing_is_opened_without_a_reason_or_by_a_link(desk: Client, person: Person) -> None:
    assert "555 01" not in desk.get(act_url(person, "reveal") + "?reason=call").content.decode()
    answer = desk.post(act_url(person, "reveal"), {"reason": "curious"})
    assert "555 01" not in answer.content.decode()
    assert not RevealDay.objects.exists()


def test_what_a_role_does_not_see_is_not_opened_either(person: Person) -> None:
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=person.organisation)
    assert opened(person, manager) == ["1985-03-14"]
    with pytest.raises(PermissionDenied):
        opened(person, user_in_role(Role.REGISTRAR))
    with pytest.raises(PermissionDenied):
        opened(person, user_in_role(Role.AUDITOR, organisation=person.organisation))


def test_the_budget_ends_and_renews(person: Person, registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REVEALS_A_DAY, Role.REGISTRAR, 2)
    opened(person, registrar)
    opened(person, registrar)
    with pytest.raises(ValidationError) as refusal:
        opened(person, registrar)
    assert "administrator" in refusal.value.messages[0]
    assert "00:00 UTC" in refusal.value.messages[0]
    assert (RevealDay.objects.get().used, AuditEvent.objects.filter(action="reveal").count()) == (2, 2)
    tried = Reading.objects.get(page=OVER_BUDGET)
    assert (tried.object_id, tried.shown, tried.actor_id) == (str(person.pk), 0, registrar.pk)
    day = RevealDay.objects.get()
    RevealDay.objects.update(day=day.day - timedelta(days=1))
    assert opened(person, registrar)


def test_what_is_beyond_the_budget_is_noted_by_the_button_too(
    desk: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REVEALS_A_DAY, Role.REGISTRAR, 0)
    for tries in range(1, IN_A_ROW + 1):
        assert list(rules.refused(database_now())) == []
        assert "555 01" not in words(desk.post(act_url(person, "reveal"), {"reason": "call"}))
        assert Reading.objects.filter(page=OVER_BUDGET).count() == tries
    assert len(list(rules.refused(database_now()))) == 1


def test_two_roles_have_one_budget(person: Person, registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REVEALS_A_DAY, Role.REGISTRAR, 1)
    monkeypatch.setitem(REVEALS_A_DAY, Role.CASEWORKER, 2)
    MembershipFactory.create(user=registrar, organisation=person.organisation, role=Role.CASEWORKER)
    opened(person, registrar)
    opened(person, registrar)
    with pytest.raises(OverBudget):
        opened(person, registrar)


def test_an_administrator_grants_more_and_never_to_themselves(person: Person, registrar: User) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    opened(person, registrar)
    day = RevealDay.objects.get()
    assert desk_of(admin).get(record_url(day)).status_code == 200
    answer = desk_of(admin).post(act_url(day, "grant"), {"more": 5, "reason": "A convoy of 40."})
    assert answer.status_code == 302
    day.refresh_from_db()
    assert day.granted == 5
    event = AuditEvent.objects.get(action="grant_reveals")
    assert (event.actor_id, event.detail["more"]) == (admin.pk, 5)
    MembershipFactory.create(user=admin, organisation=person.organisation, role=Role.REGISTRAR)
    admin.forget_scopes()
    opened(person, admin)
    own = RevealDay.objects.get(user=admin)
    assert list(grantable_days(admin)) == [day]
    for by, theirs in ((admin, own), (user_in_role(Role.ORGANISATION_ADMIN), day), (registrar, day)):
        with pytest.raises(PermissionDenied):
            grant(day=theirs, more=1, reason="More.", by=by)
    refused("out_of_range", "more", grant, day=day, more=196, reason="More.", by=admin)


def test_a_trace_that_fails_opens_nothing_and_costs_nothing(person: Person, registrar: User) -> None:
    with no_more_readings():
        with pytest.raises(IntegrityError), transaction.atomic():
            opened(person, registrar)
        assert not RevealDay.objects.exists()
