"""The name of a shelter is taken for all organisations of its region, which tells nobody of one that they do not see."""

from typing import Any

import pytest

from accounts.models import Organisation
from accounts.policy import POLICY, Reach, Role
from shelters.models import Shelter
from tests.api.conftest import client_of
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import kursk_tree, region
from tests.factories.shelters import OpenShelterFactory

pytestmark = pytest.mark.django_db
SHELTERS = "/api/v1/shelters/"
TAKEN, FREE = "School 4", "School 5"


@pytest.fixture
def taken() -> Shelter:
    """A shelter of another organisation in Kursk."""
    kursk_tree()
    made: Shelter = OpenShelterFactory.create(name=TAKEN, region=region("RU-KRS-KURSK"))
    return made


def entered(place: str, name: str, *, works_in: str) -> tuple[Any, Any]:
    """What a manager of that part of the country is answered, without what differs each time, and the browser."""
    own: Organisation = OrganisationFactory.create()
    client = client_of(user_in_role(Role.SHELTER_MANAGER, organisation=own, region=region(works_in)))
    answer = client.post(
        SHELTERS, {"name": name, "region": place, "state": {"places_open": 40}}, format="json"
    )
    told = {name: value for name, value in answer.json().items() if name != "request_id"}
    return (answer.status_code, told), client


def test_whoever_enters_or_names_shelters_sees_those_of_every_organisation_there() -> None:
    """On this rests that the refusal tells nothing: change it here, and names have to be taken for one organisation alone."""
    naming = [
        role
        for role in Role
        if (rule := POLICY[role].get("shelters.shelter")) and {"add", "change"} & rule.actions.keys()
    ]
    assert naming == [Role.SHELTER_MANAGER]
    for role in naming:
        assert POLICY[role]["shelters.shelter"].actions["view"] is Reach.REGION


def test_who_is_refused_a_name_reads_the_shelter_that_has_it(taken: Shelter) -> None:
    """One building that two organisations enter would be counted twice, with its places."""
    (status, told), client = entered("RU-KRS-KURSK", TAKEN, works_in="RU-KRS")
    assert status == 400
    assert [each["code"] for each in told["errors"]] == ["shelter_name_in_region"]
    assert str(taken.pk) in [row["id"] for row in client.get(SHELTERS).json()["results"]]


def test_who_does_not_see_it_is_answered_alike_for_a_taken_and_a_free_name(taken: Shelter) -> None:
    refused, client = entered("RU-KRS-KURSK", TAKEN, works_in="UA-59")
    assert refused == entered("RU-KRS-KURSK", FREE, works_in="UA-59")[0]
    assert refused[0] == 400
    assert client.get(f"{SHELTERS}{taken.pk}/").status_code == 404
