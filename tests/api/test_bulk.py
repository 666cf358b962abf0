"""Many records in one request: each is taken or refused by itself."""

import json
from functools import partial
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.api.bulk import MOST_FAULTS_OF_ITEM, MOST_ITEMS
from accounts.models import IdempotencyKey
from accounts.policy import Role
from core.clock import database_now
from displacement.actions import movements
from displacement.models import Household, Movement, Person
from tests.api.conftest import ClientAs, client_of
from tests.api.routes import BULKS, CREATES
from tests.api.test_access import is_allowed
from tests.api.world import World, earlier
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region

PEOPLE, MOVEMENTS, STAYS = (f"/api/v1/{name}/bulk/" for name in ("people", "movements", "stays"))


def statuses(answer: Any) -> list[int]:
    """The status of each item."""
    assert answer.status_code == 207, answer.content
    return [each["status"] for each in answer.json()["results"]]


@pytest.mark.parametrize("route", BULKS, ids=str)
def test_each_kind_is_made_as_one_by_one(route: Any, world: World) -> None:
    role = next(role for role in Role if is_allowed(role, route))
    client = client_of(user_in_role(role, organisation=world.organisation))
    answer = client.post(route.url(world), route.body(world))
    assert statuses(answer) == [201], answer.content
    made = answer.json()["results"][0]
    shown = client.get(made["location"])
    assert (shown.status_code, shown.json()["id"]) == (200, made["id"])


def test_a_bad_item_loses_no_other_and_the_order_is_kept(world: World, client_as: ClientAs) -> None:
    foreign = PersonFactory.create().household
    house = str(world.household.pk)
    items = [
        {"household": house, "given_name": "Марія"},
        {"household": house, "given_name": "Zxqvky", "age": 400},
        {"household": str(foreign.pk), "given_name": "Іван"},
        {"household": house},
        "Zxqvky",
        {"household": house, "given_name": "Іван", "serial": 4},
        {"household": house, "given_name": "Ганна"},
    ]
    before = Person.objects.count()
    answer = client_as(Role.REGISTRAR).post(PEOPLE, {"items": items})
    assert statuses(answer) == [201, 400, 400, 400, 400, 400, 201]
    results = answer.json()["results"]
    pointers = [[fault["pointer"] for fault in each["problem"]["errors"]] for each in results[1:6]]
    assert pointers == [
        ["/items/1/age"],
        ["/items/2/household"],
        ["/items/3/family_name"],
        ["/items/4"],
        ["/items/5/serial"],
    ]
    assert "Zxqvky" not in answer.content.decode()
    assert Person.objects.count() == before + 2
    names = [Person.objects.get(pk=results[place]["id"]).given_name for place in (0, 6)]
    assert names == ["Марія", "Ганна"]


def test_what_the_role_does_not_reach_is_refused_item_by_item(world: World) -> None:
    """A registrar sees the shelter of another organisation and gives away no bed of it."""
    user = user_in_role(Role.REGISTRAR)
    guest = PersonFactory.create(household__organisation=user.memberships.get().organisation)
    items = [{"person": str(guest.pk), "shelter": str(world.shelter.pk)}]
    answer = client_of(user).post("/api/v1/stays/bulk/", {"items": items})
    assert statuses(answer) == [403]
    assert not guest.stays.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"items": []}, "min_length"),
        ({"items": {}}, "not_a_list"),
        ({"items": [{}] * (MOST_ITEMS + 1)}, "max_length"),
        ({"items": [{}], "more": 1}, "unknown_field"),
    ],
)
def test_a_list_that_is_none(body: dict[str, Any], code: str, client_as: ClientAs) -> None:
    answer = client_as(Role.REGISTRAR).post(PEOPLE, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_sent_again_under_its_key_it_does_nothing_and_tells_the_same(
    world: World, client_as: ClientAs
) -> None:
    client = client_as(Role.REGISTRAR)
    body = {"items": [{"household": str(world.household.pk), "given_name": name} for name in ("Анна", "")]}
    first, second = (client.post(PEOPLE, body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert statuses(first) == statuses(second) == [201, 400]
    assert first.json()["results"][0] == second.json()["results"][0]
    told, again = (answer.json()["results"][1]["problem"] for answer in (first, second))
    [fault], [fault_again] = told["errors"], again["errors"]
    for name in ("type", "status", "code", "detail", "instance"):
        assert told[name] == again[name]
    assert (fault["pointer"], fault["code"]) == (fault_again["pointer"], fault_again["code"])
    assert Person.objects.filter(given_name="Анна").count() == 1


def test_a_sentence_that_says_where_somebody_sleeps_is_neither_kept_nor_told_again(world: World) -> None:
    """Whoever sent the list may not see that stay any more, and who reads the table of keys never might."""
    user = user_in_role(Role.SHELTER_MANAGER, organisation=world.organisation)
    client, body = (
        client_of(user),
        {"items": [{"person": str(world.person.pk), "shelter": str(world.shelter.pk)}]},
    )
    first, second = (client.post(STAYS, body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert statuses(first) == statuses(second) == [409]
    assert world.shelter.name in first.content.decode(), "the control: it was told once"
    assert world.shelter.name not in json.dumps(IdempotencyKey.objects.get().outcome)
    assert world.shelter.name not in second.content.decode()
    [fault] = second.json()["results"][0]["problem"]["errors"]
    assert (fault["pointer"], fault["code"]) == ("/items/0/person", "already_checked_in")


def test_what_is_out_of_sight_by_then_is_told_as_absent(world: World) -> None:
    user = user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation)
    client = client_of(user)
    items = [{"household": str(world.household.pk), "given_name": name} for name in ("Анна", "Ольга")]
    send = partial(client.post, PEOPLE, {"items": items}, headers={"Idempotency-Key": "k"})
    made = [each["id"] for each in send().json()["results"]]
    assert [each["id"] for each in send().json()["results"]] == made
    Person.objects.filter(pk=made[0]).update(
        **Person.on_erase.empties, erased_at=database_now(), erased_by=user.pk
    )
    assert statuses(send()) == [404, 201]
    user.memberships.update(region=region("UA-59"))
    told = send()
    assert statuses(told) == [404, 404]
    assert not [key for key in made if key in told.content.decode()]


def test_a_list_full_of_faults_is_answered_and_kept_in_short(world: World, client_as: ClientAs) -> None:
    items = [{f"field {number}": 1 for number in range(100)}] * MOST_ITEMS
    answer = client_as(Role.REGISTRAR).post(PEOPLE, {"items": items}, headers={"Idempotency-Key": "k"})
    assert statuses(answer) == [400] * MOST_ITEMS
    assert max(len(each["problem"]["errors"]) for each in answer.json()["results"]) == MOST_FAULTS_OF_ITEM
    sent = len(json.dumps(items))
    assert len(answer.content) < 4 * sent
    assert len(json.dumps(IdempotencyKey.objects.get().outcome)) < sent


def test_a_name_that_was_sent_as_a_field_is_not_kept(world: World, client_as: ClientAs) -> None:
    client, house = client_as(Role.REGISTRAR), str(world.household.pk)
    body = {"items": [{"household": house, "given_name": "Анна", "Zxqvky": 1}]}
    first, second = (client.post(PEOPLE, body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert "/items/0/Zxqvky" in first.content.decode(), "the control: who sent it is told which"
    assert "Zxqvky" not in json.dumps(IdempotencyKey.objects.get().outcome)
    (error,) = second.json()["results"][0]["problem"]["errors"]
    assert (error["code"], error["pointer"]) == ("unknown_field", "/items/0")


def test_the_last_bed_is_given_to_the_first_who_asks(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.SHELTER_MANAGER)
    client.post(f"/api/v1/shelters/{world.shelter.pk}/states/", {"places_open": 2})
    items = [{"person": str(world.somebody().pk), "shelter": str(world.shelter.pk)} for _ in range(3)]
    answer = client.post("/api/v1/stays/bulk/", {"items": items})
    assert statuses(answer) == [201, 409, 409]
    assert answer.json()["results"][1]["problem"]["errors"][0]["code"] == "shelter_full"


def _statements(client: Any, items: list[dict[str, Any]], url: str = MOVEMENTS) -> int:
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(url, {"items": items})
    assert set(statuses(answer)) == {201}
    return len(seen)


@pytest.mark.parametrize("kind", ["movements", "households", "people"])
def test_an_item_costs_what_its_act_costs(kind: str, world: World, client_as: ClientAs) -> None:
    """No query beside those of the act itself, its savepoint and the end of that among them."""
    client = client_as(Role.REGISTRAR)
    made = next(route for route in CREATES if route.path == f"{kind}/")
    assert made.body

    def items(many: int) -> list[dict[str, Any]]:
        bodies = [dict(made.body(world)) for _ in range(many)]  # type: ignore[misc]  # asserted above
        for body in bodies if kind == "movements" else ():
            body |= {"person": str(PersonFactory.create(household__organisation=world.organisation).pk)}
        return bodies

    url = f"/api/v1/{kind}/bulk/"
    few, many = items(2), items(7)
    difference = _statements(client, many, url) - _statements(client, few, url)
    assert difference == 5 * {"movements": 7, "households": 8, "people": 9}[kind], difference / 5


def test_the_whole_list_is_one_transaction(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails on our side leaves nothing: the caller sends the list again."""
    record, seen = movements.record, []

    def fail_at_the_second(**told: Any) -> Movement:
        seen.append(told)
        if len(seen) == 2:
            raise RuntimeError
        return record(**told)

    monkeypatch.setattr(movements, "record", fail_at_the_second)
    client = client_as(Role.REGISTRAR)
    client.raise_request_exception = False
    step = {
        "person": str(world.person.pk),
        "kind": "arrived",
        "occurred_at": earlier(hours=3),
        "destination": "RU-KRS",
    }
    before = Movement.objects.count()
    assert client.post(MOVEMENTS, {"items": [step, step]}).status_code == 500
    assert Movement.objects.count() == before
    assert Household.objects.exists()


def test_what_was_kept_before_loses_its_sentences_and_nothing_else(db: None) -> None:
    made = {"status": 201, "id": "01917e2b-5c00-7a3e-9d2f-0242ac120002", "location": "https://there/"}
    fault = {"pointer": "/items/1/person", "code": "merged", "detail": "Go on with number 7K2M-QX4D."}
    problem = {
        "type": "urn:x",
        "title": "T",
        "status": 400,
        "code": "invalid",
        "detail": "D",
        "instance": "/",
    }
    refused = {"status": 400, "problem": {**problem, "errors": [fault], "errors_total": 1}}
    bare = {"status": 403, "problem": {**problem, "status": 403, "code": "permission_denied"}}
    for route, outcome in (("a", {"results": [made, refused, bare]}), ("b", {"record": made["id"]})):
        IdempotencyKey.objects.create(
            made_by=uuid4(), route=route, key="k", body="b", status=207, outcome=outcome
        )
    with connection.cursor() as cursor:
        cursor.execute(import_module("accounts.migrations.0012_no_sentences_kept").FORWARD)
    kept, single = (IdempotencyKey.objects.get(route=route).outcome for route in "ab")
    errors = [{"pointer": fault["pointer"], "code": fault["code"]}]
    assert kept["results"] == [
        made,
        {"status": 400, "problem": {"status": 400, "code": "invalid", "errors": errors}},
        {"status": 403, "problem": {"status": 403, "code": "permission_denied", "errors": []}},
    ]
    assert single == {"record": made["id"]}
