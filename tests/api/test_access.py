"""Who may do what over the API: generated from the table of routes and the policy."""

import base64
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.policy import POLICY, Role
from accounts.signing_in import limits
from config.api_urls import router
from tests.api.conftest import ClientAs, client_of
from tests.api.route import Route
from tests.api.routes import ACTS, FROM_SERVERS, READS, ROUTES, WRITES
from tests.api.world import World
from tests.factories.accounts import MembershipFactory, OrganisationFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region

PHRASE = "a long pass phrase"
#: Kinds of record that only their organisation sees.
OWN = [
    route
    for route in ROUTES
    if route.record in {"household", "person", "movement", "stay", "batch", "accepted_batch"}
]
SOMEBODY_ELSES = [
    route
    for route in OWN
    if not (route.record == "stay" and route.action == "view")  # a stay is seen from two sides, tested below
]


def is_allowed(role: Role, route: Route) -> bool:
    return is_let_in(role, route) and (not route.hidden_without or _may(role, route.hidden_without, "view"))


def is_let_in(role: Role, route: Route) -> bool:
    """Whether the policy opens this kind of act at all; what is acted on may still be out of sight."""
    asked = [(route.resource, route.action), *([route.also] if route.also else [])]
    return all(_may(role, resource, action) for resource, action in asked)


def _may(role: Role, resource: str, action: str) -> bool:
    return resource in POLICY[role] and action in POLICY[role][resource].actions


def test_the_table_holds_every_address() -> None:
    told = {(route.method, route.path.split("?")[0].replace("{}", "*")) for route in ROUTES}
    offered = set()
    for pattern in router.urls:
        view: Any = pattern.callback
        path = str(pattern.pattern).lstrip("^").rstrip("$")
        while "(?P<" in path:
            start = path.index("(?P<")
            end = path.index(")", start)
            path = path[:start] + "*" + path[end + 1 :]
        offered |= {(method, path) for method in view.actions if method != "head"}
    assert {
        route if "/files/" not in route[1] else ("get", "editions/*/files/text/") for route in offered
    } == told | FROM_SERVERS


def test_nobody_is_told_to_sign_in(world: World) -> None:
    for route in ROUTES:
        answer = getattr(APIClient(), route.method)(route.url(world))
        assert answer.status_code == 401, route
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="api"'
        assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_each_role_may_what_the_policy_says(route: Route, world: World) -> None:
    url = route.url(world)
    for role in Role:
        client = client_of(user_in_role(role, organisation=world.organisation))
        answer = getattr(client, route.method)(url, **({"data": {"x": 1}} if route.body else {}))
        if not is_let_in(role, route):
            assert answer.status_code == 403, role
            assert answer.json()["code"] == "permission_denied"
        elif not is_allowed(role, route):
            assert answer.status_code == 404, role
        elif route.body:
            assert answer.status_code == 400, (role, answer.content)
            assert "unknown_field" in {fault["code"] for fault in answer.json()["errors"]}
        else:
            assert answer.status_code == 200, (role, answer.content)


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_good_body_is_accepted(route: Route, world: World) -> None:
    assert route.body
    role = next(role for role in Role if is_allowed(role, route))
    client = client_of(user_in_role(role, organisation=world.organisation))
    answer = getattr(client, route.method)(route.url(world), route.body(world), format=route.format)
    assert answer.status_code in (200, 201, 202, 207), answer.content


@pytest.mark.parametrize("route", SOMEBODY_ELSES, ids=str)
def test_what_is_out_of_scope_is_as_absent(route: Route, world: World) -> None:
    """The same bytes, except for what the caller asked and the id of the answer."""
    role = next(role for role in Role if is_allowed(role, route))
    client = client_of(user_in_role(role, organisation=OrganisationFactory.create()))
    bodies = []
    for key in (getattr(world, route.record).pk, "01917e2b-0000-7000-8000-000000000000", "no-id"):
        url = f"/api/v1/{route.path.format(key)}"
        answer = getattr(client, route.method)(url, **({"data": {}} if route.body else {}))
        if "{}" not in route.path:
            return
        assert answer.status_code == 404
        told = answer.json()
        body = answer.content.decode().replace(told["request_id"], "").replace(told["instance"], "")
        bodies.append(body)
        assert told["instance"] == url
    assert len(set(bodies)) == 1


@pytest.mark.parametrize(
    "path", ["households", "people", "movements", "stays", "incidents", "casualties", "batches"]
)
def test_a_list_ends_at_the_scope(path: str, world: World) -> None:
    role = Role.CASUALTY_RECORDER if path in ("incidents", "casualties") else Role.REGISTRAR
    own = client_of(user_in_role(role, organisation=world.organisation))
    strange = client_of(user_in_role(role))
    elsewhere = client_of(user_in_role(role, organisation=world.organisation, region=region("UA-59")))
    assert len(own.get(f"/api/v1/{path}/").json()["results"]) >= 1
    assert strange.get(f"/api/v1/{path}/").json()["results"] == []
    assert elsewhere.get(f"/api/v1/{path}/").json()["results"] == []


def test_a_stay_is_seen_from_both_sides_and_ended_by_the_site(world: World, client_as: ClientAs) -> None:
    host = OrganisationFactory.create()
    world.shelter.organisation = host
    world.shelter.save()
    url = f"/api/v1/stays/{world.stay.pk}/"
    assert client_as(Role.SHELTER_MANAGER, host).get(url).status_code == 200
    of_the_person = client_as(Role.SHELTER_MANAGER)
    assert of_the_person.get(url).status_code == 200
    assert of_the_person.post(f"{url}check-out/", {}).status_code == 403
    assert client_as(Role.SHELTER_MANAGER, host).post(f"{url}check-out/", {}).status_code == 200


def test_a_shelter_that_is_seen_is_not_yet_one_s_own(world: World) -> None:
    """A registrar sees where there are shelters, and gives away the beds of their own organisation only."""
    user = user_in_role(Role.REGISTRAR)
    client = client_of(user)
    guest = PersonFactory.create(household__organisation=user.memberships.get().organisation)
    body = {"shelter": str(world.shelter.pk), "person": str(guest.pk)}
    assert client.get(f"/api/v1/shelters/{world.shelter.pk}/").status_code == 200
    assert client.post("/api/v1/stays/", body).status_code == 403
    assert not guest.stays.exists()


def test_a_partner_system_sends_its_password_and_a_wrong_one_does_not_open(world: World) -> None:
    partner = user_in_role(Role.PARTNER_SYSTEM, password=make_password(PHRASE))
    assert _asked(partner.username, PHRASE).status_code == 200
    answer = _asked(partner.username, "another phrase")
    assert answer.status_code == 401
    assert "another" not in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARTNER_SYSTEM])
def test_the_password_of_a_person_opens_nothing_and_is_answered_as_a_wrong_one(
    role: Role, world: World
) -> None:
    person = user_in_role(role, password=make_password(PHRASE))
    right, wrong = _asked(person.username, PHRASE), _asked(person.username, "another phrase")
    assert (right.status_code, right.json() | {"request_id": ""}) == (401, wrong.json() | {"request_id": ""})


@pytest.mark.parametrize("what", ["a second role", "superuser"])
def test_what_is_more_than_a_partner_system_signs_in_as_people_do(what: str, world: World) -> None:
    user = user_in_role(Role.PARTNER_SYSTEM, password=make_password(PHRASE), is_superuser=what == "superuser")
    if what == "a second role":
        MembershipFactory.create(user=user, role=Role.AUDITOR)
    assert _asked(user.username, PHRASE).status_code == 401


def test_passwords_over_the_api_are_counted_too(world: World) -> None:
    partner = user_in_role(Role.PARTNER_SYSTEM, password=make_password(PHRASE))
    for name in (partner.username, "no-such-system"):
        for _ in range(limits.OF_A_PARTNER):
            assert _asked(name, "wrong").status_code == 401
        answer = _asked(name, PHRASE)
        assert (answer.status_code, answer.json()["code"]) == (429, "throttled")


def test_without_valkey_a_password_is_not_looked_at(world: World, settings: Settings) -> None:
    partner = user_in_role(Role.PARTNER_SYSTEM, password=make_password(PHRASE))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert _asked(partner.username, PHRASE).status_code == 503


def _asked(username: str, password: str) -> Any:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=_basic(username, password))
    return client.get("/api/v1/regions/")


def test_a_session_needs_the_token_against_forgery(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_in_role(Role.REGISTRAR, organisation=world.organisation))
    answer = client.post("/api/v1/households/", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_method_that_is_not_taken_is_answered_as_such(world: World) -> None:
    client = client_of(user_in_role(Role.CASEWORKER, organisation=world.organisation))
    for route in [*READS, *ACTS]:
        answer = client.delete(route.url(world))
        assert answer.status_code == 405, route
        assert answer.json()["code"] == "method_not_allowed"
        assert "DELETE" not in answer.headers["Allow"]


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
