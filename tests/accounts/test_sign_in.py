"""Django's permissions answered by the policy, and the account of the service itself."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.policy import Role
from accounts.service import SERVICE_USERNAME, service_user
from accounts.visibility import may
from tests.factories.accounts import MembershipFactory, UserFactory, set_password, user_in_role

pytestmark = pytest.mark.django_db


def test_permissions_are_the_policys() -> None:
    registrar = user_in_role(Role.REGISTRAR)
    assert registrar.has_perm("displacement.add_person")
    assert registrar.has_perm("displacement.void_movement")
    assert not registrar.has_perm("displacement.delete_person")
    assert not registrar.has_perm("displacement.view_casualty")
    assert registrar.has_module_perms("shelters")
    assert not registrar.has_module_perms("audit")


def test_nobody_and_the_switched_off_may_nothing() -> None:
    off = user_in_role(Role.REGISTRAR, is_active=False)
    for user in (off, UserFactory.create()):
        assert not user.has_perm("displacement.view_person")
        assert not user.has_module_perms("displacement")
    assert not may(AnonymousUser(), "displacement.claim", "view")
    assert not may(None, "displacement.claim", "view")


def test_a_superuser_keeps_the_service_and_sees_nobody() -> None:
    root = UserFactory.create(is_superuser=True)
    assert root.has_perm("regions.change_operation")
    assert root.has_perm("accounts.add_membership")
    assert not root.has_perm("displacement.view_person")
    assert not root.has_module_perms("audit")


def test_sign_in_with_the_right_password_only() -> None:
    user = set_password(UserFactory.create(), "correct horse battery")
    assert authenticate(username=user.username, password="correct horse battery") == user
    assert authenticate(username=user.username, password="wrong horse battery") is None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert authenticate(username=user.username, password="correct horse battery") is None


def test_the_service_is_one_account_that_cannot_sign_in() -> None:
    service = service_user()
    assert service_user() == service
    assert (service.username, service.is_active, service.has_usable_password()) == (
        SERVICE_USERNAME,
        False,
        False,
    )
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_same_role_twice_is_refused_also_without_a_region() -> None:
    first = MembershipFactory.create()
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        MembershipFactory.create(user=first.user, organisation=first.organisation)
