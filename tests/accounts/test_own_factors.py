"""Changing one's own second factors: whoever else is in is out, the password is asked for, and the last one stays."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.signing_in.adapters import SecondFactorAdapter
from tests.desk.pages import desk_of, words
from tests.factories.accounts import set_password, user_in_role
from tests.signing_in import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def registrar() -> User:
    return set_password(user_in_role(Role.REGISTRAR), PASSWORD)


def _is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def _key(user: User) -> Authenticator:
    """A security key of the user, as far as pages that do not use it ask."""
    key: Authenticator = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "blue", "passwordless": False, "credential": {}}
    )
    return key


def _ways(user: User) -> dict[str, Any]:
    return {
        "app removed": lambda client: client.post(reverse("mfa_deactivate_totp")),
        "key removed": lambda client: client.post(reverse("mfa_remove_webauthn", args=[_key_of(user).pk])),
        "codes renewed": lambda client: client.post(reverse("mfa_generate_recovery_codes")),
    }


def _key_of(user: User) -> Authenticator:
    key: Authenticator = Authenticator.objects.get(user=user, type="webauthn")
    return key


@pytest.mark.parametrize("way", ["app removed", "key removed", "codes renewed"])
def test_who_changes_a_factor_is_signed_in_here_only(way: str, registrar: User) -> None:
    set_up_app(registrar)
    _key(registrar)
    here, elsewhere = desk_of(registrar), desk_of(registrar)
    assert _is_in(elsewhere), "the control"
    assert _ways(registrar)[way](here).status_code == 302
    assert _is_in(here)
    assert not _is_in(elsewhere)


def test_who_adds_a_factor_is_signed_in_here_only(registrar: User) -> None:
    _key(registrar)
    here, elsewhere = desk_of(registrar), desk_of(registrar)
    secret = here.get(reverse("mfa_activate_totp")).context["form"].secret
    assert here.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).status_code == 302
    assert _is_in(here)
    assert not _is_in(elsewhere)


def test_two_pages_that_remove_at_once_leave_one_factor(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_app(registrar)
    key, real = _key(registrar), SecondFactorAdapter.can_delete_authenticator

    def meanwhile(self: SecondFactorAdapter, authenticator: Any) -> bool:
        answer: bool = real(self, authenticator)
        Authenticator.objects.filter(pk=key.pk).delete()
        return answer

    monkeypatch.setattr(SecondFactorAdapter, "can_delete_authenticator", meanwhile)
    page = desk_of(registrar).post(reverse("mfa_deactivate_totp"), follow=True)
    assert "one factor has to stay" in words(page)
    assert Authenticator.objects.filter(user=registrar, type="totp").exists()


@pytest.mark.parametrize("way", ["app removed", "key removed", "codes renewed"])
def test_later_than_five_minutes_after_sign_in_the_password_is_asked_for(way: str, registrar: User) -> None:
    set_up_app(registrar)
    _key(registrar)
    client = desk_of(registrar)
    session = client.session
    sessions.begin(session, second_factor=True)
    session["began_at"] -= 301
    session.save()
    before = list(Authenticator.objects.filter(user=registrar).order_by("pk").values_list("pk", "data"))
    assert _ways(registrar)[way](client)["Location"].startswith(reverse("account_reauthenticate"))
    assert (
        list(Authenticator.objects.filter(user=registrar).order_by("pk").values_list("pk", "data")) == before
    )
    assert client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 200
    assert (
        list(Authenticator.objects.filter(user=registrar).order_by("pk").values_list("pk", "data")) == before
    )
