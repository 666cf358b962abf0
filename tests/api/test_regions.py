"""Regions and operations over the API."""

import pytest
from rest_framework.test import APIClient

from accounts.policy import Role
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    kursk_tree()
    client = APIClient()
    client.force_login(user_in_role(Role.REGISTRAR))
    return client


def test_a_region_is_found_by_a_name_in_any_alphabet(client: APIClient) -> None:
    for name in ("Sudzhansky District", "Суджанский район", "суджанський район"):
        answer = client.get("/api/v1/regions/", {"named": name})
        assert [row["key"] for row in answer.json()["results"]] == ["RU-KRS-SUDZHANSKY"], answer.content


def test_an_operation_tells_its_rhythm(client: APIClient) -> None:
    RunningOperationFactory.create()
    answer = client.get("/api/v1/operations/kursk-2024/")
    assert answer.json() == {
        "key": "kursk-2024",
        "name": "Kursk 2024",
        "starts_on": "2024-08-06",
        "ends_on": None,
        "zone": "Europe/Moscow",
        "report_due": "06:00:00",
        "regions": ["RU-KRS"],
    }


def test_pages_follow_each_other_without_gap_or_repeat(client: APIClient) -> None:
    url, seen = "/api/v1/regions/?page_size=4", []
    while url:
        page = client.get(url).json()
        seen += [row["path"] for row in page["results"]]
        last, url = page, page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 11
    back = client.get(last["previous"]).json()
    assert [row["path"] for row in back["results"]] == seen[4:8]
