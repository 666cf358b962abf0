"""Honey records: opening one raises the alarm at once and ends the session; ordinary work never does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from accounts.models import ClientToken, Organisation, User
from accounts.policy import Role
from audit.actions.reading import EXPORT, record_reading
from audit.models import AuditEvent, Reading
from core.clock import database_now
from core.decoys import is_marked
from displacement.actions import movements, people
from displacement.actions.honey import lay_due, place
from displacement.models import HoneyRecord, Household, Movement, Person
from roster.actions.alarms import answer, look
from roster.models import Alarm, AlarmRule, AlarmState
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import PersonFactory
from tests.factories.honey import house_of, laid_out
from tests.refusals import refused

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


@pytest.fixture
def house(own: Organisation, people: list[Person]) -> Household:
    """One of three families."""
    return house_of(laid_out(own, 3)[0])


@pytest.fixture
def admin(own: Organisation) -> User:
    """Answers for the organisation."""
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own)


def person_of(house: Household) -> Person:
    """Its head."""
    found: Person = Person.objects.filter(household=house).earliest("pk")
    return found


def page_of_person(browser: Client, house: Household) -> None:
    """On the desk."""
    assert browser.get(record_url(person_of(house))).status_code == 200


def page_of_household(browser: Client, house: Household) -> None:
    """On the desk."""
    assert browser.get(record_url(house)).status_code == 200


def page_of_step(browser: Client, house: Household) -> None:
    """On the desk."""
    step = Movement.objects.filter(person=person_of(house)).first()
    assert step is not None
    assert browser.get(record_url(step)).status_code == 200


def history(browser: Client, house: Household) -> None:
    """What was changed."""
    url = record_url(person_of(house)).replace("change", "history")
    assert browser.get(url).status_code == 200


def card(browser: Client, house: Household) -> None:
    """What a family takes along."""
    assert browser.get(f"/displacement/household/{house.pk}/card/").status_code == 200


def revealed(browser: Client, house: Household) -> None:
    """An act and a reading in one transaction."""
    assert browser.post(act_url(person_of(house), "reveal"), {"reason": "call"}).status_code == 200


def answer_of_person(browser: Client, house: Household) -> None:
    """Over the API."""
    assert browser.get(f"/api/v1/people/{person_of(house).pk}/").status_code == 200


def answer_of_household(browser: Client, house: Household) -> None:
    """Over the API."""
    assert browser.get(f"/api/v1/households/{house.pk}/").status_code == 200


SURFACES = [
    page_of_person,
    page_of_household,
    page_of_step,
    history,
    card,
    revealed,
    answer_of_person,
    answer_of_household,
]


@pytest.mark.parametrize("opened", SURFACES)
def test_whatever_opens_one_raises_one_alarm_and_ends_the_session(
    opened: Callable[[Client, Household], None],
    house: Household,
    clerk: User,
    admin: User,
    own: Organisation,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    browser = desk_of(clerk)
    with django_capture_on_commit_callbacks(execute=True):
        opened(browser, house)
    alarm = Alarm.objects.get()
    assert (alarm.about, alarm.rule, alarm.counted, alarm.organisation) == (clerk, AlarmRule.HONEY, 1, own)
    assert admin in {notice.user for notice in alarm.notices.all()}
    assert clerk not in {notice.user for notice in alarm.notices.all()}
    assert browser.get("/").status_code == 302
    assert look() == 0
    assert Alarm.objects.get().counted == 1


@pytest.mark.parametrize("is_export", [True, False])
def test_changing_one_or_having_one_in_a_file_does_too(
    is_export: bool, house: Household, clerk: User, django_capture_on_commit_callbacks: Commits
) -> None:
    person = person_of(house)
    with django_capture_on_commit_callbacks(execute=True):
        if is_export:
            record_reading(by=clerk, page=EXPORT, resource="displacement.person", ids=[person.pk])
        else:
            people.change(person=person, version=person.version, by=clerk, given_name="Another")
            when = database_now() - timedelta(hours=1)
            movements.record(by=clerk, kind="left", occurred_at=when, person=person)
    assert Alarm.objects.get().counted == 1  # one transaction


def test_it_counts_on_and_is_open_again(
    house: Household, clerk: User, admin: User, django_capture_on_commit_callbacks: Commits
) -> None:
    for counted in (1, 2):
        with django_capture_on_commit_callbacks(execute=True):
            page_of_person(desk_of(clerk), house)
        connection.run_on_commit.clear()  # as a commit does
        alarm = Alarm.objects.get()
        assert alarm.counted == counted
        clerk.refresh_from_db()
    answer(alarm=alarm, state="explained", reason="A slip.", by=admin)
    alarm.notices.update(sent_at=alarm.found_at)
    with django_capture_on_commit_callbacks(execute=True):
        page_of_person(desk_of(clerk), house)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.counted, alarm.reason) == (AlarmState.OPEN, 3, "")
    assert alarm.notices.filter(sent_at=None).exists()
    assert AuditEvent.objects.filter(action="raise_alarm").count() == 2


def test_what_was_not_told_at_once_is_found_by_the_rule(house: Household, clerk: User) -> None:
    page_of_person(desk_of(clerk), house)  # the process ends before the commit is told of
    assert not Alarm.objects.exists()
    assert (look(), look()) == (1, 0)
    assert Alarm.objects.get().rule == AlarmRule.HONEY
    assert clerk.sign_outs < User.objects.get(pk=clerk.pk).sign_outs


def test_a_partner_s_system_is_told_of_none_and_loses_its_tokens_where_it_asks(
    house: Household, own: Organisation, django_capture_on_commit_callbacks: Commits
) -> None:
    client, _secret = partner_client(own)
    asks = Client(headers={"Authorization": f"Bearer {token_of(client)}"})
    for path, real in (("people", 2), ("households", 1), ("movements", 0)):
        assert len(asks.get(f"/api/v1/{path}/").json()["results"]) == real
    with django_capture_on_commit_callbacks(execute=True):
        assert asks.get(f"/api/v1/people/{person_of(house).pk}/").status_code == 404
    assert Alarm.objects.get().about == client.account
    assert ClientToken.objects.filter(expires__lt=Now()).count() == 1


def test_an_ordinary_day_raises_none(
    own: Organisation,
    people: list[Person],
    house: Household,
    clerk: User,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    browser = desk_of(clerk)
    with django_capture_on_commit_callbacks(execute=True):
        for model in (Household, Person, Movement):
            assert house.number in words(browser.get(list_url(Household)))
            assert browser.get(list_url(model)).status_code == 200
        assert browser.get(list_url(Person), {"q": people[1].family_name}).status_code == 200
        assert browser.get(list_url(Person), {"q": person_of(house).family_name}).status_code == 200
        assert browser.get(record_url(people[1])).status_code == 200
        for path in ("people", "households", "movements"):
            assert browser.get(f"/api/v1/{path}/").status_code == 200
        PersonFactory.create(organisation=own, family_name=person_of(house).family_name)
    assert Reading.objects.filter(ids__contains=[str(person_of(house).pk)]).exists()
    assert look() == 0
    assert not Alarm.objects.exists()


def test_only_an_administrator_places_them_and_only_auditors_see_which(
    house: Household, own: Organisation, clerk: User, admin: User
) -> None:
    kept = HoneyRecord.objects.last()
    assert kept is not None
    auditor = desk_of(user_in_role(Role.AUDITOR, organisation=own))
    page = words(auditor.get(record_url(kept)))
    assert house_of(kept).number in page
    for nobody in (admin, clerk):
        assert desk_of(nobody).get(list_url(HoneyRecord)).status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        place(organisation=own, count=1, registered_as=clerk, by=clerk)
    with pytest.raises(PermissionDenied):
        place(organisation=own, count=1, registered_as=admin, by=admin)
    with pytest.raises(PermissionDenied):
        place(organisation=own, count=1, registered_as=clerk, by=user_in_role(Role.ORGANISATION_ADMIN))
    refused("out_of_range", "count", place, organisation=own, count=0, registered_as=clerk, by=admin)


def test_nothing_in_the_database_names_them(own: Organisation, people: list[Person], clerk: User) -> None:
    kept = laid_out(own, 1, clerk)[0]
    house = house_of(kept)
    assert all(is_marked(pk) for pk in kept.laid.all)
    assert not any(is_marked(person.pk) for person in people)
    assert str(house.pk) not in str(HoneyRecord.objects.values("plan").get())
    register = AuditEvent.objects.get(object_id=str(house.pk), action="register")
    assert register.actor_id == clerk.pk
    assert lay_due(kept.due_at) == 0
