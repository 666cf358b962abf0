"""A request that is sent twice under one key is carried out once, and its second answer is that of the first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import idempotency
from accounts.models import IdempotencyKey
from accounts.policy import Role
from displacement.models import Household
from retention.actions.applying import apply_all
from shelters.models import Stay
from tests.api.conftest import ClientAs, bare_client, client_of
from tests.api.route import Route
from tests.api.routes import CREATES, a_list
from tests.api.test_access import is_allowed
from tests.api.world import World
from tests.factories.accounts import user_in_role

HOUSEHOLDS = "/api/v1/households/"
FAMILY = {
    "registered_in": "RU-KRS-KURSK",
    "people": [{"given_name": "Олена", "family_name": "Ковальчук"}, {"given_name": "Іван"}],
    "phone": "+7 900 000 00 07",
}


def send(
    client: APIClient, body: dict[str, Any] = FAMILY, *, key: str = "a-key", url: str = HOUSEHOLDS
) -> Any:
    """Post a body under a key."""
    return client.post(url, body, headers={"Idempotency-Key": key})


@pytest.fixture
def registrar(client_as: ClientAs) -> APIClient:
    """Somebody who registers families."""
    return client_as(Role.REGISTRAR)


def test_the_same_again_makes_nothing_and_is_answered_alike(registrar: APIClient) -> None:
    before = Household.objects.count()
    first, second = send(registrar), send(registrar, dict(reversed(FAMILY.items())))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    for header in ("Location", "ETag", "Content-Type"):
        assert first.headers[header] == second.headers[header]
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")
    assert Household.objects.count() == before + 1


def test_quotes_around_a_key_are_no_part_of_it(registrar: APIClient) -> None:
    assert send(registrar, key='"a-key"').content == send(registrar, key="a-key").content


def test_without_the_guard_there_are_two(registrar: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(idempotency, "_known", lambda _claim: None)
    monkeypatch.setattr(idempotency, "_keep", lambda _claim, _made: True)
    before = Household.objects.count()
    assert send(registrar).json()["id"] != send(registrar).json()["id"]
    assert Household.objects.count() == before + 2


def test_something_else_under_the_key_is_refused(registrar: APIClient) -> None:
    assert send(registrar).status_code == 201
    answer = send(registrar, {**FAMILY, "phone": "+7 900 000 00 08"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_what_was_refused_leaves_the_key_free(registrar: APIClient) -> None:
    assert send(registrar, {**FAMILY, "people": []}).status_code == 400
    assert send(registrar).status_code == 201


def test_the_key_belongs_to_one_account_and_one_address(world: World, client_as: ClientAs) -> None:
    body = {"household": str(world.household.pk), "given_name": "Марія"}
    one, other = client_as(Role.REGISTRAR), client_as(Role.REGISTRAR)
    made = [send(client, body, url="/api/v1/people/").json()["id"] for client in (one, other, one)]
    assert (made[0] == made[2], made[0] == made[1]) == (True, False)
    assert send(one).status_code == 201


@pytest.mark.parametrize("route", CREATES, ids=str)
def test_each_create_is_done_once(route: Route, world: World) -> None:
    assert route.body
    role = next(role for role in Role if is_allowed(role, route))
    client, body = client_of(user_in_role(role, organisation=world.organisation)), route.body(world)
    url = route.url(world)
    assert send(client, body, url=url).content == send(client, body, url=url).content
    assert IdempotencyKey.objects.count() == 1


def test_a_file_is_known_again(world: World, registrar: APIClient) -> None:
    def post(key: str) -> Any:
        body = {"file": a_list(), "kind": "people", "region": "RU-KRS-KURSK"}
        return registrar.post("/api/v1/batches/", body, format="multipart", headers={"Idempotency-Key": key})

    first, second = post("a-list"), post("a-list")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert post("another").json()["code"] == "conflict"


def test_a_household_that_was_checked_in_is_told_as_it_is_now(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.SHELTER_MANAGER)
    body = {"household": str(world.somebody().household_id), "shelter": str(world.shelter.pk)}
    first = send(client, body, url="/api/v1/stays/").json()["results"]
    client.post(f"/api/v1/stays/{first[0]['id']}/check-out/", {})
    second = send(client, body, url="/api/v1/stays/").json()["results"]
    assert [stay["id"] for stay in first] == [stay["id"] for stay in second]
    assert second[0]["ended_at"] is not None
    assert Stay.objects.filter(pk=first[0]["id"]).count() == 1


def test_who_may_not_see_the_record_any_more_is_not_told_of_it(world: World) -> None:
    user = user_in_role(Role.REGISTRAR, organisation=world.organisation)
    assert send(client_of(user)).status_code == 201
    user.memberships.update(role=Role.SHELTER_MANAGER)
    assert send(client_of(user)).status_code == 403


@pytest.mark.parametrize("key", ["", " ", "ключ", "two words", "x" * 256, '"open', "a\tb"])
def test_a_key_that_nobody_could_compare_is_refused(key: str, registrar: APIClient) -> None:
    answer = registrar.post(HOUSEHOLDS, FAMILY, HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_unreadable")
    assert "ключ" not in answer.content.decode()


def test_a_partner_system_must_send_one_and_a_person_may(world: World) -> None:
    partner = bare_client(user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation))
    answer = partner.post(HOUSEHOLDS, FAMILY)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")
    assert send(partner).status_code == 201
    person = client_of(user_in_role(Role.REGISTRAR, organisation=world.organisation))
    assert person.post(HOUSEHOLDS, FAMILY).status_code == 201


def test_nothing_of_what_was_sent_is_kept(registrar: APIClient) -> None:
    assert send(registrar, key="Ковальчук".encode().hex()).status_code == 201
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_idempotencykey::text FROM accounts_idempotencykey")
        ((kept,),) = cursor.fetchall()
    for word in ("Ковальчук", "Олена", FAMILY["phone"], "Ковальчук".encode().hex()):
        assert word not in kept


def test_a_key_costs_two_statements(registrar: APIClient) -> None:
    def cost(**headers: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert registrar.post(HOUSEHOLDS, FAMILY, headers=headers).status_code == 201
        return sum("SAVEPOINT" not in query["sql"] for query in seen)

    assert cost(**{"Idempotency-Key": "k"}) == cost() + 2


def test_keys_are_removed_after_thirty_days(registrar: APIClient) -> None:
    for key, days in (("old", 31), ("kept", 29)):
        assert send(registrar, key=key).status_code == 201
        last = IdempotencyKey.objects.latest("id")
        IdempotencyKey.objects.filter(pk=last.pk).update(made_at=timezone.now() - timedelta(days=days))
    apply_all(each="night")
    assert IdempotencyKey.objects.count() == 1
    assert send(registrar, key="kept").headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in send(registrar, key="old").headers
