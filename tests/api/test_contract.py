"""What holds of every address: pages with links, sparse answers, what is left of the account's requests, and going away."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.policy import Role
from config.api_urls import router
from core.api import retiring
from core.api.retiring import LEAST_DAYS, RETIRING, Retiring
from tests.api.conftest import ClientAs, client_of, reader_of
from tests.api.routes import READS, ROUTES
from tests.api.test_input import faults
from tests.api.world import World
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import PersonFactory

PEOPLE = "/api/v1/people/"


def links(answer: Any) -> dict[str, str]:
    """The addresses in the header Link, by their relation."""
    header = answer.headers["Link"]
    parts = [part.split("; ") for part in header.split(", ")]
    return {relation.removeprefix('rel="').rstrip('"'): url.strip("<>") for url, relation in parts}


def test_pages_are_linked_in_the_header_as_in_the_body(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGISTRAR)
    PersonFactory.create_batch(4, household=world.person.household)
    first = client.get(f"{PEOPLE}?page_size=2&region=RU-KRS")
    assert links(first).keys() == {"next", "first"}
    second = client.get(links(first)["next"])
    assert links(second).keys() == {"next", "prev", "first"}
    assert (links(second)["next"], links(second)["prev"]) == (
        second.json()["next"],
        second.json()["previous"],
    )
    assert client.get(links(second)["first"]).json() == first.json()
    assert client.get(links(second)["prev"]).json()["results"] == first.json()["results"]


@pytest.mark.parametrize("size", ["0", "501", "100000", "-1", "1e3", "*"])
def test_a_page_is_bounded(size: str, client_as: ClientAs) -> None:
    assert client_as(Role.REGISTRAR).get(f"{PEOPLE}?page_size={size}").status_code == 400


def test_only_the_fields_that_were_asked_for(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGISTRAR)
    for url in (PEOPLE, f"{PEOPLE}{world.person.pk}/"):
        shown = client.get(f"{url}?fields=number,version").json()
        rows = shown.get("results", [shown])
        assert rows
        assert all(row.keys() == {"id", "number", "version"} for row in rows)


@pytest.mark.parametrize(
    "asked", ["*", "", "number,", "serial", "number, version", "Zxqvky", "number;version", "x" * 2000]
)
def test_a_field_that_is_not_listed_is_refused(asked: str, world: World, client_as: ClientAs) -> None:
    for url in (PEOPLE, f"{PEOPLE}{world.person.pk}/"):
        answer = client_as(Role.REGISTRAR).get(url, {"fields": asked})
        assert faults(answer) == {"fields": "unknown_field"}
        assert "Zxqvky" not in answer.content.decode()


def test_a_field_that_is_hidden_is_as_unknown_as_any(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.SHELTER_MANAGER)
    url = f"/api/v1/households/{world.household.pk}/"
    hidden, unknown = (client.get(f"{url}?fields={name}").json() for name in ("phone", "nothing"))
    assert hidden["errors"] == unknown["errors"]
    assert "phone" not in hidden["errors"][0]["detail"]


def test_every_list_and_record_takes_fields(world: World) -> None:
    user = almighty()
    for route in READS:
        client = client_of(reader_of(route, world, user))
        if route.path == "changes/":  # no record, and no list of them
            continue
        if route.path.endswith(("{}/", "s/", "a/")) and "/{}/" not in route.path[:-4]:
            name = "code" if route.path.startswith("specific") else "key" if route.key == "key" else "id"
            if route.path in ("regions/", "operations/"):
                name = "key"
            answer = client.get(f"{route.url(world)}?fields={name}")
            assert answer.status_code == 200, (route, answer.content)


def test_an_account_is_told_what_is_left_and_then_when_to_go_on(
    world: World, client_as: ClientAs, settings: Settings
) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    client, other = client_as(Role.REGISTRAR), client_as(Role.REGISTRAR)
    answers = [
        client.get(PEOPLE),
        client.get(f"{PEOPLE}?no=1"),
        client.post("/api/v1/figures/"),
        client.get(PEOPLE),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 405, 429]
    left = [answer.headers["RateLimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers["RateLimit-Policy"] == '"account";q=3;w=60'
    assert answers[3].json()["code"] == "too_many_requests"
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert other.get(PEOPLE).status_code == 200


def test_every_address_is_counted_and_says_when_to_go_on(
    world: World, client_as: ClientAs, settings: Settings
) -> None:
    settings.API_REQUESTS_A_MINUTE = 0
    client = client_as(Role.PARTNER_SYSTEM)
    for route in ROUTES:
        answer = getattr(client, route.method)(route.url(world))
        assert answer.status_code == 429, route
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert {"RateLimit", "RateLimit-Policy"} <= answer.headers.keys(), route


def test_without_valkey_people_go_on(world: World, client_as: ClientAs, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client_as(Role.REGISTRAR).get(PEOPLE)
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_an_address_that_goes_says_so(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = Retiring(date(2026, 1, 1), date(2026, 12, 31), "https://musterpoint.example/docs")
    monkeypatch.setitem(retiring.RETIRING, "person.list", going)
    client = client_as(Role.REGISTRAR)
    answer = client.get(f"{PEOPLE}?page_size=1")
    assert answer.headers["Deprecation"] == "@1767225600"
    assert answer.headers["Sunset"] == "Thu, 31 Dec 2026 00:00:00 GMT"
    assert links(answer).keys() >= {"first", "deprecation"}
    assert "Deprecation" not in client.get(f"{PEOPLE}{world.person.pk}/").headers


def test_what_goes_is_there_and_is_told_of_half_a_year_before() -> None:
    callbacks: list[Any] = [pattern.callback for pattern in router.urls]
    acts = {f"{each.initkwargs['basename']}.{act}" for each in callbacks for act in each.actions.values()}
    assert RETIRING.keys() <= acts
    assert [
        act for act, going in RETIRING.items() if going.until - going.since < timedelta(days=LEAST_DAYS)
    ] == []


def test_the_way_out_is_counted_for_systems_too(world: World, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 1
    client: APIClient = client_of(user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation))
    assert [client.get(PEOPLE).status_code for _ in range(2)] == [200, 429]
