"""A client that reads people takes two persons: what was asked by one holds once another approved exactly that."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client as Browser

from accounts.actions import client_asks
from accounts.actions.client_asks import approve, refuse
from accounts.actions.clients import add_client, change_client, end_client
from accounts.client_scopes import client_scopes, scopes_of_people
from accounts.models import AskState, Client, ClientAsk, Organisation, User
from accounts.policy import Role, Scope
from accounts.widening import Rights, take_two_persons
from audit.models import AuditEvent
from core.clock import database_now
from exchange.kinds import open_to
from tests.accounts.test_clients import GRANT, TOKEN, asked, outcome, posted
from tests.audit.test_writers import in_thread
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.factories.clients import approved, partner_client, token_of
from tests.factories.displacement import PersonFactory
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import kursk_tree, region
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def own() -> Organisation:
    made: Organisation = OrganisationFactory.create()
    return made


@pytest.fixture
def asker(own: Organisation) -> User:
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own)


@pytest.fixture
def second(own: Organisation) -> User:
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own)


def new(own: Organisation, by: User, **told: Any) -> tuple[Client, str]:
    """One that asks to read people, by one administrator."""
    return add_client(organisation=own, by=by, **{"name": "Case files", "scopes": ["people:read"], **told})


def waiting(client: Client) -> ClientAsk:
    """What of it waits."""
    return client.asks.get(state=AskState.WAITS)


def changed(client: Client, by: User, **told: Any) -> Client:
    """The client with what is told, and the rest as it is."""
    client.refresh_from_db()
    held = {"scopes": client.scopes, "networks": client.networks, "valid_until": client.valid_until}
    return change_client(client=client, by=by, **{**held, **told})


def test_a_new_one_gets_nothing_until_another_person_approved(
    own: Organisation, asker: User, second: User
) -> None:
    person = PersonFactory.create(household__organisation=own)
    client, secret = new(own, asker)
    answer = posted(TOKEN, client, secret, **GRANT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "second person" in answer.json()["error_description"]
    assert "error_description" not in posted(TOKEN, client, "mps_wrong", **GRANT).json()
    assert outcome(asked(token_of(client, "people:read"))) == (403, "client_waits")
    form = KoboFormFactory.create(organisation=own)
    basic = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    sent = Browser().post(
        f"/api/v1/kobo-forms/{form.pk}/submissions/",
        {},
        content_type="application/json",
        headers={"Authorization": f"Basic {basic}"},
    )
    assert outcome(sent) == (403, "client_waits")
    assert open_to(User.objects.get(pk=client.account_id)) == []  # nor is it told by webhooks
    approve(ask=waiting(client), by=second)
    token = posted(TOKEN, client, secret, **GRANT).json()["access_token"]
    assert [row["id"] for row in asked(token).json()["results"]] == [str(person.pk)]
    client.refresh_from_db()
    assert (client.scopes, client.let_in_at is not None) == (["people:read"], True)
    event = AuditEvent.objects.get(action="approve", object_id=str(client.pk))
    assert (event.actor_id, event.detail["scopes"]) == (second.pk, ["people:read"])


def test_which_scopes_open_people_follows_from_classes_of_columns_and_families() -> None:
    """A new kind of record with people in it, or a family that takes one in, needs nobody to think of this."""
    assert scopes_of_people() == {
        "casualties:read",
        "documents:read",
        "documents:write",
        "lists:read",
        "lists:write",
        "people:read",
        "people:write",
        "shelters:read",
    }
    assert set(client_scopes()) - scopes_of_people() == {
        "changes:read",
        "claims:read",
        "editions:read",
        "erasures:read",
        "erasures:write",
        "reference:read",
    }


def test_what_opens_nobody_takes_one_person(own: Organisation, asker: User) -> None:
    client, secret = new(own, asker, scopes=["claims:read"])
    assert posted(TOKEN, client, secret, **GRANT).status_code == 200
    assert changed(client, asker, scopes=["claims:read", "editions:read"]).scopes == [
        "claims:read",
        "editions:read",
    ]
    assert not ClientAsk.objects.exists()
    changed(client, asker, scopes=["claims:read", "people:read"])
    assert waiting(client).scopes == ["claims:read", "people:read"]
    assert posted(TOKEN, client, secret, scope="people:read", **GRANT).json()["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "wider",
    [
        {"scopes": ["documents:read", "people:read"]},
        {"scopes": ["claims:read", "people:read"]},
        {"networks": ["192.0.2.0/24", "198.51.100.0/24"]},
        {"networks": ["192.0.0.0/16"]},
        {"networks": []},
        {"valid_until": None},
        {"valid_until": database_now},
    ],
    ids=lambda told: " ".join(told),
)
def test_what_is_wider_waits_and_the_client_works_as_before(
    wider: dict[str, Any], own: Organisation, asker: User, second: User
) -> None:
    until = database_now() + 10 * DAY
    client, _secret = new(own, asker, networks=["192.0.2.0/24"], valid_until=until)
    client = approve(ask=waiting(client), by=second)
    if callable(wider.get("valid_until")):
        wider = {"valid_until": until + DAY}
    before = Rights.of(client)
    token = token_of(client)
    assert Rights.of(changed(client, asker, **wider)) == before
    client.refresh_from_db()
    assert Rights.of(client) == before
    assert asked(token, address="192.0.2.7").status_code == 200
    assert outcome(asked(token, address="198.51.100.7")) == (403, "network_not_allowed")
    assert outcome(asked(token, "claims/", address="192.0.2.7")) == (403, "scope_needed")
    for name, value in wider.items():
        after = approve(ask=waiting(client), by=second)
        assert getattr(after, name) == value


@pytest.mark.parametrize(
    "narrower",
    [
        {"scopes": ["people:read"]},
        {"networks": ["192.0.2.0/25"]},
        {"networks": ["192.0.2.0/25", "192.0.2.128/25"]},
        {"valid_until": lambda: database_now() + DAY},
    ],
    ids=lambda told: " ".join(told),
)
def test_what_is_narrower_holds_at_once_and_overtakes_what_waits(
    narrower: dict[str, Any], own: Organisation, asker: User, second: User
) -> None:
    client, _secret = new(own, asker, scopes=["documents:read", "people:read"], networks=["192.0.2.0/24"])
    client = approve(ask=waiting(client), by=second)
    changed(client, asker, networks=[])
    earlier = waiting(client)
    narrower = {name: value() if callable(value) else value for name, value in narrower.items()}
    after = changed(client, second, **narrower)
    assert {name: getattr(after, name) for name in narrower} == narrower
    earlier.refresh_from_db()
    assert (earlier.state, earlier.decided_by) == (AskState.REPLACED, second.pk)
    refused("state", "", approve, ask=earlier, by=second)


def test_what_narrows_and_widens_narrows_at_once(own: Organisation, asker: User, second: User) -> None:
    client, _secret = new(own, asker, scopes=["documents:read", "people:read"], networks=["192.0.2.0/24"])
    client = approve(ask=waiting(client), by=second)
    wanted = {"scopes": ["lists:read", "people:read"], "networks": ["192.0.2.128/25", "203.0.113.0/24"]}
    after = changed(client, asker, **wanted)
    assert (after.scopes, after.networks) == (["people:read"], ["192.0.2.128/25"])
    elsewhere = changed(client, asker, networks=["203.0.113.0/24"])
    assert elsewhere.networks == ["192.0.2.128/25"], "no network in common is not every network"


def test_what_is_wider() -> None:
    def rights(*networks: str, scopes: str = "people:read") -> Rights:
        return Rights(frozenset(scopes.split()), networks, None)

    held = rights("192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32")
    for narrower in (held, rights("192.0.2.0/24"), rights("2001:db8:1::/48"), rights("192.0.2.7/32")):
        assert not take_two_persons(narrower, held)
    for wider in (rights(), rights("192.0.2.0/23"), rights("192.0.2.0/24", "2001:db9::/32")):
        assert take_two_persons(wider, held)
        assert not take_two_persons(rights(*wider.networks, scopes="claims:read"), held)
    assert not take_two_persons(held, rights())
    assert take_two_persons(held, None)


def test_one_person_refuses_or_ends_and_the_client_stays_as_it_was(
    own: Organisation, asker: User, second: User
) -> None:
    client, secret = new(own, asker)
    ask = waiting(client)
    refused("reason_needed", "reason", refuse, ask=ask, reason=" ", by=second)
    with pytest.raises(PermissionDenied):
        refuse(ask=ask, reason="No.", by=user_in_role(Role.REGISTRAR, organisation=own))
    refuse(ask=ask, reason="They need figures alone.", by=second)
    assert posted(TOKEN, client, secret, **GRANT).status_code == 401
    refused("state", "", approve, ask=ask, by=second)
    changed(client, asker, scopes=["people:read"])
    again = waiting(client)
    refuse(ask=again, reason="Asked by mistake.", by=asker)
    changed(client, asker, scopes=["people:read"])
    end_client(client=client, reason="The system is gone.", by=asker)
    assert list(client.asks.values_list("state", flat=True)) == ["replaced", "refused", "refused"]


def test_one_that_waited_works_at_once_where_it_is_to_open_nobody(own: Organisation, asker: User) -> None:
    client, secret = new(own, asker)
    changed(client, asker, scopes=["claims:read"])
    assert posted(TOKEN, client, secret, **GRANT).json()["scope"] == "claims:read"
    assert not client.asks.filter(state=AskState.WAITS).exists()


def test_an_end_that_has_passed_is_not_approved(own: Organisation, asker: User, second: User) -> None:
    client, _secret = new(own, asker, valid_until=database_now() + DAY)
    ClientAsk.objects.update(valid_until=database_now() - DAY)
    refused("over", "", approve, ask=waiting(client), by=second)


# --- who may -------------------------------------------------------------------------------------------------------------


def test_who_approves(own: Organisation, asker: User) -> None:
    kursk_tree()
    may: list[Callable[[], User]] = [
        lambda: user_in_role(Role.ORGANISATION_ADMIN, organisation=own),
        lambda: user_in_role(Role.PROTECTION_OFFICER, organisation=own),
        lambda: UserFactory.create(is_superuser=True),
        lambda: user_in_role(Role.KEEPER),
    ]
    may_not: list[Callable[[], User]] = [
        lambda: asker,
        lambda: user_in_role(Role.REGISTRAR, organisation=own),
        lambda: user_in_role(Role.AUDITOR, organisation=own),
        lambda: user_in_role(Role.ORGANISATION_ADMIN),
        lambda: user_in_role(Role.PROTECTION_OFFICER, organisation=own, region=region("RU-KRS")),
        lambda: user_in_role(Role.ORGANISATION_ADMIN, organisation=own, is_active=False),
    ]
    for number, one in enumerate(may_not):
        client, _secret = new(own, asker, name=f"Not {number}")
        with pytest.raises(PermissionDenied):
            approve(ask=waiting(client), by=one())
    for number, one in enumerate(may):
        client, _secret = new(own, asker, name=f"System {number}")
        assert approve(ask=waiting(client), by=one()).let_in_at is not None
    near, _secret = new(own, asker, name="Near", region=region("RU-KRS"))
    officer = user_in_role(Role.PROTECTION_OFFICER, organisation=own, region=region("RU-KRS"))
    assert approve(ask=waiting(near), by=officer).let_in_at is not None


def test_emergency_access_approves_nothing(own: Organisation, asker: User) -> None:
    """Whoever may take it could approve by their own role today; it counts for nothing by itself."""
    client, _secret = new(own, asker)
    clerk = user_in_role(Role.REGISTRAR, organisation=own)
    taken = Scope(Role.PROTECTION_OFFICER, own.pk, "", until=database_now() + DAY)
    clerk.__dict__["_scopes"] = (*clerk.scopes(), taken)
    assert clerk.has_perm("accounts.approve_client")
    with pytest.raises(PermissionDenied):
        approve(ask=waiting(client), by=clerk)
    clerk.__dict__["_scopes"] = (replace(taken, until=None),)
    assert approve(ask=waiting(client), by=clerk).let_in_at is not None, (
        "the control: as a membership it would"
    )


def test_the_database_keeps_two_persons_apart(own: Organisation, asker: User) -> None:
    client, _secret = new(own, asker)
    told = {"state": "approved", "decided_at": database_now(), "decided_by": asker.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        client.asks.update(**told)


# --- what was approved is what was shown ---------------------------------------------------------------------------------


def test_what_was_asked_otherwise_since_is_not_approved(own: Organisation, asker: User, second: User) -> None:
    client, _secret = new(own, asker)
    shown = waiting(client)
    changed(client, asker, scopes=["documents:read", "people:read"])
    refused("state", "", approve, ask=shown, by=second)
    client.refresh_from_db()
    assert (client.let_in_at, client.scopes) == (None, [])


def raced(rounds: int) -> int:
    """How often, of so many times at once, a client was let in by an approval of what had been overtaken."""
    own = OrganisationFactory.create()
    one, two = (user_in_role(Role.ORGANISATION_ADMIN, organisation=own) for _ in range(2))
    wrong = 0
    for number in range(rounds):
        client, _secret = new(own, one, name=f"System {number}")
        shown, barrier = waiting(client), Barrier(2)
        mine, theirs = Client.objects.get(pk=client.pk), User.objects.get(pk=two.pk)

        def widens(it: Client = mine, start: Barrier = barrier) -> None:
            start.wait(timeout=30)
            changed(it, one, scopes=["documents:read", "people:read"])

        def approves(by: User = theirs, ask: ClientAsk = shown, start: Barrier = barrier) -> None:
            start.wait(timeout=30)
            with suppress(ValidationError):
                approve(ask=ask, by=by)

        for thread in [in_thread(widens), in_thread(approves)]:
            thread.join(timeout=60)
        client.refresh_from_db()
        assert waiting(client).scopes == ["documents:read", "people:read"]
        assert client.scopes in ([], ["people:read"])
        overtaken = AuditEvent.objects.filter(action="overtake", object_id=str(client.pk))
        wrong += client.let_in_at is not None and overtaken.exists()
    return wrong


@pytest.mark.django_db(transaction=True)
def test_to_approve_and_to_change_at_once_never_lets_in_what_was_overtaken() -> None:
    assert raced(12) == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same race, each reading what the other is about to change. It may take a few rounds."""
    meet = Barrier(2)

    def waits_for_the_other(ask: ClientAsk) -> None:
        looks(ask)
        with suppress(BrokenBarrierError):
            meet.wait(timeout=5)

    def overtakes_late(client: Client, **told: Any) -> None:
        with suppress(BrokenBarrierError):
            meet.wait(timeout=5)
        overtakes(client, **told)

    looks, overtakes = client_asks._check_waits, client_asks.overtake
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr(client_asks, "_check_waits", waits_for_the_other)
    monkeypatch.setattr("accounts.actions.clients.overtake", overtakes_late)
    assert raced(3) > 0


def test_the_helper_of_tests_approves(own: Organisation, asker: User) -> None:
    client, _secret = partner_client(own)
    assert client.scopes == list(client_scopes())
    assert approved(changed(client, asker, scopes=["people:read"])).scopes == ["people:read"]
