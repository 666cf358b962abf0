"""Registering households and people: what is kept, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions import households, people
from displacement.actions.households import NewGroup, NewPerson
from displacement.actions.serials import next_serials
from displacement.models import Consent, Household, Person
from displacement.models.person import BirthPrecision
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, SpecificNeedFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.refusals import codes, refused

pytestmark = pytest.mark.django_db
OLENA = NewPerson(given_name="Олена", family_name="Ковальчук", sex="female", birth_date=date(1980, 3, 14))
IVAN = NewPerson(given_name="Ivan", age=7)


@pytest.fixture
def door() -> dict[str, Any]:
    """What every registration at the door has in common."""
    organisation: Organisation = OrganisationFactory.create()
    by: User = user_in_role(Role.REGISTRAR, organisation=organisation)
    return {"organisation": organisation, "registered_in": region("RU-KRS-KURSK"), "by": by}


def test_a_household_is_registered_whole(door: dict[str, Any]) -> None:
    SpecificNeedFactory.create(code="DS")
    home = region("RU-KRS-SUDZHANSKY")
    household = households.register(
        **door,
        people=[OLENA, NewPerson(given_name="Ivan", age=7, relationship="child", needs=("DS",))],
        groups=[NewGroup(people=2, sex="male", age_band="60+")],
        origin=home,
        occurred_at=KURSK_MORNING,
        phone=" +7 471 000000 ",
        consents={"service": True, "authorities": False},
    )
    household.refresh_from_db()
    assert (household.origin, household.occurred_at, household.phone) == (
        home,
        KURSK_MORNING,
        "+7 471 000000",
    )
    assert [person.full_name for person in household.people.order_by("serial")] == ["Ковальчук Олена", "Ivan"]
    assert [need.need_id for person in household.people.all() for need in person.needs.all()] == ["DS"]
    assert [(group.people, group.age_band) for group in household.groups.all()] == [(2, "60+")]
    assert dict(Consent.objects.values_list("purpose", "is_given")) == {"service": True, "authorities": False}


def test_one_registration_is_one_trace_without_names(door: dict[str, Any]) -> None:
    household = households.register(**door, people=[OLENA, IVAN])
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.actor_id) == ("register", str(household.pk), door["by"].pk)
    assert event.detail == {"people": 2, "counted": 0, "method": "door"}


def test_a_family_of_nine_costs_as_many_queries_as_one_person(
    door: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        households.register(**door, people=[OLENA])
    with django_assert_num_queries(6):
        households.register(**door, people=[OLENA] * 9)


def test_people_registered_together_are_found_in_either_alphabet(door: dict[str, Any]) -> None:
    households.register(**door, people=[OLENA])
    assert Person.objects.matching("kovalchuk olena").exists()


def test_the_same_household_again_is_kept(door: dict[str, Any]) -> None:
    for _time in range(2):
        households.register(**door, people=[OLENA, IVAN])
    assert (Household.objects.count(), Person.objects.count()) == (2, 4)
    numbers = {person.number for person in Person.objects.all()}
    assert len(numbers | {household.number for household in Household.objects.all()}) == 6


@pytest.mark.parametrize("name", ["Сухроб", "O'Neil-Петренко", "محمد", "Ё" * 200])
def test_one_name_of_any_kind_is_enough(door: dict[str, Any], name: str) -> None:
    person = households.register(**door, people=[NewPerson(family_name=name)]).people.get()
    assert (person.family_name, person.birth_date, person.birth_precision) == (name, None, "")


def test_an_age_becomes_an_estimated_birth_date(door: dict[str, Any]) -> None:
    person = households.register(**door, people=[IVAN], occurred_at=KURSK_MORNING).people.get()
    assert person.age_on(KURSK_MORNING.date()) == 7
    assert person.birth_precision == BirthPrecision.ESTIMATED


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        (NewPerson(given_name=" "), "family_name", "name_needed"),
        (NewPerson(given_name="A" * 201), "given_name", "max_length"),
        (NewPerson(given_name="A", sex="woman"), "sex", "invalid_choice"),
        (NewPerson(given_name="A", birth_date=date(2100, 1, 1)), "birth_date", "birth_in_future"),
        (NewPerson(given_name="A", birth_date=date(1884, 1, 1)), "birth_date", "too_old"),
        (
            NewPerson(given_name="A", birth_date=date(1, 1, 1), birth_precision="estimated"),
            "birth_date",
            "too_old",
        ),
        (NewPerson(given_name="A", age=140), "age", "age_range"),
        (NewPerson(given_name="A\0"), "given_name", "invisible"),
        (NewPerson(given_name="A\ud800"), "given_name", "invisible"),
        (NewPerson(given_name="A\u202egnp"), "given_name", "invisible"),
        (NewPerson(given_name="A", age=-1), "age", "age_range"),
        (NewPerson(given_name="A", age=4, birth_date=date(2020, 1, 1)), "age", "birth_and_age"),
        (NewPerson(given_name="A", needs=("no such",)), "needs", "unknown_need"),
    ],
)
def test_a_person_is_refused_at_the_field(
    door: dict[str, Any], told: NewPerson, field: str, code: str
) -> None:
    refused(code, f"people.1.{field}", households.register, **door, people=[OLENA, told])


def test_everything_wrong_is_said_at_once(door: dict[str, Any]) -> None:
    wrong = [NewPerson(), NewPerson(given_name="A", age=500)]
    with pytest.raises(ValidationError) as caught:
        households.register(**door, people=wrong, groups=[NewGroup(people=0)], consents={"fame": True})
    assert codes(caught.value).keys() == {
        "people.0.family_name",
        "people.1.age",
        "groups.0.people",
        "consents",
    }


def test_a_household_of_nobody_is_refused(door: dict[str, Any]) -> None:
    refused("nobody", "people", households.register, **door)


def test_nobody_registers_tomorrow_or_without_a_zone(door: dict[str, Any]) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    refused("in_future", "occurred_at", households.register, **door, people=[OLENA], occurred_at=tomorrow)
    stone_age = KURSK_MORNING.replace(year=200)
    refused("too_long_ago", "occurred_at", households.register, **door, people=[OLENA], occurred_at=stone_age)
    naive = KURSK_MORNING.replace(tzinfo=None)
    refused("no_zone", "occurred_at", households.register, **door, people=[OLENA], occurred_at=naive)


def test_what_an_interface_forgets_is_said_by_the_database(door: dict[str, Any]) -> None:
    refused(
        "required", "registered_in", households.register, **{**door, "registered_in": None}, people=[OLENA]
    )


def test_a_person_joins_a_household_later() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    person = people.add(household=household, person=OLENA, by=by)
    assert (person.household, person.organisation, person.recorded_by) == (
        household,
        household.organisation,
        by.pk,
    )
    assert [event.action for event in AuditEvent.objects.all()] == ["register"]
    refused("name_needed", "family_name", people.add, household=household, person=NewPerson(), by=by)
    voided = HouseholdFactory.create(voided=True)
    refused("void", "household", people.add, household=voided, person=OLENA, by=by)


def test_serials_rise_and_are_never_given_twice() -> None:
    first, second = next_serials(3), next_serials(2)
    assert first == sorted(first)
    assert len({*first, *second}) == 5
    assert next_serials(0) == []
