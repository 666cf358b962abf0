"""Who may do what over the API: generated from the table of routes and the policy."""

import base64
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from rest_framework.test import APIClient

from accounts.policy import POLICY, Role
from config.api_urls import router
from tests.api.conftest import ClientAs, client_of
from tests.api.route import Route
from tests.api.routes import ACTS, FROM_SERVERS, READS, ROUTES, WRITES
from tests.api.world import World
from tests.factories.accounts import OrganisationFactory, user_in_role
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
    return is_let_in(role, route) and (not route.hidden_without or _may(role, *route.hidden_without))


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
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Musterpoint API"'
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
            expected = 403 if route.is_for_sender else 200
            assert answer.status_code == expected, (role, answer.content)


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


@pytest.mark.parametrize("role", Role)
def test_a_password_opens_nothing_over_the_api(role: Role, world: World) -> None:
    user = user_in_role(role, password=make_password(PHRASE))
    client = APIClient()
    told = base64.b64encode(f"{user.username}:{PHRASE}".encode()).decode()
    client.credentials(HTTP_AUTHORIZATION=f"Basic {told}")
    answer = client.get("/api/v1/regions/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


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
