"""A record has a tag, and whoever changes it says which one they saw."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.policy import Role
from displacement.models import Person
from intake.models import Batch
from tests.api.conftest import ClientAs, bare_client, client_of, reader_of
from tests.api.route import Route
from tests.api.routes import ACTS, LISTS, READS
from tests.api.test_access import is_allowed
from tests.api.world import World
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import PersonFactory, PersonNeedFactory
from tests.factories.intake import with_file

DETAILS = [route for route in READS if route.path.endswith("/{}/")]
#: What a partner system may do with a record that is there.
OF_SYSTEMS = [route for route in (*ACTS, *LISTS) if route.record and is_allowed(Role.PARTNER_SYSTEM, route)]


def tag_of(client: APIClient, url: str) -> str:
    """The tag of a record as it is now."""
    tag: str = client.get(url).headers["ETag"]
    return tag


@pytest.mark.parametrize("route", DETAILS, ids=str)
def test_each_record_has_a_tag_that_stays_while_it_does(route: Route, world: World) -> None:
    client = client_of(reader_of(route, world, almighty()))
    tags = {tag_of(client, route.url(world)) for _ in range(2)}
    assert len(tags) == 1
    assert tags.pop().startswith('"')


def test_the_tag_of_a_sparse_answer_is_that_of_the_record(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.REGISTRAR), f"/api/v1/people/{world.person.pk}/"
    assert tag_of(client, url) == tag_of(client, f"{url}?fields=number")


@pytest.mark.parametrize("what", ["a person", "a new person", "a need"])
def test_the_tag_changes_with_everything_that_is_shown(what: str, world: World, client_as: ClientAs) -> None:
    """Also with what stands in other tables, which no version of the record itself counts."""
    client, person = client_as(Role.REGISTRAR), world.person
    place = f"people/{person.pk}" if what == "a need" else f"households/{person.household_id}"
    before = tag_of(client, f"/api/v1/{place}/")
    if what == "a person":
        Person.objects.filter(pk=person.pk).update(given_name="Марія")
    elif what == "a new person":
        PersonFactory.create(household=person.household)
    else:
        PersonNeedFactory.create(person=person, need=world.need)
    assert tag_of(client, f"/api/v1/{place}/") != before


def test_whoever_sees_less_has_another_tag(world: World, client_as: ClientAs) -> None:
    url = f"/api/v1/households/{world.household.pk}/"
    assert tag_of(client_as(Role.REGISTRAR), url) != tag_of(client_as(Role.SHELTER_MANAGER), url)


def test_a_change_of_what_was_seen_is_taken_and_any_other_refused(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.REGISTRAR), f"/api/v1/people/{world.person.pk}/"
    tag = tag_of(client, url)
    body = {"version": world.person.version, "family_name": "Петренко"}
    for stale in ('"0123"', "", f"W/{tag}", '"a", "b"'):
        answer = client.patch(url, body, headers={"If-Match": stale})
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    changed = client.patch(url, body, headers={"If-Match": f'"a", {tag}'})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == tag_of(client, url) != tag
    assert client.post(f"{url}void/", {"reason": "Twice."}, headers={"If-Match": tag}).status_code == 412


def test_a_person_may_leave_it_out(world: World, client_as: ClientAs) -> None:
    body = {"version": world.person.version, "family_name": "Петренко"}
    answer = client_as(Role.REGISTRAR).patch(f"/api/v1/people/{world.person.pk}/", body)
    assert answer.status_code == 200


@pytest.mark.parametrize("route", OF_SYSTEMS, ids=str)
def test_a_partner_system_says_what_it_saw(route: Route, world: World) -> None:
    system = user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation)
    client = bare_client(system)
    Batch.objects.update(received_by=system.pk)
    with_file(world.unnamed_batch)
    record = f"/api/v1/{route.path.split('/')[0]}/{getattr(world, route.record).pk}/"
    assert route.body
    body: dict[str, Any] = route.body(world)
    send = getattr(client, route.method)
    answer = send(route.url(world), body)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_needed")
    headers = {"If-Match": tag_of(client, record), "Idempotency-Key": "one"}
    assert send(route.url(world), body, headers=headers).status_code in (200, 201, 202)


def test_what_is_out_of_scope_is_absent_whatever_was_seen(world: World) -> None:
    client = client_of(user_in_role(Role.REGISTRAR))
    url = f"/api/v1/people/{world.person.pk}/"
    for tag in ("*", '"0123"'):
        assert client.patch(url, {"version": 1}, headers={"If-Match": tag}).status_code == 404


def test_a_request_that_is_sent_again_is_not_stale_by_what_it_did(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.SHELTER_MANAGER), f"/api/v1/shelters/{world.shelter.pk}/"
    headers = {"If-Match": tag_of(client, url), "Idempotency-Key": "one"}
    first, second = (client.post(f"{url}states/", {"places_open": 60}, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.headers["ETag"] == second.headers["ETag"]
