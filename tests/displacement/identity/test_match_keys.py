"""Keys stand in the register and stay in step with what is known of a person, whichever way it was written."""

from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from displacement.actions import households, people
from displacement.actions.people import NewPerson
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of
from displacement.models import Household, Person
from intake.register import Register
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import region
from tests.intake.families import household, named, person
from tests.refusals import codes, refused

pytestmark = pytest.mark.django_db
PHONE = "+380441234567"
IVAN = NewPerson(given_name="Иван", family_name="Петренко", birth_date=date(1990, 5, 6), reference="P-1")


def _in_step(record: Person) -> Person:
    """The person as it stands, whose keys are those of what is known."""
    fresh: Person = Person.objects.select_related("household").get(pk=record.pk)
    assert fresh.match_keys == keys_of(fresh.identity()) != []
    return fresh


def _register(**values: Any) -> Household:
    told: dict[str, Any] = {
        "organisation": OrganisationFactory.create(),
        "registered_in": region("RU-KRS-KURSK"),
        "people": [IVAN],
    }
    return households.register(**{"by": UserFactory.create(), **told, **values})


def test_registration_correction_and_a_new_phone_keep_keys_in_step() -> None:
    by = UserFactory.create()
    home = _register(by=by, phone=PHONE)
    first = _in_step(home.people.get())
    corrected = _in_step(people.change(person=first, version=1, by=by, family_name="Сидоренко"))
    assert set(first.match_keys) != set(corrected.match_keys)
    by_phone = set(keys_of(Identity(phone=PHONE)))
    assert by_phone < set(corrected.match_keys)
    households.change(household=home, version=1, by=by, phone="")
    assert not by_phone & set(_in_step(first).match_keys)


def test_bulk_and_single_registration_make_the_same_keys() -> None:
    Register(by=UserFactory.create(), source="test").write([named(phone=PHONE)])
    assert len([_in_step(one) for one in Person.objects.all()]) == 2


def test_a_person_is_found_by_a_shared_key_and_nobody_else() -> None:
    ivan = _register().people.get()
    PersonFactory.create()
    keys = keys_of(Identity("Ivan", family_name="Petrenko"))
    assert list(Person.objects.sharing_keys(keys)) == [ivan]
    assert not Person.objects.sharing_keys([]).exists()


def test_people_who_are_there_already_get_keys() -> None:
    old = [PersonFactory.create(household=HouseholdFactory.create(phone=PHONE)) for _ in range(3)]
    Person.objects.update(match_keys=[], family_key="", given_key="")
    import_module("displacement.migrations.0003_match_keys").fill(apps, None)
    assert all(_in_step(one).family_key for one in old)


def test_an_organisation_has_a_reference_once() -> None:
    by, organisation = UserFactory.create(), OrganisationFactory.create()
    told: dict[str, Any] = {"by": by, "organisation": organisation, "registered_in": region("RU-KRS-KURSK")}
    home = households.register(**told, people=[IVAN], reference=" H-1 ")
    assert (home.reference, home.people.get().reference) == ("H-1", "P-1")
    other = NewPerson(given_name="Ольга", reference="P-1")
    refused(
        "household_reference",
        "reference",
        households.register,
        **told,
        people=[NewPerson(given_name="О")],
        reference="H-1",
    )
    refused("person_reference", "reference", people.add, household=home, person=other, by=by)
    assert _register(reference="H-1").reference == "H-1", "another organisation has numbers of its own"


def test_a_list_brings_ids_and_references_of_its_own() -> None:
    ids = UUID(int=1 << 100), UUID(int=2 << 100)
    listed = household(id=ids[0], reference="H-1", people=[person(id=ids[1], reference="P-1")])
    Register(by=UserFactory.create(), source="test").write([listed])
    ivan = Person.objects.get()
    assert (ivan.household_id, ivan.pk, ivan.reference, ivan.household.reference) == (*ids, "P-1", "H-1")
    again = listed._replace(id=None, people=[])
    with pytest.raises(ValidationError) as caught:
        Register(by=UserFactory.create(), source="test").write([again])
    assert codes(caught.value) == {"reference": ["household_reference"]}
