"""Password, then code: what is asked, what is told where it is wrong, what is written down, and how often it may be tried."""

import json
import os
import threading
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings
from redis import Redis

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.signing_in import limits
from accounts.signing_in.adapters import AccountAdapter
from accounts.signing_in.credentials import address_of
from accounts.signing_in.forms import AppForm
from audit.models import AuditEvent
from tests.desk.pages import words
from tests.factories.accounts import UserFactory, set_password, user_in_role
from tests.signing_in import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN, CODE = reverse("account_login"), reverse("mfa_authenticate")


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed: the time that signing in takes is this."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).times += 1
        return str(super().encode(password, salt))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]


@pytest.fixture
def registrar() -> User:
    return set_password(user_in_role(Role.REGISTRAR), PASSWORD)


def _password(client: Client, user: User | str, password: str = PASSWORD, **more: Any) -> Any:
    name = user if isinstance(user, str) else user.username
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def _code(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def _is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def _events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_password_and_code_let_in_and_leave_a_trace(registrar: User) -> None:
    secret, client = set_up_app(registrar), Client()
    assert _password(client, registrar).headers["Location"] == CODE
    assert not _is_in(client)
    assert client.get("/api/v1/people/").status_code == 401
    assert _events("sign_in") == []
    assert _code(client, code_of(secret)).headers["Location"] == "/"
    assert _is_in(client)
    (event,) = _events("sign_in")
    assert (event.actor_id, event.detail) == (registrar.pk, {"second_factor": "totp"})


def test_a_code_opens_once(registrar: User) -> None:
    secret = set_up_app(registrar)
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        _password(client, registrar)
        _code(client, code)
    assert (_is_in(first), _is_in(second)) == (True, False)


@pytest.mark.parametrize("parts", ["", " "])
def test_the_code_that_set_the_app_up_opens_nothing_else(registrar: User, parts: str) -> None:
    secret = _begin(here := Client(), registrar)
    code = code_of(secret)
    assert here.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    elsewhere = Client()
    _password(elsewhere, registrar)
    _code(elsewhere, f"{code[:3]}{parts}{code[3:]}")
    assert not _is_in(elsewhere)
    _code(elsewhere, code_of(secret, later=1))
    assert _is_in(elsewhere), "the next one does"


def test_a_code_of_before_one_that_was_used_opens_nothing(registrar: User) -> None:
    secret, first, second = set_up_app(registrar), Client(), Client()
    for client, later in ((first, 0), (second, -1)):
        _password(client, registrar)
        _code(client, code_of(secret, later=later))
    assert (_is_in(first), _is_in(second)) == (True, False)


def test_valkey_that_comes_back_empty_brings_no_code_back(registrar: User) -> None:
    secret, first, second = set_up_app(registrar), Client(), Client()
    code = code_of(secret)
    _password(first, registrar)
    _code(first, code)
    assert _is_in(first)
    with Redis.from_url(os.environ["REDIS_URL"]) as kept:
        assert [key for key in kept.scan_iter("*") if code.encode() in key] == [], "nor does it hold codes"
    cache.clear()
    _password(second, registrar)
    _code(second, code)
    assert not _is_in(second)


def test_a_wrong_code_is_told_in_a_sentence_and_five_are_enough(registrar: User) -> None:
    secret, client = set_up_app(registrar), Client()
    _password(client, registrar)
    for _ in range(limits.OF_CODES):
        assert "The code is not right, or was used already" in words(_code(client, "000000"))
    assert "tried too often" in words(_code(client, code_of(secret))), "a right one is not looked at either"
    assert not _is_in(client)
    failed = _events("second_factor_failed")
    assert [(event.actor_id, event.detail) for event in failed] == [
        (registrar.pk, {"way": "code"})
    ] * limits.OF_CODES


@pytest.mark.parametrize("change", ["password", "closed"])
def test_what_changes_between_password_and_code_ends_the_sign_in(registrar: User, change: str) -> None:
    secret, client = set_up_app(registrar), Client()
    _password(client, registrar)
    if change == "password":
        set_password(registrar, "another horse battery")
    else:
        User.objects.filter(pk=registrar.pk).update(is_active=False)
    _code(client, code_of(secret))
    assert not _is_in(client)
    assert _events("sign_in") == []


def test_unknown_wrong_and_closed_are_one_answer_one_effort_and_one_trace() -> None:
    anna = set_password(user_in_role(Role.REGISTRAR), PASSWORD)
    gone = set_password(UserFactory.create(is_active=False), PASSWORD)
    never = UserFactory.create(password="!unusable")
    answers, efforts = set(), set()
    for name, password in (
        (anna.username, "wrong"),
        ("nobody-here", "wrong"),
        (gone.username, PASSWORD),
        (never.username, "wrong"),
    ):
        before = Counting.times
        page = words(_password(Client(), name, password))
        efforts.add(Counting.times - before)
        answers.add(page.replace(name, ""))
    assert len(answers) == 1
    assert "User name or password is not right" in answers.pop()
    assert efforts == {1}
    traces = _events("sign_in_failed")
    assert len(traces) == 4
    assert len({(event.actor_id, event.object_id, str(event.detail), event.reason) for event in traces}) == 1


def test_the_lock_is_the_same_for_who_exists_and_who_does_not(registrar: User) -> None:
    answers = set()
    for name in (registrar.username, "nobody-at-all"):
        for _ in range(limits.OF_A_NAME):
            _password(Client(), name, "wrong", REMOTE_ADDR="192.0.2.7")
        page = words(_password(Client(), name, PASSWORD, REMOTE_ADDR="192.0.2.8"))
        answers.add(page.replace(name, ""))
    assert len(answers) == 1
    assert "This was tried too often. Wait a quarter of an hour" in answers.pop()


@pytest.mark.parametrize("way", ["port of the host", "case", "width of letters", "blank"])
def test_the_lock_of_a_name_is_not_evaded(registrar: User, way: str) -> None:
    for _ in range(limits.OF_A_NAME):
        _password(Client(), registrar, "wrong", REMOTE_ADDR="192.0.2.9")
    names = {
        "case": registrar.username.upper(),
        "width of letters": f"ｕ{registrar.username[1:]}",
        "blank": f"{registrar.username} ",
    }
    more = {"HTTP_HOST": "localhost:1234"} if way == "port of the host" else {}
    page = _password(Client(), names.get(way, registrar.username), REMOTE_ADDR="192.0.2.10", **more)
    assert "tried too often" in words(page)


def test_200_wrong_passwords_at_once_are_looked_at_no_more_often_than_may_be() -> None:
    request, gate, passed = RequestFactory().post(LOGIN), threading.Barrier(200), []

    def attempt() -> None:
        gate.wait()
        try:
            AccountAdapter(request).pre_authenticate(request, username="olena-at-once", password="x")
        except ValidationError:
            passed.append(False)
        else:
            passed.append(True)

    threads = [threading.Thread(target=attempt) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (200, limits.OF_A_NAME)


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}],
    ids=["accept", "script"],
)
def test_a_program_is_answered_as_a_person_and_told_no_password(
    registrar: User, headers: dict[str, str]
) -> None:
    for _ in range(limits.OF_A_NAME):
        page = _password(Client(), registrar, "a-wrong-word-of-mine", headers=headers)
        assert b"a-wrong-word-of-mine" not in page.content
    assert page.headers["Content-Type"].startswith("text/html")
    late = _password(Client(), registrar, headers=headers)
    assert (late.status_code, "Retry-After" in late.headers) == (429, True)


def test_right_passwords_use_no_tries_up(registrar: User) -> None:
    for _ in range(limits.OF_A_NAME + 2):
        client = Client()
        assert _password(client, registrar).status_code == 302


def test_without_valkey_nobody_signs_in(registrar: User, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client = Client()
    assert "Signing in is not possible for the moment" in words(_password(client, registrar))
    assert not _is_in(client)


def test_a_recovery_code_opens_once_and_needs_no_telephone(registrar: User) -> None:
    codes = _enrol(Client(), registrar)
    first, second = Client(), Client()
    for client in (first, second):
        _password(client, registrar)
        _code(client, codes[0])
    assert (_is_in(first), _is_in(second)) == (True, False)


def test_setting_up_an_app_opens_the_desk_and_shows_recovery_codes_once(registrar: User) -> None:
    client = Client()
    codes = _enrol(client, registrar)
    assert len(set(codes)) == 10
    assert _is_in(client)
    assert codes[0] not in words(client.get(reverse("mfa_view_recovery_codes")))
    (event,) = _events("second_factor_added")
    assert (event.actor_id, event.object_id, event.detail) == (
        registrar.pk,
        str(registrar.pk),
        {"factor": "totp"},
    )


def test_two_pages_that_set_up_an_app_at_once_leave_one(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    secret = _begin(client, registrar)
    real = AppForm.clean_code

    def meanwhile(self: AppForm) -> str:
        set_up_app(registrar)
        return real(self)

    monkeypatch.setattr(AppForm, "clean_code", meanwhile)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index"))
    assert Authenticator.objects.filter(user=registrar).count() == 1


def test_a_look_that_shows_nothing_is_not_the_one_time_of_recovery_codes(registrar: User) -> None:
    client = Client()
    secret = _begin(client, registrar)
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.head(reverse("mfa_view_recovery_codes")).status_code == 405
    assert client.get(reverse("mfa_view_recovery_codes")).context["can_view_codes"]


@pytest.mark.parametrize("proxies", [1, 2])
@pytest.mark.parametrize("told", ["nonsense", "192.0.2.1", "x" * 9000, "fe80::1%eth0, nonsense"])
def test_whoever_hides_where_they_ask_from_is_counted_together(
    registrar: User, settings: Settings, proxies: int, told: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert _password(Client(), registrar, HTTP_X_FORWARDED_FOR=told).status_code == 302


@pytest.mark.parametrize(
    ("written", "other", "is_one"),
    [
        ("::ffff:192.0.2.5", "::ffff:198.51.100.9", False),
        ("::ffff:192.0.2.5", "192.0.2.5", True),
        ("2001:db8:1:2::5", "2001:db8:1:2:9::", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
    ],
)
def test_what_is_one_address(written: str, other: str, is_one: bool) -> None:
    """A socket of both families writes every IPv4 address as one of the same IPv6 network."""
    told = [address_of(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (written, other)]
    keys = {limits.of_password("anna", address)[1].key for address in told}
    assert (len(keys) == 1) is is_one


def test_no_secret_lies_in_clear_in_the_database(registrar: User) -> None:
    client = Client()
    secret = _begin(client, registrar)
    kept = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    assert secret not in kept, "nor before the first code"
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    rows = {row.type: row.data for row in Authenticator.objects.filter(user=registrar)}
    assert set(rows) == {"totp", "recovery_codes"}
    assert secret not in json.dumps(rows)
    assert rows["totp"]["secret"].startswith("mp1.tests.")
    assert rows["recovery_codes"]["seed"].startswith("mp1.tests.")


def test_a_secret_that_was_copied_to_a_colleague_opens_nothing(registrar: User) -> None:
    mine, theirs = set_up_app(registrar), set_password(user_in_role(Role.REGISTRAR), PASSWORD)
    set_up_app(theirs)
    stolen = Authenticator.objects.get(user=registrar).data
    Authenticator.objects.filter(user=theirs).update(data=stolen)
    client = Client()
    _password(client, theirs)
    assert "cannot be read any more. Ask your administrator" in words(_code(client, code_of(mine)))
    assert not _is_in(client)


def test_the_last_factor_of_who_needs_one_stays(registrar: User) -> None:
    client = Client()
    _enrol(client, registrar)
    page = client.post(reverse("mfa_deactivate_totp"))
    assert "one factor has to stay" in words(page)
    assert Authenticator.objects.filter(user=registrar, type="totp").exists()


def test_who_needs_none_may_remove_it_and_that_is_written_down() -> None:
    publisher = set_password(user_in_role(Role.PUBLISHER), PASSWORD)
    client = Client()
    _enrol(client, publisher)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=publisher).exists()
    assert [event.detail for event in _events("second_factor_removed")] == [{"factor": "totp"}]


@pytest.mark.parametrize(
    "path", ["/signup/", "/login/signup/", "/password/reset/", "/email/", "/login/code/"]
)
def test_of_what_allauth_offers_nothing_else_is_open(path: str) -> None:
    assert Client().get(path).status_code in {302, 404}
    assert "sign" not in Client().get(path, follow=True).request["PATH_INFO"]


def _begin(client: Client, user: User) -> str:
    """Sign in by password and open the page that shows a secret, which is answered."""
    _password(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    return str(page.context["form"].secret)


def _enrol(client: Client, user: User) -> list[str]:
    """Set up an app as a person does; answers the recovery codes."""
    secret = _begin(client, user)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, later=-1)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    return list(client.get(answer.headers["Location"]).context["unused_codes"])
