"""Households that divide and join over the API, and partners' own numbers."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.policy import Role
from displacement.models import Household, Person
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import CountedHouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUSEHOLDS, PEOPLE = "/api/v1/households/", "/api/v1/people/"


@pytest.fixture
def own() -> Organisation:
    """The organisation for which the partner's system works."""
    organisation: Organisation = OrganisationFactory.create()
    return organisation


@pytest.fixture
def client(own: Organisation) -> Client:
    """A registrar's system."""
    client = Client()
    client.force_login(user_in_role(Role.REGISTRAR, organisation=own))
    return client


def _post(client: Client, path: str, **told: Any) -> Any:
    return client.post(path, told, content_type="application/json")


def _family(own: Organisation) -> tuple[Household, list[Person]]:
    first = PersonFactory.create(household__organisation=own)
    rest = PersonFactory.create_batch(2, household=first.household)
    return first.household, [first, *rest]


def test_who_leaves_is_in_a_household_of_their_own(client: Client, own: Organisation) -> None:
    household, people = _family(own)
    leaving = [str(person.pk) for person in people[:2]]
    answer = _post(
        client, f"{HOUSEHOLDS}{household.pk}/split/", people=leaving, head=leaving[0], phone="+7 471 200"
    )
    assert answer.status_code == 200, answer.content
    new = answer.json()
    assert (new["number"], new["phone"]) != (household.number, household.phone)
    assert [row["id"] for row in new["people"]] == leaving
    left = client.get(f"{HOUSEHOLDS}{household.pk}/").json()
    assert [row["id"] for row in left["people"]] == [str(people[2].pk)]


def test_counted_people_leave_and_come_back(client: Client, own: Organisation) -> None:
    household = CountedHouseholdFactory.create(organisation=own)
    women = {"people": 1, "sex": "female", "age_band": "18-59"}
    new = _post(client, f"{HOUSEHOLDS}{household.pk}/split/", groups=[women]).json()
    assert new["groups"] == [women]
    back = _post(client, f"{HOUSEHOLDS}{new['id']}/join/", into=str(household.pk))
    assert back.status_code == 200, back.content
    assert back.json()["id"] == str(household.pk)
    assert sum(row["people"] for row in back.json()["groups"]) == 3


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({}, "/people", "nobody"),
        (
            {"groups": [{"people": 9, "sex": "female", "age_band": "18-59"}]},
            "/groups/0/people",
            "not_so_many",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client: Client, own: Organisation, told: dict[str, Any], field: str, code: str
) -> None:
    household = CountedHouseholdFactory.create(organisation=own)
    answer = _post(client, f"{HOUSEHOLDS}{household.pk}/split/", **told)
    assert answer.status_code == 400
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {(field, code)}
    assert Household.objects.count() == 1


def test_a_household_of_another_organisation_is_as_absent(client: Client, own: Organisation) -> None:
    mine, theirs = (
        PersonFactory.create(household__organisation=own).household,
        CountedHouseholdFactory.create(),
    )
    nowhere = "01917e2b-5c00-7a3e-9d2f-0242ac120002"
    errors = [
        _post(client, f"{HOUSEHOLDS}{mine.pk}/join/", into=str(into)).json()["errors"]
        for into in (theirs.pk, nowhere)
    ]
    assert errors[0] == errors[1]
    assert _post(client, f"{HOUSEHOLDS}{theirs.pk}/join/", into=str(mine.pk)).status_code == 404


def test_a_partners_own_number_is_kept_found_and_given_once(client: Client, own: Organisation) -> None:
    told = {
        "registered_in": "RU-KRS",
        "reference": "F-17",
        "people": [{"given_name": "Олена", "reference": "P-4"}],
    }
    PersonFactory.create(reference="P-4")
    made = _post(client, HOUSEHOLDS, **told).json()
    assert (made["reference"], made["people"][0]["reference"]) == ("F-17", "P-4")
    for path, number, wanted in ((HOUSEHOLDS, "F-17", made["id"]), (PEOPLE, "P-4", made["people"][0]["id"])):
        assert [row["id"] for row in client.get(path, {"reference": number}).json()["results"]] == [wanted]
        assert client.get(path, {"reference": number.lower()}).json()["results"] == []
    again = _post(client, HOUSEHOLDS, **told)
    assert again.status_code in (400, 409)
    assert "reference" in again.content.decode()
    assert Household.objects.filter(organisation=own).count() == 1
    changed = client.patch(
        f"{HOUSEHOLDS}{made['id']}/", {"version": 1, "reference": "F-18"}, content_type="application/json"
    )
    assert changed.json()["reference"] == "F-18"
