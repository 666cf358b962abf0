"""Acts in the wrong state, and what they leave behind."""

from typing import Any

from rest_framework.test import APIClient

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import HouseholdGroup, Person
from displacement.models.casualty import Rung
from shelters.models import Stay
from tests.api.conftest import ClientAs, client_of
from tests.api.test_input import faults
from tests.api.world import World, earlier
from tests.factories.accounts import user_in_role
from tests.factories.displacement import CorroboratedCasualtyFactory, PersonFactory
from tests.factories.shelters import ClosedShelterFactory, OpenShelterFactory


def check_in(client: APIClient, person: Person, shelter: Any, **more: Any) -> Any:
    """Ask for a bed."""
    return client.post("/api/v1/stays/", {"person": str(person.pk), "shelter": str(shelter.pk), **more})


def test_a_full_shelter_names_where_there_are_places(world: World, client_as: ClientAs) -> None:
    own = {"organisation": world.organisation}
    full = OpenShelterFactory.create(name="Small school", state__places_open=0, **own)
    client = client_as(Role.REGISTRAR)
    answer = check_in(client, world.somebody(), full)
    assert (answer.status_code, faults(answer)) == (409, {"/shelter": "shelter_full"})
    assert world.shelter.name in answer.json()["errors"][0]["detail"]
    over = check_in(client, world.somebody(), full, override_reason="A family with a newborn.")
    assert over.status_code == 201
    assert over.json()["results"][0]["override_reason"]


def test_a_second_bed_and_a_closed_door_are_refused(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGISTRAR)
    again = check_in(client, world.person, world.shelter)
    assert (again.status_code, faults(again)) == (409, {"/person": "already_checked_in"})
    closed = ClosedShelterFactory.create(organisation=world.organisation)
    shut = check_in(client, world.somebody(), closed)
    assert (shut.status_code, faults(shut)) == (409, {"/shelter": "shelter_not_open"})
    assert Stay.objects.count() == 1


def test_a_household_goes_in_whole_or_not_at_all(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGISTRAR)
    PersonFactory.create(household=world.person.household)
    body = {"household": str(world.person.household_id), "shelter": str(world.shelter.pk)}
    answer = client.post("/api/v1/stays/", body)
    assert answer.status_code == 409
    assert Stay.objects.count() == 1
    for wrong in ({"person": str(world.person.pk)}, {"room": 1}):
        assert client.post("/api/v1/stays/", {**body, **wrong}).status_code == 400


def test_who_left_cannot_leave_again(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.SHELTER_MANAGER), f"/api/v1/stays/{world.stay.pk}/check-out/"
    early = client.post(url, {"at": "2024-08-01T00:00:00Z"})
    assert (early.status_code, faults(early)) == (400, {"/at": "out_before_in"})
    assert client.post(url, {}).json()["ended_at"]
    again = client.post(url, {})
    assert again.status_code == 409
    assert set(faults(again).values()) == {"already_checked_out"}


def test_the_second_editor_is_told(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.CASEWORKER), f"/api/v1/people/{world.person.pk}/"
    first = client.patch(url, {"version": 1, "family_name": "Petrenko"})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    second = client.patch(url, {"version": 1, "family_name": "Bondar"})
    assert (second.status_code, set(faults(second).values())) == (409, {"version_conflict"})
    assert client.get(url).json()["family_name"] == "Petrenko"
    assert faults(client.patch(url, {"family_name": "Bondar"})) == {"/version": "required"}


def test_a_record_is_voided_once_and_with_a_reason(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.CASEWORKER), f"/api/v1/movements/{world.movement.pk}/void/"
    assert faults(client.post(url, {})) == {"/reason": "required"}
    assert faults(client.post(url, {"reason": "  "})) == {"/reason": "blank"}
    assert client.post(url, {"reason": "Another family."}).json()["void_reason"] == "Another family."
    again = client.post(url, {"reason": "Another family."})
    assert (again.status_code, set(faults(again).values())) == (409, {"void"})
    assert AuditEvent.objects.filter(action="void").count() == 1


def test_naming_people_counts_nobody_twice(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.REGISTRAR), f"/api/v1/households/{world.household.pk}/"
    people = [{"given_name": name} for name in ("Анна", "Ольга", "Пётр")]
    assert set(faults(client.post(f"{url}name-people/", {"people": people[:2]}))) == {"/reason"}
    named = client.post(f"{url}name-people/", {"people": people}).json()
    assert [len(named[part]) for part in ("people", "groups")] == [3, 0]
    assert not HouseholdGroup.objects.current().filter(household=world.household).exists()
    again = client.post(f"{url}name-people/", {"people": people})
    assert (again.status_code, set(faults(again).values())) == (409, {"not_counted"})


def test_the_ladder_is_climbed_by_two_people(world: World) -> None:
    recorder: User = user_in_role(Role.CASUALTY_RECORDER, organisation=world.organisation)
    verifier: User = user_in_role(Role.CASUALTY_VERIFIER, organisation=world.organisation)
    casualty = CorroboratedCasualtyFactory.create(incident=world.incident, recorded_by=recorder.pk)
    url = f"/api/v1/casualties/{casualty.pk}/steps/"
    assert client_of(recorder).post(url, {"rung": "verified"}).status_code == 403
    verified = client_of(verifier).post(url, {"rung": "verified"})
    assert verified.status_code == 201, verified.content
    assert verified.json()["rung"] == Rung.VERIFIED
    assert verified.json()["verified_by"] == str(verifier.pk)
    back = client_of(verifier).post(url, {"rung": "reported"})
    assert (back.status_code, faults(back)) == (409, {"/rung": "wrong_step"})


def test_nobody_verifies_what_they_recorded(world: World) -> None:
    both = user_in_role(Role.CASUALTY_VERIFIER, organisation=world.organisation)
    casualty = CorroboratedCasualtyFactory.create(incident=world.incident, recorded_by=both.pk)
    answer = client_of(both).post(f"/api/v1/casualties/{casualty.pk}/steps/", {"rung": "verified"})
    assert (answer.status_code, faults(answer)) == (400, {"/rung": "verifier_is_recorder"})


def test_a_movement_that_cannot_be_is_refused(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGISTRAR)
    body = {"person": str(world.person.pk), "kind": "left", "occurred_at": "1970-01-01T00:00:00Z"}
    assert faults(client.post("/api/v1/movements/", body)) == {"/occurred_at": "before_birth"}
    neither = {"kind": "left", "occurred_at": earlier(days=1)}
    assert faults(client.post("/api/v1/movements/", neither)) == {"/person": "person_or_household"}
    unknown = {**body, "occurred_at": earlier(days=1), "destination": "Zxqvky"}
    assert faults(client.post("/api/v1/movements/", unknown)) == {"/destination": "unknown_region"}


def test_a_claim_without_its_moment_is_refused(world: World) -> None:
    client = client_of(user_in_role(Role.PUBLISHER))
    body = {
        "source": world.source.name,
        "region": "RU-KRS",
        "indicator": "killed",
        "kind": "cumulative",
        "qualifier": "range",
        "value_min": 9,
        "value_max": 4,
        "published_at": earlier(days=1),
    }
    assert faults(client.post("/api/v1/claims/", body)) == {"/as_of": "required"}
    assert faults(client.post("/api/v1/claims/", {**body, "as_of": earlier(days=2)})) == {
        "/value_min": "range"
    }
