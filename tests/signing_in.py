"""Being signed in, in tests: `force_login` gives a session as somebody has it who showed password and second factor."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from accounts import sessions
from accounts.kept_sessions import SessionStore
from accounts.models import User


def sign_in(client: Client, user: User, *, second_factor: bool) -> None:
    """Sign the user in without typing, with a second factor or by password alone. The guards are all on."""
    client.force_login(user)
    session = client.session
    sessions.begin(session, second_factor=second_factor)
    session.save()


def _login(client: Client, user: User, backend: Any = None) -> None:
    """As Django's own, after which the session has shown a second factor: what nearly every test takes as given.

    Django writes the session four times on the way; here it is begun before it is written.
    """
    request, cookie = HttpRequest(), client.cookies.get(settings.SESSION_COOKIE_NAME)
    request.session = SessionStore(cookie.value if cookie else None)
    login(request, user, backend)
    sessions.begin(request.session, second_factor=True)
    request.session.save()
    client._set_login_cookies(request)  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _signed_in_with_a_second_factor() -> Iterator[None]:
    """For the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_login", _login)
        yield


def code_of(secret: str, *, later: int = 0) -> str:
    """The code that the app shows now, or in so many half minutes; each opens once."""
    _before, now, _after = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now + later)))
