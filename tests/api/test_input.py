"""What is sent and is wrong: answered at its place, never repeated, and nothing saved."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.policy import Role
from audit.models import AuditEvent
from core.api.serializers import MOST_UNKNOWN
from tests.api.conftest import ClientAs, client_of
from tests.api.route import Route
from tests.api.routes import WRITES
from tests.api.test_access import is_allowed
from tests.api.world import World, earlier
from tests.factories.accounts import MembershipFactory, OrganisationFactory, user_in_role
from tests.factories.regions import RegionNameFactory

MARK = "Zxqvkyname"
#: About half a million of them make 1 MB.
_MANY = 100_000
HOUSEHOLDS = "/api/v1/households/"


def faults(answer: Any) -> dict[str, str]:
    """The faults of an answer, or of the first of many: place -> code."""
    told = answer.json()
    problem = told["results"][0]["problem"] if answer.status_code == 207 else told
    return {fault.get("pointer", fault.get("parameter")): fault["code"] for fault in problem["errors"]}


def send(client: APIClient, raw: str | bytes, content_type: str = "application/json") -> Any:
    """Post raw bytes."""
    data: Any = raw.encode() if isinstance(raw, str) else raw
    return client.generic("POST", HOUSEHOLDS, data, content_type=content_type)


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        ('{"phone": "1", "phone": "2"}', 400, "parse_error"),
        ('{"people_declared": NaN}', 400, "parse_error"),
        ('{"people_declared": 1e309}', 400, "parse_error"),
        ('{"people_declared": ' + "9" * 5000 + "}", 400, "parse_error"),
        ("[" * 100_000 + "]" * 100_000, 400, "parse_error"),
        ('{"people": ' + "[" * 20 + "]" * 20 + "}", 400, "parse_error"),
        ('{"phone": "' + MARK, 400, "parse_error"),
        (b'{"phone": "\xff\xfe"}', 400, "parse_error"),
        ('{"phone": "\\ud800"}', 400, "parse_error"),
        ('{"\\uD83D": 1}', 400, "parse_error"),
        ('{"\\u0000": 1}', 400, "invalid"),
        ('{"\\ud83d\\ude00": 1}', 400, "invalid"),
        ("", 400, "invalid"),
        ('["' + MARK + '"]', 400, "invalid"),
        ('"' + MARK + '"', 400, "invalid"),
        ("null", 400, "invalid"),
        ('{"phone": "' + "1" * 1_100_000 + '"}', 413, "too_large"),
    ],
    ids=range(17),
)
def test_a_body_that_is_no_good_json(raw: str, status: int, code: str, client_as: ClientAs) -> None:
    answer = send(client_as(Role.REGISTRAR), raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_only_json_is_read(content_type: str, client_as: ClientAs) -> None:
    answer = send(client_as(Role.REGISTRAR), "{}", content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_only_json_is_written(client_as: ClientAs) -> None:
    answer = client_as(Role.REGISTRAR).get(HOUSEHOLDS, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_a_byte_order_mark_is_no_mistake(client_as: ClientAs) -> None:
    answer = send(
        client_as(Role.REGISTRAR), b'\xef\xbb\xbf{"registered_in": "RU-KRS", "groups": [{"people": 2}]}'
    )
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_no_field_repeats_what_was_sent(route: Route, world: World) -> None:
    """Each field of each body in turn holds what it cannot: text, a number, a list, an object."""
    assert route.body
    role = next(role for role in Role if is_allowed(role, route))
    client = client_of(user_in_role(role, organisation=world.organisation))
    good = route.body(world)
    kept = AuditEvent.objects.count()
    for name in {*good, "version", "occurred_at", "at"}:
        for bad in (MARK * 600, [MARK], {MARK: MARK}, f"{MARK}\u202e\x00", -(10**30)):
            if route.format != "json" and isinstance(bad, dict):
                continue  # a form has no objects
            sent = {**good, name: bad}
            answer = getattr(client, route.method)(route.url(world), sent, format=route.format)
            is_item = name == "items" and isinstance(bad, list)  # refused by itself, as the only one
            assert answer.status_code == (207 if is_item else 400), (name, bad, answer.content)
            assert MARK * 4 not in answer.content.decode(), name
            assert f'"{MARK}"' not in answer.content.decode(), name
            assert str(10**29) not in answer.content.decode(), name
            assert any(place.startswith(f"/{name}") for place in faults(answer)), (name, answer.content)
    assert AuditEvent.objects.count() == kept


def test_keys_that_are_unknown_or_ours_are_named(client_as: ClientAs) -> None:
    body = {
        "registered_in": "RU-KRS",
        "people": [{"given_name": "Anna", "nickname": MARK}],
        "recorded_by": MARK,
        "colour": MARK,
    }
    answer = client_as(Role.REGISTRAR).post(HOUSEHOLDS, body)
    assert faults(answer) == {
        "/recorded_by": "read_only",
        "/colour": "unknown_field",
        "/people/0/nickname": "unknown_field",
    }
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2024-08-12T18:00:00", "no_zone"),
        ("2024-08-12", "no_zone"),
        ("12.08.2024 18:00", "invalid"),
        ("soon", "invalid"),
        ("0001-01-01T00:00:00+14:00", "out_of_range"),
        ("9999-12-31T23:59:59-14:00", "out_of_range"),
        ("2199-01-01T00:00:00Z", "out_of_range"),
        ("2090-01-01T00:00:00Z", "in_future"),
    ],
)
def test_a_time_that_is_not_clear(moment: str, code: str, world: World, client_as: ClientAs) -> None:
    body = {"person": str(world.person.pk), "kind": "left", "occurred_at": moment}
    answer = client_as(Role.REGISTRAR).post("/api/v1/movements/", body)
    assert faults(answer) == {"/occurred_at": code}


def test_faults_inside_rows_are_found_by_their_place(world: World, client_as: ClientAs) -> None:
    body = {
        "registered_in": "RU-KRS",
        "people": [
            {"given_name": "Anna"},
            {"given_name": "Boris", "birth_date": "2190-01-01"},
            {"sex": "female"},
        ],
    }
    answer = client_as(Role.REGISTRAR).post(HOUSEHOLDS, body)
    assert {"/people/1/birth_date"} <= set(faults(answer)), answer.content
    assert any(place.startswith("/people/2") for place in faults(answer))
    assert answer.json()["errors_total"] == len(answer.json()["errors"])


def test_a_record_of_others_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    client = client_of(user_in_role(Role.REGISTRAR))
    answers = [
        client.post("/api/v1/movements/", {"person": key, "kind": "left", "occurred_at": earlier(days=1)})
        for key in (str(world.person.pk), "01917e2b-0000-7000-8000-000000000000")
    ]
    assert [faults(answer) for answer in answers] == [{"/person": "not_found"}] * 2
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_an_unclear_region_tells_what_it_may_mean(world: World, client_as: ClientAs) -> None:
    for key in ("RU-KRS-SUDZHANSKY", "UA-59-SUMSKYI"):
        RegionNameFactory.create(region=world.regions[key], name="Пограничье")
    client = client_as(Role.REGISTRAR)
    for region, code in (("Pohranichye", "ambiguous_region"), (MARK, "unknown_region")):
        answer = client.post(HOUSEHOLDS, {"registered_in": region, "groups": [{"people": 1}]})
        assert faults(answer) == {"/registered_in": code}
        assert region not in answer.content.decode()
        listed = client.get(HOUSEHOLDS, {"region": region})
        assert faults(listed) == {"region": code}
        told = {one["key"] for one in listed.json().get("candidates", [])}
        assert told == ({"RU-KRS-SUDZHANSKY", "UA-59-SUMSKYI"} if code == "ambiguous_region" else set())


def test_somebody_of_two_organisations_names_one(world: World) -> None:
    user = user_in_role(Role.REGISTRAR, organisation=world.organisation)
    second = MembershipFactory.create(user=user, role=Role.REGISTRAR).organisation
    client = client_of(user)
    body = {"registered_in": "RU-KRS", "groups": [{"people": 1}]}
    assert faults(client.post(HOUSEHOLDS, body)) == {"/organisation": "organisation_needed"}
    for name, code in (
        (MARK, "unknown_organisation"),
        (OrganisationFactory.create().short_name, "out_of_reach"),
    ):
        assert faults(client.post(HOUSEHOLDS, {**body, "organisation": name})) == {"/organisation": code}
    answer = client.post(HOUSEHOLDS, {**body, "organisation": second.short_name})
    assert answer.json()["organisation"] == second.short_name


def test_nobody_registers_where_they_do_not_work(world: World) -> None:
    client = client_of(
        user_in_role(Role.REGISTRAR, organisation=world.organisation, region=world.regions["UA-59"])
    )
    body = {"registered_in": "RU-KRS", "groups": [{"people": 1}]}
    assert faults(client.post(HOUSEHOLDS, body)) == {"/registered_in": "out_of_reach"}


def test_only_the_first_hundred_faults_are_listed(client_as: ClientAs) -> None:
    people = [{"given_name": "Anna", "age": 900}] * 150
    answer = client_as(Role.REGISTRAR).post(HOUSEHOLDS, {"registered_in": "RU-KRS", "people": people})
    assert len(answer.json()["errors"]) == 100
    assert answer.json()["errors_total"] == 150


@pytest.mark.parametrize(
    ("path", "name", "part"),
    [
        ("people/", "needs", "DS"),
        ("people/", "needs", 1),
        ("people/", "documents", {}),
        ("households/", "people", {}),
        ("households/", "groups", {}),
        ("households/{household}/split/", "people", "01917e2b-5c00-7a3e-9d2f-0242ac120002"),
        ("people/bulk/", "items", {}),
    ],
)
def test_a_list_that_is_too_long_is_refused_for_that_and_not_looked_into(
    path: str, name: str, part: Any, world: World, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    """A list of needs took three quarters of a minute, and one of people as many queries as it had ids."""
    body: Any = {name: [part] * (_MANY if len(str(part)) < 10 else 20_000)}
    if path == "people/":
        body |= {"household": str(world.household.pk), "family_name": "Мельник"}
    elif path == "households/":
        body |= {"registered_in": "RU-KRS"}
    client = client_as(Role.REGISTRAR)
    with django_assert_max_num_queries(25):
        answer = client.post(f"/api/v1/{path.format(household=world.household.pk)}", body)
    assert answer.status_code == 400
    assert faults(answer) == {f"/{name}": "max_length"}


def test_of_fields_that_do_not_exist_the_first_are_named(client_as: ClientAs) -> None:
    body = {"registered_in": "RU-KRS", **{f"field {number}": 1 for number in range(1_000)}}
    answer = client_as(Role.REGISTRAR).post(HOUSEHOLDS, body)
    assert (answer.status_code, answer.json()["errors_total"]) == (400, MOST_UNKNOWN)
