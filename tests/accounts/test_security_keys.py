"""Security keys: each answer once, to the question of its session, at the address of the service, by a key that counts on."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_decode, websafe_encode
from pytest_django import Settings

from accounts.kept_sessions import digest_of
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.signing_in import keys, limits
from audit.models import AuditEvent
from tests.desk.pages import desk_of, words
from tests.factories.accounts import set_password, user_in_role
from tests.security_keys import SecurityKey

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN, CODE, ADD = reverse("account_login"), reverse("mfa_authenticate"), reverse("mfa_add_webauthn")
ELSEWHERE = [
    "http://localhost:9999",
    "https://localhost:8000",
    "http://evil.localhost:8000",
    "http://localhost",
]


@pytest.fixture
def registrar(settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SITE_URL = "http://localhost:8000"
    return set_password(user_in_role(Role.REGISTRAR), PASSWORD)


def _desk(user: User) -> Client:
    """By the account as it is now: adding a factor ends the sessions of before."""
    return desk_of(User.objects.get(pk=user.pk))


def _options(page: Any, name: str) -> Any:
    """As the page's script reads them."""
    return json.loads(json.dumps(page.context["js_data"][name], default=dict))


def _add(user: User, key: SecurityKey, *, origin: str = "") -> Any:
    client = _desk(user)
    answer = key.made(_options(client.get(ADD), "creation_options"), origin=origin)
    return client.post(ADD, {"name": "The blue one", "credential": json.dumps(answer)})


def _asked(user: User, **headers: Any) -> tuple[Client, Any]:
    """A browser that has shown the password, and what it is to ask the key."""
    client = Client()
    client.post(LOGIN, {"login": user.username, "password": PASSWORD}, **headers)
    return client, _options(client.get(CODE, **headers), "request_options")


def _send(client: Client, answer: dict[str, Any]) -> Any:
    return client.post(CODE, {"credential": json.dumps(answer)})


def _is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def test_a_key_is_added_and_signs_in_again_and_again(registrar: User) -> None:
    key = SecurityKey()
    assert _add(registrar, key).status_code == 302
    for _ in range(2):
        client, options = _asked(registrar)
        _send(client, key.answered(options))
        assert _is_in(client)


def test_the_host_that_somebody_asks_for_is_not_where_keys_work(registrar: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "elsewhere.example"]
    set_up_app(registrar)
    _client, options = _asked(registrar, HTTP_HOST="elsewhere.example")
    assert options["publicKey"]["rpId"] == "localhost"
    made = _options(_desk(registrar).get(ADD, HTTP_HOST="elsewhere.example"), "creation_options")
    assert made["publicKey"]["rp"] == {"id": "localhost", "name": "Musterpoint"}


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_an_answer_given_at_another_address_opens_nothing(registrar: User, origin: str) -> None:
    """Such as a page on a subdomain, or on another port of the machine, that hands on what the key told it."""
    key = SecurityKey()
    _add(registrar, key)
    client, options = _asked(registrar)
    _send(client, key.answered(options, origin=origin))
    assert not _is_in(client)
    assert _add(registrar, SecurityKey(), origin=origin).status_code == 200
    assert Authenticator.objects.filter(user=registrar, type="webauthn").count() == 1


def test_a_copy_of_a_key_is_noticed_by_its_counter(registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    key = SecurityKey()
    _add(registrar, key)
    copied = key.copied()
    client, options = _asked(registrar)
    _send(client, key.answered(options))
    assert _is_in(client)
    client, options = _asked(registrar)
    _send(client, copied.answered(options))
    assert not _is_in(client)
    assert AuditEvent.objects.filter(action="second_factor_failed").count() == 1
    monkeypatch.setattr(keys, "_last_count", lambda _key: -1)
    client, options = _asked(registrar)
    _send(client, copied.answered(options))
    assert _is_in(client), "the control"


def test_a_key_that_does_not_count_signs_in_again_and_again(registrar: User) -> None:
    key = SecurityKey(counts=False)
    _add(registrar, key)
    for _ in range(2):
        client, options = _asked(registrar)
        _send(client, key.answered(options))
        assert _is_in(client)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_answer_opens_once_where_two_requests_read_the_session_at_once(
    registrar: User, is_guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SecurityKey(counts=False)
    _add(registrar, key)
    first, options = _asked(registrar)
    answer, cookie = key.answered(options), first.cookies["sessionid"].value
    read_before = Session.objects.get(session_key=digest_of(cookie))
    _send(first, answer)
    assert _is_in(first)
    if not is_guarded:
        monkeypatch.setattr(keys, "first_answer", lambda _question: True)
    read_before.save(force_insert=True)
    second = Client()
    second.cookies["sessionid"] = cookie
    _send(second, answer)
    assert _is_in(second) is not is_guarded


def test_the_question_of_another_session_or_of_before_is_none(registrar: User) -> None:
    key = SecurityKey()
    _add(registrar, key)
    _other, of_the_other = _asked(registrar)
    client, options = _asked(registrar)
    _send(client, key.answered(of_the_other))
    _send(client, key.answered(options))
    assert not _is_in(client), "the page asked anew after the first"


@pytest.mark.parametrize("wrong", [{"flags": 0}, {"host": "elsewhere.example"}])
def test_untouched_or_for_another_service(registrar: User, wrong: dict[str, Any]) -> None:
    key = SecurityKey()
    _add(registrar, key)
    client, options = _asked(registrar)
    _send(client, key.answered(options, **wrong))
    assert not _is_in(client)


def test_a_key_that_was_removed_meanwhile_opens_nothing(registrar: User) -> None:
    key = SecurityKey()
    set_up_app(registrar)
    _add(registrar, key)
    client, options = _asked(registrar)
    Authenticator.objects.filter(user=registrar, type="webauthn").delete()
    _send(client, key.answered(options))
    assert not _is_in(client)


GARBAGE = [
    "[]",
    '"x"',
    '{"id": 5}',
    '{"id": "eA", "rawId": "eA", "response": {}}',
    '{"id": "eA", "rawId": "eA", "response": []}',
    '{"id": "eA", "rawId": "eA", "response": {"clientDataJSON": null, "attestationObject": 1}}',
    '{"id": "eA", "rawId": "eA", "response": {"clientDataJSON": "e30", "attestationObject": "oA",'
    ' "authenticatorData": "oA", "signature": "eA"}}',
    '{"id": "\\ud800", "rawId": "\\ud800", "response": {}}',
    "[" * 15_000,
    "9" * 5_000,
    '{"a": "' + "x" * 30_000 + '"}',
]


@pytest.mark.parametrize("place", range(len(GARBAGE)))
def test_what_no_key_says_is_a_wrong_answer_and_no_fault_of_the_service(registrar: User, place: int) -> None:
    _add(registrar, SecurityKey())
    client, _options_of_it = _asked(registrar)
    page = client.post(CODE, {"credential": GARBAGE[place]})
    assert page.status_code == 200
    assert not _is_in(client)
    desk = _desk(registrar)
    desk.get(ADD)
    assert desk.post(ADD, {"name": "x", "credential": GARBAGE[place]}).status_code == 200


@pytest.mark.parametrize("length", [0, 1, 36, 100])
def test_answers_that_are_cut_off(registrar: User, length: int) -> None:
    key, desk = SecurityKey(), _desk(registrar)
    made = key.made(_options(desk.get(ADD), "creation_options"))
    made["response"]["attestationObject"] = _cut(made["response"]["attestationObject"], length)
    assert desk.post(ADD, {"name": "x", "credential": json.dumps(made)}).status_code == 200
    _add(registrar, key)
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        client, options = _asked(registrar)
        answer = key.answered(options)
        answer["response"][part] = _cut(answer["response"][part], min(length, 36))
        assert _send(client, answer).status_code in {200, 429}
        assert not _is_in(client)


def _cut(part: str, length: int) -> str:
    return str(websafe_encode(websafe_decode(part)[:length]))


def test_nothing_is_kept_that_a_key_has_no_use_for(registrar: User) -> None:
    desk = _desk(registrar)
    made = SecurityKey().made(_options(desk.get(ADD), "creation_options")) | {"more": "x" * 1000}
    made["response"]["more"] = "y" * 1000
    assert desk.post(ADD, {"name": "n" * 101, "credential": json.dumps(made)}).status_code == 200
    made = SecurityKey().made(_options(desk.get(ADD), "creation_options")) | {"more": "x" * 1000}
    assert desk.post(ADD, {"name": "n" * 100, "credential": json.dumps(made)}).status_code == 302
    (kept,) = Authenticator.objects.filter(user=registrar, type="webauthn")
    assert "more" not in json.dumps(kept.data)


def test_by_delete_nothing_is_removed(registrar: User) -> None:
    """Django's own view would do it without asking whether it is the last, without a trace, and leave other sessions in."""
    _add(registrar, SecurityKey())
    (kept,) = Authenticator.objects.filter(user=registrar, type="webauthn")
    answer = _desk(registrar).delete(reverse("mfa_remove_webauthn", args=[kept.pk]))
    assert answer.status_code == 405
    assert Authenticator.objects.filter(pk=kept.pk).exists()


def test_without_valkey_no_answer_is_taken(registrar: User, settings: Settings) -> None:
    key, desk = SecurityKey(), _desk(registrar)
    made = key.made(_options(desk.get(ADD), "creation_options"))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = desk.post(ADD, {"name": "x", "credential": json.dumps(made)})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    assert "not possible for the moment" in words(page)


def test_wrong_answers_are_counted_with_wrong_codes(registrar: User) -> None:
    _add(registrar, SecurityKey())
    client, _options_of_it = _asked(registrar)
    for _ in range(limits.OF_CODES):
        assert client.post(CODE, {"credential": '{"id": "x"}'}).status_code == 200
    assert client.post(CODE, {"credential": '{"id": "x"}'}).status_code == 429


def test_the_library_reads_what_is_kept(registrar: User) -> None:
    _add(registrar, SecurityKey())
    assert len(auth.get_credentials(registrar)) == 1
