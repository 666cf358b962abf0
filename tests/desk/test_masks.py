"""Telephone numbers and birth dates are masked wherever a page names them, and a blank field never wipes one."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from accounts.policy import Role
from displacement.models import Household, Person
from shelters.models import Stay
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.shelters import OpenStayFactory, RoomFactory, ShelterFactory

pytestmark = pytest.mark.django_db

PHONE, BORN = "+7 900 555 01 47", date(1985, 3, 14)
#: What of both would tell them, in any spelling that a page may use.
PLAIN = ("555 01", "5550147", "1985-03-14", "14.03", "March 14", "14 Mar", "03-14")


@pytest.fixture
def household(own: Organisation) -> Household:
    """With a telephone."""
    made: Household = HouseholdFactory.create(organisation=own, phone=PHONE)
    return made


@pytest.fixture
def person(household: Household) -> Person:
    """Born on a known day."""
    made: Person = PersonFactory.create(
        household=household, organisation=household.organisation, birth_date=BORN, birth_precision="day"
    )
    return made


def leaks(answer: object) -> list[str]:
    """What of the plain values stands anywhere in an answer, markup and all."""
    text = answer.content.decode()  # type: ignore[attr-defined]  # an answer of the test's client
    return [plain for plain in PLAIN if plain in text]


def test_no_page_shows_them(desk: Client, household: Household, person: Person) -> None:
    pages = {
        list_url(Person): "1985-••-••",
        f"{list_url(Person)}?q={person.number}": "1985-••-••",
        record_url(person): "1985-••-••",
        record_url(household): "•••• 47",
        act_url(person, "change"): "1985-••-••",
        act_url(household, "change"): "•••• 47",
        reverse("admin:displacement_person_history", args=[person.pk]): "",
        reverse("admin:displacement_household_card", args=[household.pk]): "",
    }
    for url, mask in pages.items():
        answer = desk.get(url)
        assert answer.status_code == 200, url
        assert leaks(answer) == [], url
        assert mask in answer.content.decode(), url
    assert "1985-••-••" in words(desk.get(record_url(household)))


def test_a_blank_field_changes_nothing_and_a_tick_removes(desk: Client, household: Household) -> None:
    url, sent = (
        act_url(household, "change"),
        {"version": 1, "origin": str(household.origin_id), "language": "ru"},
    )
    assert desk.post(url, {**sent, "phone": ""}).status_code == 302
    household.refresh_from_db()
    assert (household.phone, household.language) == (PHONE, "ru")
    answer = desk.post(url, {**sent, "version": 2, "phone": "+7 900 1", "remove_phone": "on"})
    assert "not both" in words(answer)
    assert desk.post(url, {**sent, "version": 2, "phone": "", "remove_phone": "on"}).status_code == 302
    household.refresh_from_db()
    assert household.phone == ""


def test_a_birth_date_is_kept_changed_and_removed(desk: Client, person: Person) -> None:
    url = act_url(person, "change")
    sent = {"version": 1, "given_name": "Ольга", "sex": "female", "relationship": "head"}
    assert desk.post(url, {**sent, "birth_date": "", "birth_precision": "day"}).status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.birth_date, person.birth_precision) == ("Ольга", BORN, "day")
    sent = {**sent, "version": 2, "birth_precision": "day"}
    assert desk.post(url, {**sent, "birth_date": "1986-01-02"}).status_code == 302
    answer = desk.post(url, {**sent, "birth_date": "1987-01-02"})
    assert "1986-••-••" in words(answer)
    assert "1986-01-02" not in answer.content.decode()
    assert desk.post(url, {**sent, "version": 3, "remove_birth_date": "on"}).status_code == 302
    person.refresh_from_db()
    assert (person.birth_date, person.birth_precision) == (None, "")


def test_the_api_masks_for_people_and_not_for_systems(
    desk: Client, household: Household, person: Person
) -> None:
    told = desk.get(f"/api/v1/households/{household.pk}/").json()
    assert (told["phone"], told["people"][0]["birth_date"]) == ("•••• 47", "1985-••-••")
    assert desk.get(f"/api/v1/people/{person.pk}/").json()["birth_date"] == "1985-••-••"


def test_a_mask_that_is_sent_back_is_no_number(desk: Client, household: Household) -> None:
    url = f"/api/v1/households/{household.pk}/"
    answer = desk.patch(url, {"version": 1, "phone": "•••• 47"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "masked"
    household.refresh_from_db()
    assert household.phone == PHONE


def test_who_sleeps_in_which_room_is_for_who_runs_the_shelter(desk: Client, own: Organisation) -> None:
    shelter = ShelterFactory.create(organisation=own)
    room = RoomFactory.create(shelter=shelter, name="Gymnasium 12")
    stay = OpenStayFactory.create(shelter=shelter, room=room, person__organisation=own)
    manager = desk_of(user_in_role(Role.SHELTER_MANAGER, organisation=own))
    for url in (list_url(Stay), record_url(stay)):
        assert "Gymnasium 12" not in desk.get(url).content.decode()
        assert "Gymnasium 12" in words(manager.get(url))
    assert "room" not in desk.get(f"/api/v1/stays/{stay.pk}/").json()
    assert manager.get(f"/api/v1/stays/{stay.pk}/").json()["room"] == room.pk
    answer = desk.post(act_url(stay, "reveal"), {"reason": "call"})
    assert "Gymnasium 12" in words(answer)
