"""Registering a household on one page, and what follows it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import Consent, Household, Movement, Person
from tests.desk.pages import act_url, add_url, desk_of, rows, words
from tests.factories.accounts import MembershipFactory, user_in_role
from tests.factories.displacement import CountedHouseholdFactory, NamedHouseholdFactory, SpecificNeedFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
HEAD = {
    "family_name": "Петренко",
    "given_name": "Иван",
    "sex": "male",
    "relationship": "head",
    "needs": ["DS"],
}
BLANK = {"sex": "not_collected", "relationship": "unknown"}


def card_url(household: Household) -> str:
    """The card that follows a registration."""
    return reverse("admin:displacement_household_card", args=[household.pk])


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    SpecificNeedFactory.create()
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def desk(registrar: User) -> Client:
    """The registrar's browser."""
    return desk_of(registrar)


def _form(
    *people: dict[str, Any], groups: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    return {
        "registered_in": region("RU-KRS-KURSK").pk,
        "origin": region("RU-KRS-SUDZHANSKY").pk,
        "left_at": "2024-08-08T09:00",
        "means": "own",
        "arrived_at": "2024-08-08T21:30",
        "place": "relatives",
        "phone": "+7 900 000 00 00",
        "language": "ru",
        "consent_service": "yes",
        "consent_authorities": "no",
        **rows(people=list(people), groups=groups or []),
        **changes,
    }


def test_a_household_is_registered_with_its_people_and_their_way(desk: Client, registrar: User) -> None:
    child = {**HEAD, "given_name": "Оля", "birth_date": "7", "relationship": "child", "needs": []}
    answer = desk.post(add_url(Household), _form(HEAD, child, BLANK))
    household = Household.objects.get()
    assert answer.headers["Location"] == card_url(household)
    assert household.organisation_id == registrar.memberships.get().organisation_id
    assert Person.objects.count() == 2
    assert list(Person.objects.get(given_name="Иван").needs.values_list("need", flat=True)) == ["DS"]
    steps = Movement.objects.order_by("kind").values_list("kind", "destination__key", "place")
    assert list(steps) == [("arrived", "RU-KRS-KURSK", "relatives")] * 2 + [("left", None, "unknown")] * 2
    assert dict(Consent.objects.values_list("purpose", "is_given")) == {"service": True, "authorities": False}
    assert AuditEvent.objects.filter(action="register", actor_id=registrar.pk).count() == 1


def test_times_are_those_of_the_named_clock(desk: Client) -> None:
    desk.post(add_url(Household), _form(HEAD))
    assert Movement.objects.get(kind="left").occurred_at.isoformat() == "2024-08-08T09:00:00+00:00"


def test_a_household_that_is_only_counted_leaves_as_a_whole(desk: Client) -> None:
    desk.post(add_url(Household), _form(groups=[{"people": 3, "sex": "female", "age_band": "18-59"}]))
    assert set(Movement.objects.filter(person=None).values_list("kind", "household")) == {
        ("left", Household.objects.get().pk),
        ("arrived", Household.objects.get().pk),
    }


@pytest.mark.parametrize(
    ("changes", "people", "sentence"),
    [
        ({}, [], "Write down at least one person"),
        ({}, [{**HEAD, "family_name": "", "given_name": "", "birth_date": "3"}], "Write at least one name"),
        ({}, [{**HEAD, "birth_date": "2090-01-01"}], "This birth date is in the future"),
        ({"origin": ""}, [HEAD], "Choose the home region that they left"),
        ({"arrived_at": "2024-08-07T09:00"}, [HEAD], "They cannot arrive before they left"),
        ({}, [{**HEAD, "birth_date": "2024-08-20"}], "The person was not born yet at this time"),
        ({"left_at": "2090-01-01T10:00", "arrived_at": ""}, [HEAD], "This time is in the future"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_saved(
    desk: Client, changes: dict[str, Any], people: list[dict[str, Any]], sentence: str
) -> None:
    page = desk.post(add_url(Household), _form(*people, **changes))
    assert sentence in words(page)
    assert (Household.objects.count(), Person.objects.count(), Movement.objects.count()) == (0, 0, 0)
    assert AuditEvent.objects.count() == 0


def test_a_page_that_is_sent_twice_registers_once(desk: Client) -> None:
    sent = _form(HEAD, token="01890000-0000-7000-8000-000000000001")
    first, second = desk.post(add_url(Household), sent), desk.post(add_url(Household), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Household.objects.count(), Person.objects.count(), Movement.objects.count()) == (1, 1, 2)


def test_another_family_typed_over_a_page_that_was_sent_is_not_lost(desk: Client) -> None:
    token = "01890000-0000-7000-8000-000000000001"
    desk.post(add_url(Household), _form(HEAD, token=token))
    page = desk.post(add_url(Household), _form({**HEAD, "family_name": "Сидоренко"}, token=token))
    assert f"Household {Household.objects.get().number} was registered from this page" in words(page)
    assert "Сидоренко" in page.content.decode()
    desk.post(
        add_url(Household),
        _form({**HEAD, "family_name": "Сидоренко"}, token=page.context["form"]["token"].value()),
    )
    assert set(Person.objects.values_list("family_name", flat=True)) == {"Петренко", "Сидоренко"}


def test_the_page_of_somebody_else_is_not_used_again(desk: Client) -> None:
    theirs = CountedHouseholdFactory.create()
    page = desk.post(add_url(Household), _form(HEAD, token=str(theirs.pk)))
    assert "This page was used for another household" in words(page)
    assert Household.objects.count() == 1


def test_the_next_page_remembers_the_place_and_nobody(desk: Client) -> None:
    desk.post(add_url(Household), _form(HEAD))
    page = desk.get(add_url(Household))
    form = page.context["form"]
    assert str(form["registered_in"].value()) == str(region("RU-KRS-KURSK").pk)
    assert form["phone"].value() is None
    assert set(desk.session["register"]) == {"registered_in", "origin", "means", "place", "language"}


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(desk: Client) -> None:
    page = desk.post(add_url(Household), _form(BLANK, {**HEAD, "birth_date": "2090-01-01"}))
    form = page.context["form"]
    assert list(form.rows["people"].forms[1].errors) == ["birth_date"]
    assert 'value="Петренко"' in page.content.decode()


def test_a_region_outside_the_own_area_is_refused() -> None:
    here = user_in_role(Role.REGISTRAR, region=region("UA-59"))
    page = desk_of(here).post(add_url(Household), _form(HEAD))
    assert "This region is outside the area that you work in" in words(page)
    assert Household.objects.count() == 0


def test_who_works_for_several_organisations_is_asked_for_which(registrar: User) -> None:
    second = MembershipFactory.create(user=registrar, role=Role.REGISTRAR)
    page = desk_of(registrar).post(add_url(Household), _form(HEAD))
    assert "organisation" in page.context["form"].errors
    desk_of(registrar).post(add_url(Household), _form(HEAD, organisation=second.organisation.pk))
    assert Household.objects.get().organisation == second.organisation


def test_a_counted_household_is_named(registrar: User) -> None:
    own = registrar.memberships.get().organisation
    counted = CountedHouseholdFactory.create(organisation=own)
    people: list[dict[str, Any]] = [
        {**HEAD, "given_name": name, "needs": []} for name in ("Анна", "Ольга", "Петя")
    ]
    sent = {"reason": "", **rows(people=people, remaining=[])}
    answer = desk_of(registrar).post(act_url(counted, "name"), sent)
    assert answer.status_code == 302
    assert Person.objects.filter(household=counted).count() == 3
    assert not counted.groups.filter(voided_at=None).exists()


def test_one_step_is_recorded_for_everybody_of_a_household(registrar: User) -> None:
    household = NamedHouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    step = {
        "kind": "left",
        "occurred_at": "2024-08-08T12:00",
        "place": "unknown",
        "means": "own",
        "cause": "hostilities",
    }
    desk_of(registrar).post(act_url(household, "arrival"), step)
    assert Movement.objects.filter(kind="left").count() == 2
