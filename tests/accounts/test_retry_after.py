"""Whoever is refused since it was too often is told when to come again: status 429 and `Retry-After`, at every place."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings
from redis import Redis

from accounts.budgets import REVEALS_A_DAY
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.signing_in import limits
from core.retrying import RetryAfter
from tests.desk.pages import act_url, desk_of
from tests.factories.accounts import set_password, user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import HouseholdFactory
from tests.factories.intake import KoboFormFactory

pytestmark = pytest.mark.django_db
PASSWORD, QUARTER = "correct horse battery", 15 * 60
Place = Callable[[User], Any]


@pytest.fixture(autouse=True)
def _few_are_too_many(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None is let through that counts wrong tries; sign-in by the password itself is not counted where it is right.

    What was counted for the one address of all tests goes with the test.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(limits, "OF_CODES", 1)
    monkeypatch.setattr(limits, "OF_A_CLIENT", 1)
    monkeypatch.setattr(limits, "OF_TOKENS", 1)
    monkeypatch.setitem(REVEALS_A_DAY, Role.REGISTRAR, 0)
    yield
    with Redis.from_url(os.environ["REDIS_URL"]) as counts:
        for key in counts.scan_iter("musterpoint:limit:*"):
            counts.delete(key)


@pytest.fixture
def user() -> User:
    """Registers people."""
    return set_password(user_in_role(Role.REGISTRAR), PASSWORD)


def _basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"}


def password(user: User) -> Any:
    """At sign-in."""
    told = {"login": user.username, "password": "wrong"}
    return [Browser().post(reverse("account_login"), told) for _ in range(limits.OF_A_NAME + 1)][-1]


def password_once_more(user: User) -> Any:
    """Asked for again before something grave."""
    desk = desk_of(user)
    told = {"password": "wrong"}
    return [desk.post(reverse("account_reauthenticate"), told) for _ in range(limits.OF_A_NAME + 1)][-1]


def code(user: User) -> Any:
    """Of the app, after the password."""
    set_up_app(user)
    browser = Browser()
    browser.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return [browser.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(2)][-1]


def new_app(user: User) -> Any:
    """The first code of a new app."""
    desk = desk_of(user)
    desk.get(reverse("mfa_activate_totp"))
    return [desk.post(reverse("mfa_activate_totp"), {"code": "000000"}) for _ in range(2)][-1]


def own_password(user: User) -> Any:
    """The old one, where a new one is set."""
    desk, new = desk_of(user), "a whole new password 7"
    sent = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    return [desk.post(reverse("admin:password_change"), sent) for _ in range(2)][-1]


def opened(user: User) -> Any:
    """More records than a day's budget."""
    organisation = user.memberships.get().organisation
    house = HouseholdFactory.create(organisation=organisation, phone="+7 900 555 01 47")
    return desk_of(user).post(act_url(house, "reveal"), {"reason": "call"})


def _posted(path: str, name: str, secret: str, **form: str) -> Any:
    told = urlencode(form)
    kind = "application/x-www-form-urlencoded"
    return Browser().post(f"/api/oauth/{path}/", told, content_type=kind, headers=_basic(name, secret))


def secret_of_a_client(user: User) -> Any:
    """Where tokens are given."""
    client, _secret = partner_client()
    grant = {"grant_type": "client_credentials"}
    return [_posted("token", client.client_id, "mps_wrong", **grant) for _ in range(2)][-1]


def secret_where_tokens_end(user: User) -> Any:
    """Where they are taken back."""
    client, _secret = partner_client()
    return [_posted("revoke", client.client_id, "mps_wrong", token="mpt_x") for _ in range(2)][-1]


def tokens(user: User) -> Any:
    """One after another with the right secret."""
    client, secret = partner_client()
    grant = {"grant_type": "client_credentials"}
    return [_posted("token", client.client_id, secret, **grant) for _ in range(2)][-1]


def server_of_forms(user: User) -> Any:
    """Which sends its secret each time."""
    client, _secret = partner_client()
    form = KoboFormFactory.create(organisation=client.organisation)
    address, headers = f"/api/v1/kobo-forms/{form.pk}/submissions/", _basic(client.client_id, "mps_wrong")
    asks = Browser(headers=headers)
    return [asks.post(address, "{}", content_type="application/json") for _ in range(2)][-1]


PAGES: list[Place] = [password, password_once_more, code, new_app, own_password, opened]
SYSTEMS: list[Place] = [secret_of_a_client, secret_where_tokens_end, tokens, server_of_forms]


@pytest.mark.parametrize("place", [*PAGES, *SYSTEMS])
def test_who_tried_too_often_is_told_when_to_come_again(place: Place, user: User) -> None:
    answer = place(user)
    assert answer.status_code == 429, answer.content[:300]
    most = 24 * 60 * 60 if place is opened else QUARTER
    assert 0 < int(answer.headers["Retry-After"]) <= most


@pytest.mark.parametrize("place", PAGES)
def test_pages_say_it_by_one_guard(place: Place, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same places without it."""
    monkeypatch.setattr(RetryAfter, "process_template_response", lambda _self, _request, answer: answer)
    answer = place(user)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (200, None)


def test_requests_of_the_api_say_it_too(user: User, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 0
    client, _secret = partner_client()
    asks = Browser(headers={"Authorization": f"Bearer {token_of(client)}"})
    for answer in (asks.get("/api/v1/people/"), desk_of(user).get("/api/v1/people/")):
        assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 60) == (429, True)


def test_where_nobody_can_count_it_is_503_with_a_time(user: User, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client, secret = partner_client()
    page = Browser().post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    grant = {"grant_type": "client_credentials"}
    for answer in (page, _posted("token", client.client_id, secret, **grant)):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_what_is_only_wrong_is_no_such_answer(user: User) -> None:
    told = {"login": user.username, "password": "wrong"}
    for answer in (
        Browser().post(reverse("account_login"), told),
        desk_of(user).post(
            act_url(HouseholdFactory.create(organisation=user.memberships.get().organisation), "reveal"), {}
        ),
    ):
        assert (answer.status_code, "Retry-After" in answer.headers) == (200, False)
