"""Telephones: plain in Python, sealed in the database at their own row alone, and found when they are known exactly."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.policy import Role
from core.encryption import UnreadableError
from core.sealed import Sealed
from displacement.actions import households
from displacement.models import Household, Person
from tests.desk.pages import desk_of, list_url
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
PHONE = "+7 955 731-42-86"


@pytest.fixture
def home() -> Household:
    """Has a telephone."""
    made: Household = HouseholdFactory.create(phone=PHONE)
    return made


def stored(home: Household) -> str:
    """What the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM displacement_household WHERE id = %s", [str(home.pk)])
        return str(cursor.fetchone()[0])


def test_it_is_plain_in_python_and_sealed_in_the_database(home: Household) -> None:
    kept = Household.objects.get(pk=home.pk)
    assert isinstance(kept.__dict__["phone"], Sealed), "nothing is opened before it is asked for"
    assert kept.phone == home.phone == PHONE
    assert stored(home).startswith("mp1.tests.")
    assert not any(text in stored(home) for text in (PHONE, "731-42-86", "7314286"))
    assert HouseholdFactory.create(phone="").phone == ""
    assert {row.phone for row in Household.objects.defer("phone").filter(pk=home.pk)} == {PHONE}


def test_saving_anything_else_leaves_it_as_it_is(home: Household) -> None:
    before = stored(home)
    kept = Household.objects.get(pk=home.pk)
    kept.language = "uk"
    kept.save()
    assert stored(home) == before
    kept.phone = "+7 955 000-11-22"
    kept.save(update_fields=["phone"])
    kept.refresh_from_db()
    assert (kept.phone, kept.phone_index != home.phone_index) == ("+7 955 000-11-22", True)


def test_one_that_was_copied_into_another_household_does_not_open(home: Household) -> None:
    other = HouseholdFactory.create()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE displacement_household SET phone = %s WHERE id = %s", [stored(home), str(other.pk)]
        )
    with pytest.raises(UnreadableError):
        _ = Household.objects.get(pk=other.pk).phone


def test_nothing_writes_or_asks_for_it_in_clear(home: Household) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: Household.objects.update(phone=PHONE),
        lambda: Household.objects.filter(phone=PHONE).exists(),
        lambda: Household.objects.filter(phone__icontains="731").exists(),
        lambda: Household.objects.bulk_update([home], ["phone"]),
    )
    for act in acts:
        with (
            pytest.raises((TypeError, FieldError), match=r"is sealed|Unsupported lookup"),
            transaction.atomic(),
        ):
            act()
    assert Household.objects.exclude(phone="").get() == home
    Household.objects.bulk_create([_like(home, phone="+7 955 111-22-33")])
    assert Household.objects.exclude(pk=home.pk).get().phone == "+7 955 111-22-33"


def _like(home: Household, **changed: Any) -> Household:
    told = {field.attname: getattr(home, field.attname) for field in Household._meta.concrete_fields}
    return Household(**{**told, "id": uuid4(), "serial": 1, "reference": "", **changed})


@pytest.fixture
def own() -> Organisation:
    """Whose records are searched."""
    made: Organisation = OrganisationFactory.create()
    return made


def found(user: User, text: str, model: Any = Household) -> set[Any]:
    """What the desk lists."""
    answer = desk_of(user).get(list_url(model), {"q": text})
    return {row.pk for row in answer.context["cl"].result_list}


def test_a_whole_number_finds_and_a_part_of_one_does_not(own: Organisation) -> None:
    registrar = user_in_role(Role.REGISTRAR, organisation=own)
    home = HouseholdFactory.create(organisation=own, phone=PHONE)
    person = PersonFactory.create(household=home)
    elsewhere = HouseholdFactory.create(phone=PHONE)
    for text in (PHONE, "8 (955) 731 42 86", "955-731-42-86", " 79557314286 "):
        assert found(registrar, text) == {home.pk}
        assert found(registrar, text, Person) == {person.pk}
    for text in ("731-42-86", "+7 955 731", "42", "955 731 42 87"):
        assert found(registrar, text) == set(), text
    assert elsewhere.phone_index == home.phone_index, (
        "doubles across organisations are found by the same number"
    )


def test_whoever_does_not_see_telephones_learns_nothing_by_searching(own: Organisation) -> None:
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=own)
    HouseholdFactory.create(organisation=own, phone=PHONE)
    assert found(manager, PHONE) == found(manager, "955 731 42 87") == set()


def test_a_correction_keeps_index_and_history_without_the_number(own: Organisation) -> None:
    by = user_in_role(Role.REGISTRAR, organisation=own)
    home = HouseholdFactory.create(organisation=own, phone=PHONE)
    changed = households.change(household=home, version=home.version, by=by, phone="+7 955 000-11-22")
    assert (changed.phone, found(by, PHONE), found(by, "9550001122")) == (
        "+7 955 000-11-22",
        set(),
        {home.pk},
    )
