"""What every answer tells a browser not to do, whatever the address, whoever asks."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.views import LoginView
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from pytest_django import Settings

from accounts.middleware import KEPT_NOWHERE
from tests.factories.accounts import almighty
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import PersonFactory
from tests.repository.test_access import _names

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
YEAR = 31_536_000


def _addresses() -> Iterator[str]:
    """Every address by its name, of records that do not exist, and one that is none."""
    yield "/no/such/page"
    for namespace, name in sorted(set(_names(get_resolver()))):
        for values in ((), ("1",), ("1", "act")):
            try:
                yield reverse(f"{namespace}:{name}" if namespace else name, args=values)
            except NoReverseMatch:
                continue


def _faults(address: str, answer: Any) -> list[str]:
    found = [f"{address}: {name}" for name, value in EVERYWHERE.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    scripts = re.search(r"script-src ([^;]*)", policy)
    if "default-src 'none'" not in policy or (scripts and "unsafe" in scripts.group(1)):
        found.append(f"{address}: Content-Security-Policy {policy}")
    for cookie in answer.cookies.values():
        if not cookie["secure"] or cookie["samesite"] != "Lax":
            found.append(f"{address}: cookie {cookie.key}")
    return found


def _behind_https(settings: Settings) -> None:
    """As docker-compose.yml sets it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = YEAR, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.mark.django_db
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_headers_of_every_address(is_signed_in: bool, settings: Settings) -> None:
    _behind_https(settings)
    client = Client()
    if is_signed_in:
        client.force_login(almighty())
    addresses = [each for each in _addresses() if "logout" not in each]
    assert len(addresses) > 150
    answers = [(each, client.get(each, secure=True)) for each in addresses]
    assert [fault for each, answer in answers for fault in _faults(each, answer)] == []
    # No browser and no proxy keeps one: what it shows would lie on a disk after whoever read it has left.
    assert [
        each for each, answer in answers if "no-store" not in answer.headers.get("Cache-Control", "")
    ] == []


@pytest.mark.django_db
def test_nobody_keeps_an_answer_that_shows_people_to_a_session_or_a_system() -> None:
    person = PersonFactory.create()
    system, _secret = partner_client(person.organisation)
    bearer = {"Authorization": f"Bearer {token_of(system)}"}
    session = Client()
    session.force_login(almighty())
    for asking, headers in ((session, {}), (Client(), bearer)):
        for address in ("/api/v1/people/", f"/api/v1/people/{person.pk}/"):
            answer = asking.get(address, headers=headers)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, KEPT_NOWHERE)


@pytest.mark.django_db
def test_what_comes_without_https_is_sent_there(settings: Settings) -> None:
    _behind_https(settings)
    answer = Client().get("/accounts/login/")
    assert (answer.status_code, answer.headers["Location"][:8]) == (301, "https://")
    assert _faults("plain", answer)


@pytest.mark.django_db
def test_headers_of_what_is_refused_before_any_view(settings: Settings) -> None:
    """Under a host that is not ours, with a method that is not taken, without the token of a form, and where a view breaks."""
    _behind_https(settings)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LoginView, "get", _broken)
        answers = {
            400: client.get("/login/", secure=True, headers={"Host": "elsewhere.example.org"}),
            405: client.options("/health/live", secure=True),
            403: client.post("/login/", {"login": "x"}, secure=True),
            500: client.get("/login/", secure=True),
        }
    assert {status: answer.status_code for status, answer in answers.items()} == {n: n for n in answers}
    assert [fault for status, answer in answers.items() for fault in _faults(str(status), answer)] == []


def _broken(*_args: Any, **_options: Any) -> Any:
    raise RuntimeError
