"""Likely duplicates while a registrar types, and the card."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.policy import Role
from displacement.models import Household, Person, PossibleDuplicate
from tests.desk.pages import add_url, desk_of, rows, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import NamedHouseholdFactory, PersonFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
LIKELY = "/displacement/household/likely/"
BORN = {"birth_date": date(1990, 5, 12), "birth_precision": "day"}
TYPED = {
    "family_name": "Savchenko",
    "given_name": "Nikolai",
    "birth_date": "12.05.1990",
    "sex": "not_collected",
}


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


def _ask(user: User, **typed: str) -> Any:
    answer = desk_of(user).post(LIKELY, json.dumps({**TYPED, **typed}), content_type="application/json")
    return answer.json()


def _own(user: User, **person: Any) -> Person:
    own = user.memberships.get().organisation
    return PersonFactory.create(household__organisation=own, organisation=own, **{**BORN, **person})


def test_a_likely_match_of_the_own_organisation_is_shown_with_what_agrees(registrar: User) -> None:
    person = _own(registrar, family_name="Савченко", given_name="Микола")
    answer = _ask(registrar)
    assert answer["elsewhere"] is False
    (match,) = answer["own"]
    assert person.number in match["label"]
    assert match["url"] == reverse("admin:displacement_person_change", args=[person.pk])
    assert "a form of the same given name, born on the same day" in match["why"]


def test_of_another_organisation_only_that_there_is_a_match(registrar: User) -> None:
    theirs = PersonFactory.create(family_name="Савченко", given_name="Микола", **BORN)
    answer = _ask(registrar)
    assert answer == {"own": [], "elsewhere": True, "untold": False}
    assert str(theirs.pk) not in json.dumps(answer)


def test_nobody_alike_says_nothing(registrar: User) -> None:
    _own(registrar, family_name="Литвин", given_name="Анна")
    assert _ask(registrar) == {"own": [], "elsewhere": False, "untold": False}


def test_one_name_and_half_a_birth_are_no_error(registrar: User) -> None:
    assert not _ask(registrar, family_name="", birth_date="12.0")["elsewhere"]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"family_name": 7}', "x" * 5_000, "[" * 3_900, '{"sex": "", "sex": ""}']
)
def test_another_question_is_refused(registrar: User, body: str) -> None:
    answer = desk_of(registrar).post(LIKELY, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Send the person as one small JSON object."}


def test_names_never_stand_in_an_address(registrar: User) -> None:
    assert desk_of(registrar).get(LIKELY, {"family_name": "Савченко"}).status_code == 400


def test_who_registers_nobody_may_not_ask() -> None:
    auditor = user_in_role(Role.AUDITOR)
    assert desk_of(auditor).post(LIKELY, "{}", content_type="application/json").status_code == 403


def test_the_question_needs_the_token_of_the_page(registrar: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(registrar)
    assert browser.post(LIKELY, json.dumps(TYPED), content_type="application/json").status_code == 403


def test_a_registration_like_another_is_kept_and_flagged(registrar: User) -> None:
    before = _own(registrar, family_name="Савченко", given_name="Микола")
    person = {"family_name": "Савченко", "given_name": "Николай", "sex": "male", "relationship": "head"}
    sent = {"registered_in": region("RU-KRS-KURSK").pk, "means": "own", "place": "unknown"}
    people = rows(people=[{**person, "birth_date": "12.05.1990"}], groups=[])
    desk_of(registrar).post(add_url(Household), {**sent, **people})
    pair = PossibleDuplicate.objects.get()
    assert before.pk in {pair.first_id, pair.second_id}
    assert Person.objects.count() == 2


def test_the_card_names_no_family(registrar: User) -> None:
    household = NamedHouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    page = desk_of(registrar).get(reverse("admin:displacement_household_card", args=[household.pk]))
    said = words(page)
    people = list(household.people.all())
    assert household.number in said
    assert all(person.number in said and person.given_name in said for person in people)
    assert not any(person.family_name in said for person in people)
    assert '<svg class="qr"' in page.content.decode() or 'class="qr"' in page.content.decode()


def test_the_card_of_another_organisation_is_not_there(registrar: User) -> None:
    theirs = NamedHouseholdFactory.create()
    page = desk_of(registrar).get(reverse("admin:displacement_household_card", args=[theirs.pk]))
    assert page.status_code == 404
