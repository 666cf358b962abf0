"""One code opens once, also where two browsers send it in the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.signing_in import codes, forms, views
from tests.factories.accounts import set_password, user_in_role
from tests.signing_in import code_of

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
BROWSERS = 4


@pytest.fixture
def registrar(settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return set_password(user_in_role(Role.REGISTRAR), PASSWORD)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Holds up each browser right before its code is looked at, until all are there."""
    gate = threading.Barrier(BROWSERS, timeout=60)
    monkeypatch.setattr(forms, "use_code", _behind(gate, codes.use_code))
    return gate


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is off: nobody waits for the other."""
    monkeypatch.setattr(type(Authenticator.objects), "select_for_update", lambda rows: rows.all())


def _behind(gate: threading.Barrier, real: Callable[..., Any]) -> Callable[..., Any]:
    def held_up(*args: Any, **options: Any) -> Any:
        gate.wait()
        return real(*args, **options)

    return held_up


def _let_in(registrar: User, code: str) -> int:
    """How many browsers the code opens that all have shown the password."""
    browsers = [Client() for _ in range(BROWSERS)]
    for browser in browsers:
        answer = browser.post(reverse("account_login"), {"login": registrar.username, "password": PASSWORD})
        assert answer.headers["Location"] == reverse("mfa_authenticate")

    def send(browser: Client) -> None:
        try:
            browser.post(reverse("mfa_authenticate"), {"code": code})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(browser.get("/").status_code == 200 for browser in browsers)


def _enrolled(registrar: User) -> Client:
    """A browser that is about to show recovery codes."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": registrar.username, "password": PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    browser.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})
    return browser


def _codes(registrar: User) -> list[str]:
    """Recovery codes, made as a person makes them."""
    page = _enrolled(registrar).get(reverse("mfa_view_recovery_codes"))
    return list(page.context["unused_codes"])


def _shown(registrar: User) -> int:
    """How often the codes are shown where the page is asked for several times at once."""
    cookie, shown = _enrolled(registrar).cookies["sessionid"].value, []

    def look() -> None:
        browser = Client()
        browser.cookies["sessionid"] = cookie
        try:
            page = browser.get(reverse("mfa_view_recovery_codes"))
            shown.append("****" not in page.content.decode() and b"recovery-codes" in page.content)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(shown)


def test_a_code_of_the_app(registrar: User, at_once: threading.Barrier) -> None:
    assert _let_in(registrar, code_of(set_up_app(registrar))) == 1


def test_a_code_of_the_app_where_nobody_waits_for_the_other(
    registrar: User, unlocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: all find it unused before the first has noted it."""
    gate = threading.Barrier(BROWSERS, timeout=60)
    monkeypatch.setattr(codes, "note_step", _behind(gate, codes.note_step))
    assert _let_in(registrar, code_of(set_up_app(registrar))) == BROWSERS


def test_a_recovery_code(registrar: User, at_once: threading.Barrier) -> None:
    assert _let_in(registrar, _codes(registrar)[0]) == 1


def test_a_recovery_code_where_nobody_waits_for_the_other(
    registrar: User, unlocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: likewise."""
    code = _codes(registrar)[0]
    gate = threading.Barrier(BROWSERS, timeout=60)
    monkeypatch.setattr(RecoveryCodes, "_mark_code_used", _behind(gate, RecoveryCodes._mark_code_used))
    assert _let_in(registrar, code) == BROWSERS


def test_recovery_codes_are_shown_once(registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Barrier(BROWSERS, timeout=60)
    monkeypatch.setattr(views.RecoveryCodes, "get", _behind(gate, views.RecoveryCodes.get))
    assert _shown(registrar) == 1


def test_recovery_codes_where_nobody_waits_for_the_other(
    registrar: User, unlocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: all find that nobody has seen them."""
    gate = threading.Barrier(BROWSERS, timeout=60)
    monkeypatch.setattr(RecoveryCodes, "mark_as_viewed", _behind(gate, RecoveryCodes.mark_as_viewed))
    assert _shown(registrar) == BROWSERS
