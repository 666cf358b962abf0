"""Whoever opens a page that tells of people leaves a trace, in the transaction that read it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.policy import Role
from audit.models import Reading
from displacement.models import Claim, Household, Person
from tests.audit.trail import no_more_readings
from tests.desk.pages import act_url, desk_of, list_url, record_url
from tests.factories.accounts import user_in_role
from tests.factories.displacement import NamedHouseholdFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def household(registrar: User) -> Household:
    """One of the registrar's organisation, with people."""
    made: Household = NamedHouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    return made


@pytest.fixture
def desk(registrar: User) -> Client:
    """The registrar's browser."""
    return desk_of(registrar)


@pytest.fixture
def _trace_fails() -> Iterator[None]:
    """From now on the database itself takes no reading."""
    with no_more_readings():
        yield


def told() -> list[tuple[str, str, str, int]]:
    """Each reading: page, kind of record, record, how many were shown."""
    return list(Reading.objects.order_by("id").values_list("page", "object_type", "object_id", "shown"))


def test_a_person_s_page_and_its_history_and_its_acts(
    desk: Client, household: Household, registrar: User
) -> None:
    person = household.people.all()[0]
    for url in (
        record_url(person),
        reverse("admin:displacement_person_history", args=[person.pk]),
        act_url(person, "change"),
    ):
        assert desk.get(url).status_code == 200
    kind, pk = "displacement.person", str(person.pk)
    pages = (
        "desk displacement_person_change",
        "desk displacement_person_history",
        "desk displacement_person_act",
    )
    assert told() == [(page, kind, pk, 1) for page in pages]
    reading = Reading.objects.latest("id")
    assert (reading.actor_id, reading.organisation_id) == (registrar.pk, household.organisation_id)


def test_a_printed_card(desk: Client, household: Household) -> None:
    desk.get(reverse("admin:displacement_household_card", args=[household.pk]))
    assert told() == [("desk displacement_household_card", "displacement.household", str(household.pk), 1)]


def test_a_list_tells_which_records_and_not_what_was_searched_for(desk: Client, household: Household) -> None:
    person = household.people.all()[0]
    desk.get(list_url(Person), {"q": person.number})
    reading = Reading.objects.get()
    assert (reading.object_id, reading.shown, reading.ids) == ("", 1, [str(person.pk)])
    assert person.number not in str(Reading.objects.values().get())


def test_matches_of_a_search_box_and_of_the_door(desk: Client, household: Household) -> None:
    person = household.people.all()[0]
    sought = {
        "app_label": "displacement",
        "model_name": "movement",
        "field_name": "person",
        "term": person.number,
    }
    assert desk.get("/autocomplete/", sought).json()["results"][0]["id"] == str(person.pk)
    typed = {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": f"{person.birth_date:%d.%m.%Y}" if person.birth_date else "",
    }
    answer = desk.post(
        reverse("admin:displacement_household_likely"), json.dumps(typed), content_type="application/json"
    )
    box, door = Reading.objects.order_by("id")
    assert (box.page, box.ids) == ("desk autocomplete", [str(person.pk)])
    assert (door.page, door.shown) == ("desk displacement_household_likely", len(answer.json()["own"]))


def test_what_tells_of_nobody_leaves_none_and_what_is_refused_shows_nothing(desk: Client) -> None:
    foreign = NamedHouseholdFactory.create()
    assert desk.get(list_url(Claim)).status_code == 200
    assert desk.get(record_url(foreign)).status_code == 404
    assert told() == [("refused", "displacement.household", str(foreign.pk), 0)]


@pytest.mark.usefixtures("_trace_fails")
def test_without_its_trace_nothing_is_shown(desk: Client, household: Household) -> None:
    person = household.people.all()[0]
    for url in (record_url(person), list_url(Person)):
        with pytest.raises(IntegrityError, match="no_more"), transaction.atomic():
            desk.get(url)
    assert told() == []


def test_a_form_that_comes_back_with_mistakes_is_a_reading(desk: Client, household: Household) -> None:
    sent: dict[str, Any] = {"kind": "nothing"}
    answer = desk.post(act_url(household.people.all()[0], "move"), sent)
    assert answer.status_code == 200
    assert [page for page, *_ in told()] == ["desk displacement_person_act"]


def test_however_the_address_spells_an_id_the_trail_tells_whose_record_was_read(
    desk: Client, household: Household
) -> None:
    key, page = str(household.pk), record_url(household)
    for spelled in (key.upper(), key.replace("-", ""), f"{{{key}}}", f"urn:uuid:{key}"):
        assert desk.get(page.replace(key, spelled)).status_code == 200
    readings = Reading.objects.filter(page__contains="change")
    assert [(each.object_id, each.ids) for each in readings] == [(key, [key])] * 4
