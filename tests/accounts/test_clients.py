"""Clients of partners' systems: each request is looked at anew, and what is ended opens nothing from the next one on."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from pytest_django import Settings

from accounts.actions.clients import add_client, change_client, end_client, rotate_secret
from accounts.client_scopes import client_scopes
from accounts.models import Client, ClientSecret, ClientToken, User
from accounts.policy import POLICY, Role
from accounts.routes import api_entry
from accounts.scopes import FAMILIES, scope_of
from accounts.signing_in import limits
from accounts.signing_in.digests import digest_of
from accounts.signing_in.limits import OF_A_CLIENT
from audit.models import AuditEvent
from core.clock import database_now
from exchange.kinds import NAMES, open_to
from retention.actions.applying import apply_all
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, user_in_role
from tests.factories.clients import administrator_of, partner_client, past_the_guard, token_of
from tests.factories.displacement import PersonFactory
from tests.factories.regions import kursk_tree, region
from tests.repository.test_access import _api_names

pytestmark = pytest.mark.django_db
TOKEN, REVOKE, INTROSPECT = (f"/api/oauth/{name}/" for name in ("token", "revoke", "introspect"))
FORM = "application/x-www-form-urlencoded"
GRANT = {"grant_type": "client_credentials"}


def posted(address: str, client: Client, secret: str, address_of: str = "127.0.0.1", **form: str) -> Any:
    """A form with id and secret by HTTP Basic, as RFC 6749 has it."""
    told = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {told}"}
    return Browser().post(
        address, urlencode(form), content_type=FORM, headers=headers, REMOTE_ADDR=address_of
    )


def asked(token: str, path: str = "people/", address: str = "127.0.0.1", **headers: str) -> Any:
    """One request with a token."""
    told = {"Authorization": f"Bearer {token}", **headers}
    return Browser().get(f"/api/v1/{path}", headers=told, REMOTE_ADDR=address)


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json().get("code", "")


def test_a_client_gets_a_token_for_an_hour_and_asks_with_it() -> None:
    client, secret = partner_client()
    own = PersonFactory.create(household__organisation=client.organisation)
    PersonFactory.create()
    answer = posted(TOKEN, client, secret, **GRANT)
    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 3600)
    assert set(told["scope"].split()) == set(client_scopes())
    assert "refresh_token" not in told
    assert "no-store" in answer.headers["Cache-Control"]
    found = asked(told["access_token"])
    assert [row["id"] for row in found.json()["results"]] == [str(own.pk)]
    in_the_form = {**GRANT, "client_id": client.client_id, "client_secret": secret}
    assert Browser().post(TOKEN, in_the_form).status_code == 200


def test_nothing_of_a_secret_or_a_token_is_kept() -> None:
    client, secret = partner_client()
    token = posted(TOKEN, client, secret, **GRANT).json()["access_token"]
    kept = str([*ClientSecret.objects.values(), *ClientToken.objects.values(), *AuditEvent.objects.values()])
    assert secret not in kept
    assert token not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM audit_rowchange c")
        changes = cursor.fetchone()[0]
    assert token not in changes
    assert secret not in changes
    assert AuditEvent.objects.filter(action="token_issued", actor_id=client.account_id).count() == 1


def test_the_library_brings_no_table() -> None:
    theirs = [model._meta.db_table for model in apps.get_app_config("oauth2_provider").get_models()]
    assert theirs == []
    assert not [name for name in connection.introspection.table_names() if name.startswith("oauth2")]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password", "username": "u", "password": "p"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
        ({}, 400, "invalid_request"),
        ({**GRANT, "scope": "people:read everything"}, 400, "invalid_scope"),
        ({**GRANT, "scope": "shelters:write"}, 400, "invalid_scope"),
    ],
)
def test_what_is_refused_is_told_in_the_words_of_the_rfc(
    form: dict[str, str], status: int, error: str
) -> None:
    client, secret = partner_client()
    answer = posted(TOKEN, client, secret, **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_wrong_secret_an_unknown_client_and_an_address_with_a_secret_get_nothing() -> None:
    client, secret = partner_client()
    other, _secret = partner_client()
    for one, given in ((client, "mps_wrong"), (other, secret), (Client(pk=uuid4()), secret)):
        answer = posted(TOKEN, one, given, **GRANT)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    query = urlencode({**GRANT, "client_id": client.client_id, "client_secret": secret})
    assert Browser().post(f"{TOKEN}?{query}").json()["error"] == "invalid_request"
    assert not ClientToken.objects.exists()


def test_tries_are_counted_for_each_client_and_without_valkey_none_is_looked_at(settings: Settings) -> None:
    client, secret = partner_client()
    for one in (client, Client(pk=uuid4())):
        for _ in range(OF_A_CLIENT):
            assert posted(TOKEN, one, "mps_wrong", **GRANT).status_code == 401
        answer = posted(TOKEN, one, secret, **GRANT)
        assert (answer.status_code, answer.json()["error"]) == (429, "temporarily_unavailable")
        assert answer.headers["Retry-After"]
    other, right = partner_client()
    assert posted(TOKEN, other, right, **GRANT).status_code == 200
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert posted(TOKEN, other, right, **GRANT).status_code == 503


def test_a_client_that_asks_for_a_token_each_time_is_told_to_keep_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "OF_TOKENS", 2)
    client, secret = partner_client()
    statuses = [posted(TOKEN, client, secret, **GRANT).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert posted(INTROSPECT, client, secret, token="mpt_x").json() == {"active": False}


def _end(client: Client) -> None:
    end_client(client=client, reason="The system is gone.", by=UserFactory.create())


def _expire(client: Client) -> None:
    day = timedelta(days=1)
    now = database_now()
    Client.objects.filter(pk=client.pk).update(valid_from=now - 2 * day, valid_until=now - day)


def _not_yet(client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(valid_from=database_now() + timedelta(days=1))


def _close(client: Client) -> None:
    User.objects.filter(pk=client.account_id).update(is_active=False)


def _widen(client: Client) -> None:
    with past_the_guard():  # of the database
        MembershipFactory.create(user=client.account, organisation=client.organisation, role=Role.REGISTRAR)


def _end_secret(client: Client) -> None:
    rotate_secret(client=client, former_until=None, by=administrator_of(client.organisation))


def _end_token(_client: Client) -> None:
    ClientToken.objects.all().delete()


def _end_hour(_client: Client) -> None:
    ClientToken.objects.update(expires=database_now() - timedelta(seconds=1))


def _elsewhere(client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(networks=["192.0.2.0/24", "2001:db8::/32"])


def _without_scope(client: Client) -> None:
    by = administrator_of(client.organisation)
    change_client(client=client, scopes=["claims:read"], networks=(), valid_until=None, by=by)


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_end, (403, "client_not_in_force")),
        (_expire, (403, "client_not_in_force")),
        (_not_yet, (403, "client_not_in_force")),
        (_close, (403, "client_not_in_force")),
        (_widen, (403, "client_not_in_force")),
        (_end_secret, (401, "token_invalid")),
        (_end_token, (401, "token_invalid")),
        (_end_hour, (401, "token_invalid")),
        (_elsewhere, (403, "network_not_allowed")),
        (_without_scope, (403, "scope_needed")),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_next_request_is_refused(happens: Callable[[Client], None], expected: tuple[int, str]) -> None:
    client, _secret = partner_client()
    token = token_of(client)
    assert asked(token).status_code == 200
    happens(client)
    answer = asked(token)
    assert outcome(answer) == expected
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert token not in answer.content.decode()


def test_an_ended_client_gets_no_token_and_is_told_why_only_with_its_secret() -> None:
    client, secret = partner_client(networks=["192.0.2.0/24"])
    assert "address" in posted(TOKEN, client, secret, **GRANT).json()["error_description"]
    assert posted(TOKEN, client, secret, "192.0.2.7", **GRANT).status_code == 200
    _end(client)
    assert "ended" in posted(TOKEN, client, secret, "192.0.2.7", **GRANT).json()["error_description"]
    assert "error_description" not in posted(TOKEN, client, "mps_wrong", **GRANT).json()


@pytest.mark.parametrize(
    ("address", "forwarded", "proxies", "is_let_in"),
    [
        ("192.0.2.7", "", 0, True),
        ("::ffff:192.0.2.7", "", 0, True),
        ("2001:db8::7", "", 0, True),
        ("2001:db9::7", "", 0, False),
        ("198.51.100.1", "192.0.2.7", 0, False),
        ("10.0.0.1", "192.0.2.7", 1, True),
        ("10.0.0.1", "192.0.2.7, 198.51.100.1", 1, False),
        ("10.0.0.1", "192.0.2.7", 2, False),
        ("10.0.0.1", "no address", 1, False),
    ],
)
def test_the_address_is_that_which_trusted_proxies_tell(
    address: str, forwarded: str, proxies: int, is_let_in: bool, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client, _secret = partner_client(networks=["192.0.2.0/24", "2001:db8::/32"])
    told = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert (asked(token_of(client), address=address, **told).status_code == 200) == is_let_in


def test_a_token_counts_in_its_header_alone() -> None:
    client, secret = partner_client()
    token = token_of(client)
    basic = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    for told in ({"query_params": {"access_token": token}}, {"headers": {"Authorization": f"Basic {basic}"}}):
        answer = Browser().get("/api/v1/people/", **told)  # type: ignore[arg-type]  # what each of them is
        assert outcome(answer) == (401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_for_some_scopes_opens_no_more_wherever_it_is_asked() -> None:
    client, secret = partner_client()
    PersonFactory.create(household__organisation=client.organisation)
    told = posted(TOKEN, client, secret, scope="changes:read claims:read", **GRANT).json()
    assert told["scope"] == "changes:read claims:read"
    token = told["access_token"]
    refused = asked(token)
    assert outcome(refused) == (403, "scope_needed")
    assert 'scope="people:read"' in refused.headers["WWW-Authenticate"]
    assert asked(token, "claims/").status_code == 200
    assert asked(token, "changes/").status_code == 200
    client.account.narrow(frozenset({"changes:read", "claims:read"}))
    assert open_to(client.account) == []  # of nothing does the feed tell it
    client.account.forget_scopes()
    assert [kind.name for kind in open_to(client.account)] == list(NAMES)


def test_a_client_of_a_region_sees_nothing_elsewhere() -> None:
    kursk_tree()
    client, _secret = partner_client(region=region("UA-59"))
    elsewhere = PersonFactory.create(household__organisation=client.organisation)
    assert asked(token_of(client)).json()["results"] == []
    assert asked(token_of(client), f"people/{elsewhere.pk}/").status_code == 404


def test_two_secrets_hold_while_one_is_changed_for_another() -> None:
    client, first = partner_client()
    by = administrator_of(client.organisation)
    _client, second = rotate_secret(client=client, former_until=database_now() + timedelta(days=1), by=by)
    assert [posted(TOKEN, client, one, **GRANT).status_code for one in (first, second)] == [200, 200]
    _client, third = rotate_secret(client=client, former_until=database_now() + timedelta(days=1), by=by)
    assert [posted(TOKEN, client, one, **GRANT).status_code for one in (first, second, third)] == [
        401,
        200,
        200,
    ]
    client.secrets.filter(ends_at__gt=database_now()).update(ends_at=database_now())
    assert [posted(TOKEN, client, one, **GRANT).status_code for one in (second, third)] == [401, 200]
    with pytest.raises(ValidationError):
        rotate_secret(client=client, former_until=database_now() + timedelta(days=91), by=by)


def test_a_client_ends_and_looks_at_its_own_tokens_alone() -> None:
    client, secret = partner_client()
    other, others = partner_client()
    token = token_of(client)
    assert posted(INTROSPECT, other, others, token=token).json() == {"active": False}
    assert posted(INTROSPECT, client, secret, token=token).json()["active"] is True
    assert posted(REVOKE, other, others, token=token).status_code == 200
    assert asked(token).status_code == 200
    assert posted(REVOKE, client, secret, token=token).status_code == 200
    assert outcome(asked(token)) == (401, "token_invalid")
    assert posted(INTROSPECT, client, secret, token=token).json() == {"active": False}
    assert posted(INTROSPECT, client, "mps_wrong", token=token).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scopes": ["shelters:write"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"networks": ["192.0.2.7/24"]}, "networks"),
        ({"networks": ["everywhere"]}, "networks"),
        ({"valid_until": database_now}, "valid_until"),
        ({"account": UserFactory.create}, "account"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, Any], field: str) -> None:
    made = {name: each() if callable(each) else each for name, each in wrong.items()}
    with pytest.raises(ValidationError) as refused:
        partner_client(**made)
    assert set(refused.value.message_dict) == {field}


def test_a_system_that_was_here_before_goes_on_with_its_account() -> None:
    organisation = OrganisationFactory.create()
    account = user_in_role(Role.PARTNER_SYSTEM, organisation=organisation)
    account.set_password("known to somebody")
    account.save()
    client, _secret = partner_client(organisation, account=account)
    assert client.account == account
    assert not User.objects.get(pk=account.pk).has_usable_password()
    with pytest.raises(ValidationError):
        add_client(
            organisation=organisation, name="Another", scopes=["people:read"], account=account, by=account
        )


def test_each_address_needs_a_scope_and_each_scope_is_of_one_family() -> None:
    """A new kind of record has to be put into a family before the API serves it."""
    entries = [entry for each in _api_names() if (entry := api_entry(*each))]
    assert [entry for entry in entries if not scope_of(entry.resource, entry.action)] == []
    assert [kind for kind in POLICY[Role.PARTNER_SYSTEM] if not scope_of(kind, "view")] == []
    kinds = [kind for family in FAMILIES.values() for kind in family]
    assert len(kinds) == len(set(kinds))
    assert client_scopes() == (
        "casualties:read",
        "changes:read",
        "claims:read",
        "documents:read",
        "documents:write",
        "editions:read",
        "erasures:read",
        "erasures:write",
        "lists:read",
        "lists:write",
        "people:read",
        "people:write",
        "reference:read",
        "shelters:read",
    )


def test_tokens_that_are_over_are_removed() -> None:
    client, _secret = partner_client()
    good, _over = token_of(client), token_of(client)
    ClientToken.objects.exclude(token_checksum=digest_of(good)).update(
        expires=database_now() - timedelta(hours=1)
    )
    assert apply_all(each="night") == 1
    assert asked(good).status_code == 200


def test_no_log_tells_a_token(caplog: pytest.LogCaptureFixture) -> None:
    client, secret = partner_client()
    with caplog.at_level("DEBUG"):
        token = posted(TOKEN, client, secret, **GRANT).json()["access_token"]
        asked(token)
    assert token not in caplog.text
    assert secret not in caplog.text
    assert json.dumps(secret) not in caplog.text
