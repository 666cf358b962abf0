"""Two people open the same record: the second who saves is told, and nothing is lost."""

from datetime import date
from typing import Any

import pytest

from audit.models import AuditEvent
from displacement.actions import households, people
from displacement.models import Person
from tests.factories.accounts import UserFactory
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import region
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_an_edit_is_the_next_version_with_one_trace_that_names_fields_only() -> None:
    person, by = PersonFactory.create(), UserFactory.create()
    changed = people.change(person=person, version=1, by=by, family_name="Бондаренко", sex="other")
    changed.refresh_from_db()
    assert (changed.family_name, changed.family_key, changed.version) == ("Бондаренко", "bondarenko", 2)
    event = AuditEvent.objects.get()
    assert (event.action, event.detail) == ("change", {"fields": ["family_name", "sex"]})


def test_a_stale_edit_is_refused_and_the_newer_one_stays() -> None:
    person, by = PersonFactory.create(given_name="Ганна"), UserFactory.create()
    people.change(person=person, version=1, by=by, given_name="Олена")
    sentence = refused(
        "version_conflict", "", people.change, person=person, version=1, by=by, given_name="Ольга"
    )
    assert "Reload it" in sentence
    assert Person.objects.get().given_name == "Олена"


def test_nothing_different_is_no_edit() -> None:
    person = PersonFactory.create()
    same = people.change(person=person, version=1, by=UserFactory.create(), family_name=person.family_name)
    assert same.version == 1
    assert not AuditEvent.objects.exists()


def test_a_household_is_edited_in_the_same_way() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    home = region("RU-KRS-GLUSHKOVSKY")
    changed = households.change(household=household, version=1, by=by, phone="+7 1", origin=home)
    assert (changed.phone, changed.origin, changed.version) == ("+7 1", home, 2)
    refused("version_conflict", "", households.change, household=household, version=1, by=by, phone="+7 2")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"given_name": "", "family_name": " "}, "family_name", "name_needed"),
        ({"family_name": "A" * 201}, "family_name", "max_length"),
        ({"sex": "woman"}, "sex", "invalid_choice"),
        ({"birth_date": date(2100, 1, 1)}, "birth_date", "birth_in_future"),
        ({"birth_date": date(1880, 1, 1)}, "birth_date", "too_old"),
        ({"serial": 7}, "serial", "not_changeable"),
        ({"organisation": None}, "organisation", "not_changeable"),
    ],
)
def test_an_edit_is_checked_like_a_registration(changes: dict[str, Any], field: str, code: str) -> None:
    refused(
        code,
        field,
        people.change,
        person=PersonFactory.create(),
        version=1,
        by=UserFactory.create(),
        **changes,
    )


def test_a_new_birth_date_is_exact_unless_told_and_no_date_has_no_precision() -> None:
    by = UserFactory.create()
    person = PersonFactory.create(birth_precision="estimated")
    exact = people.change(person=person, version=1, by=by, birth_date=date(1981, 2, 3))
    assert exact.birth_precision == "day"
    assert people.change(person=exact, version=2, by=by, birth_date=None).birth_precision == ""


def test_a_voided_record_is_not_edited() -> None:
    refused(
        "void",
        "",
        people.change,
        person=PersonFactory.create(voided=True),
        version=1,
        by=UserFactory.create(),
        sex="male",
    )
