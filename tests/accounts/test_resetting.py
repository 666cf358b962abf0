"""A lost second factor: an administrator of the organisation resets it, never the own one, with a reason."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.actions.second_factors import reset
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import Organisation, User
from accounts.policy import Role
from accounts.second_factor import place_of_secrets
from audit.models import AuditEvent
from core.encryption import decrypt
from tests.desk.pages import act_url, desk_of, words
from tests.factories.accounts import OrganisationFactory, user_in_role

pytestmark = pytest.mark.django_db
WHY = "Lost the telephone; I saw him at the office."


@pytest.fixture
def organisation() -> Organisation:
    own: Organisation = OrganisationFactory.create()
    return own


@pytest.fixture
def admin(organisation: Organisation) -> User:
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation)


@pytest.fixture
def colleague(organisation: Organisation) -> User:
    user = user_in_role(Role.REGISTRAR, organisation=organisation)
    set_up_app(user)
    return user


def test_an_administrator_resets_a_colleagues_factor_at_the_desk(admin: User, colleague: User) -> None:
    theirs = desk_of(colleague)
    assert theirs.get("/").status_code == 200
    answer = desk_of(admin).post(act_url(colleague, "reset"), {"reason": WHY})
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=colleague).exists()
    assert theirs.get("/").status_code == 302, "signed out everywhere"
    event = AuditEvent.objects.get(action="second_factor_reset")
    assert (event.actor_id, event.object_id, event.reason) == (admin.pk, str(colleague.pk), WHY)
    assert event.detail == {"factors": ["totp"]}


def test_nobody_resets_the_own_one(admin: User) -> None:
    set_up_app(admin)
    desk_of(admin).post(act_url(admin, "reset"), {"reason": WHY})
    with pytest.raises(PermissionDenied, match="Ask another administrator"):
        reset(user=admin, by=admin, reason=WHY)
    assert Authenticator.objects.filter(user=admin).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANISATION_ADMIN])
def test_no_other_role_resets_one(role: Role, colleague: User, organisation: Organisation) -> None:
    desk_of(user_in_role(role, organisation=organisation)).post(act_url(colleague, "reset"), {"reason": WHY})
    assert Authenticator.objects.filter(user=colleague).exists()


def test_an_administrator_of_another_organisation_does_not(colleague: User) -> None:
    desk_of(user_in_role(Role.ORGANISATION_ADMIN)).post(act_url(colleague, "reset"), {"reason": WHY})
    assert Authenticator.objects.filter(user=colleague).exists()


def test_without_a_reason_or_a_factor_it_is_refused(admin: User, colleague: User) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        reset(user=colleague, by=admin, reason=" ")
    reset(user=colleague, by=admin, reason=WHY)
    with pytest.raises(ValidationError, match="has no second factor"):
        reset(user=colleague, by=admin, reason=WHY)


def test_the_tables_of_second_factors_have_no_page(admin: User) -> None:
    root = user_in_role(Role.ORGANISATION_ADMIN, is_superuser=True)
    for path in ("/mfa/authenticator/", "/account/emailaddress/"):
        assert desk_of(root).get(path).status_code == 404
    assert "Reset the second factor" not in words(desk_of(admin).get("/"))


def test_from_a_shell_somebody_else_answers_for_it(admin: User, colleague: User) -> None:
    call_command("reset_second_factor", colleague.username, by=admin.username, reason=WHY, stdout=StringIO())
    assert AuditEvent.objects.get(action="second_factor_reset").actor_id == admin.pk
    for names in ((admin.username, admin.username), ("nobody", admin.username)):
        with pytest.raises(CommandError, match=r"Ask another administrator|No open account"):
            call_command("reset_second_factor", names[0], by=names[1], reason=WHY)


def test_secrets_follow_the_key_that_encrypts(colleague: User, settings: Settings) -> None:
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = {"new": b"n" * 32, **old}
    for told in ("1 second factors", "0 second factors"):
        out = StringIO()
        call_command("renew_encryption", stdout=out)
        assert told in out.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = {"new": b"n" * 32}
    kept = Authenticator.objects.get(user=colleague).data["secret"]
    assert len(decrypt(kept, place_of_secrets(colleague.pk))) == 32
    settings.FIELD_ENCRYPTION_KEYS = old
    with pytest.raises(CommandError, match="under a key that is not here"):
        call_command("renew_encryption")
