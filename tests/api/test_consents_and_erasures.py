"""What a family answers its partner, and that it asks to be forgotten, as partners' systems send it."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Client, User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import Consent, Household, Person
from retention.actions.holds import set_hold
from retention.models import Erasure, ErasureState
from tests.api.conftest import bare_client, client_of
from tests.api.world import World
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory

pytestmark = pytest.mark.django_db
NO = {"purpose": "partners", "is_given": False, "obtained": "telephone"}


@pytest.fixture
def system(world: World) -> User:
    """A partner's system of the world's organisation."""
    return user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation)


def url_of(household: Household) -> str:
    """Where its answers are recorded."""
    return f"/api/v1/households/{household.pk}/consents/"


def test_a_withdrawal_is_recorded_dated_and_shown(world: World, system: User) -> None:
    client = client_of(system)
    told = {**NO, "occurred_at": "2024-08-20T10:00:00Z"}
    answer = client.post(url_of(world.household), told, format="json")
    assert answer.status_code == 201, answer.content
    (shown,) = answer.json()["consents"]
    assert shown == {
        "purpose": "partners",
        "is_given": False,
        "obtained": "telephone",
        "occurred_at": "2024-08-20T10:00:00Z",
    }
    row = Consent.objects.get(household=world.household)
    assert (row.recorded_by, row.obtained) == (system.pk, "telephone")
    assert AuditEvent.objects.get(action="answer").detail["obtained"] == "telephone"


def test_one_key_is_one_answer_and_a_tag_is_asked_for(world: World, system: User) -> None:
    client, key = bare_client_of(system), {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    url, address = url_of(world.household), f"/api/v1/households/{world.household.pk}/"
    assert client.post(url, NO, format="json", **key).status_code == 428
    tag = {"HTTP_IF_MATCH": client.get(address)["ETag"]}
    assert client.post(url, NO, format="json", **tag).status_code == 400
    first = client.post(url, NO, format="json", **tag, **key)
    again = client.post(url, NO, format="json", **tag, **key)
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert Consent.objects.filter(household=world.household).count() == 1
    # Somebody answered since: the tag that was read before fits no more.
    other = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    assert client.post(url, NO, format="json", **tag, **other).status_code == 412


def test_a_yes_is_recorded_by_who_registered_them(world: World, system: User) -> None:
    client = client_of(system)
    yes = {**NO, "is_given": True}
    assert client.post(url_of(world.household), yes, format="json").status_code == 403
    theirs = HouseholdFactory.create(organisation=world.organisation, recorded_by=system.pk)
    assert client.post(url_of(theirs), yes, format="json").status_code == 201
    clerk = client_of(user_in_role(Role.REGISTRAR, organisation=world.organisation))
    assert (
        clerk.post(url_of(world.household), yes, format="json").status_code == 201
    )  # at the desk they were asked
    wrong = {"purpose": "heating", "is_given": True, "obtained": "smoke"}
    refused = client.post(url_of(theirs), wrong, format="json")
    assert (refused.status_code, len(refused.json()["errors"])) == (400, 2)


def test_an_erasure_is_asked_for_and_people_decide(world: World, system: User) -> None:
    client, person = client_of(system), world.somebody()
    answer = client.post("/api/v1/erasures/", {"person": str(person.pk), "ground": "asked"}, format="json")
    assert answer.status_code == 201, answer.content
    erasure = Erasure.objects.get(pk=answer.json()["id"])
    assert (erasure.asked_by, erasure.state) == (system.pk, ErasureState.ASKED)
    assert not Person.objects.get(pk=person.pk).is_erased
    assert client.get(f"/api/v1/erasures/{erasure.pk}/").json()["state"] == "asked"
    twice = client.post("/api/v1/erasures/", {"person": str(person.pk), "ground": "asked"}, format="json")
    assert twice.status_code == 400
    both = {"person": str(person.pk), "household": str(person.household_id), "ground": "asked"}
    assert client.post("/api/v1/erasures/", both, format="json").status_code == 400


def test_a_hold_is_told_by_no_answer(world: World, system: User) -> None:
    """The same answers, but for ids and moments, whether there is a hold or not."""
    client = client_of(system)
    officer = user_in_role(Role.PROTECTION_OFFICER, organisation=world.organisation)

    def asked(person: Person) -> dict[str, Any]:
        url = "/api/v1/erasures/"
        made = client.post(url, {"person": str(person.pk), "ground": "asked"}, format="json")
        assert made.status_code == 201, made.content
        shown: dict[str, Any] = client.get(f"{url}{made.json()['id']}/").json()
        return {name: value for name, value in shown.items() if name not in ("id", "subject", "asked_at")}

    free, held = world.somebody(), world.somebody()
    set_hold(subject=held, authority="court", case="A-1", by=officer)
    assert asked(held) == asked(free)


def test_a_token_needs_the_scope(world: World, system: User) -> None:
    client = client_of(system)
    Client.objects.filter(account=system).update(scopes=["people:read", "people:write"])
    system.forget_scopes()
    answer = client.post(
        "/api/v1/erasures/", {"person": str(world.person.pk), "ground": "asked"}, format="json"
    )
    assert answer.status_code == 403


def bare_client_of(user: User) -> Any:
    """A system that sends neither key nor tag by itself."""
    client_of(user)
    return bare_client(user)
