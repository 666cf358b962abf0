"""A lost second factor: an administrator of the organisation resets it, never the own one, with a reason."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions.second_factors import reset
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
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
