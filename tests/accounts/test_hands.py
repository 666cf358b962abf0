"""Two accounts in one person's hands are no two persons: for clients, exports, erasures and the end of a legal hold alike."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.actions.client_asks import approve
from accounts.actions.second_factors import reset
from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from accounts.two_persons import IN_HANDS, check_two_persons
from audit.models import AuditEvent
from core.clock import database_now
from displacement.models import Person
from retention.actions import erasures, holds
from roster.actions import exports
from tests.accounts.test_second_person import new, waiting
from tests.desk.pages import add_url, desk_of
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.roster.conftest import asked
from tests.two_persons import clerk, officer, own

pytestmark = pytest.mark.django_db
__all__ = ["clerk", "officer", "own"]
PASSWORD = "a long way to the river 47"


def made(by: User, name: str = "puppet") -> User:
    """An account that the administrator made at the desk."""
    sent = {"username": name, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    counts = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = desk_of(by).post(add_url(User), {**sent, **counts, "language": "en"})
    assert answer.status_code == 302, answer.content.decode()
    return User.objects.get(username=name)


def makes(by: User, whose: User) -> None:
    """The trail says that one account was made by the other."""
    AuditEvent.objects.create(
        actor_id=by.pk, action="add", object_type="accounts.user", object_id=str(whose.pk)
    )


def _sets_password(by: User, whose: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[whose.pk])
    sent = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert desk_of(by).post(address, sent).status_code == 302
    assert User.objects.get(pk=whose.pk).check_password(PASSWORD)


def _resets_factor(by: User, whose: User) -> None:
    set_up_app(whose)
    reset(user=whose, by=by, reason="Lost the telephone; I saw them.")


def _changes_name(by: User, whose: User) -> None:
    AuditEvent.objects.create(
        actor_id=by.pk,
        action="change",
        object_type="accounts.user",
        object_id=str(whose.pk),
        detail={"changed": ["Last name"]},
    )


def _made_long_ago(by: User, whose: User) -> None:
    AuditEvent.objects.create(
        actor_id=by.pk,
        action="add",
        object_type="accounts.user",
        object_id=str(whose.pk),
        at=database_now() - IN_HANDS - timedelta(minutes=1),
    )


@pytest.fixture
def admin(own: Organisation) -> User:
    """Makes accounts, and asks for systems."""
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own)


@pytest.mark.parametrize("act", [makes, _sets_password, _resets_factor])
def test_who_can_sign_in_as_the_second_is_no_second(
    act: Callable[[User, User], None], own: Organisation, admin: User, officer: User
) -> None:
    client, _secret = new(own, admin)
    act(admin, officer)
    with pytest.raises(PermissionDenied, match="count as one person"):
        approve(ask=waiting(client), by=User.objects.get(pk=officer.pk))


@pytest.mark.parametrize("act", [_changes_name, _made_long_ago])
def test_what_lets_nobody_sign_in_or_is_long_ago_hinders_nobody(
    act: Callable[[User, User], None], own: Organisation, admin: User, officer: User
) -> None:
    client, _secret = new(own, admin)
    act(admin, officer)
    assert approve(ask=waiting(client), by=officer).let_in_at is not None


def test_an_account_made_at_the_desk_is_in_the_hands_of_who_made_it(own: Organisation, admin: User) -> None:
    client, _secret = new(own, admin)
    puppet = made(admin)
    Membership.objects.create(user=puppet, organisation=own, role=Role.ORGANISATION_ADMIN)
    with pytest.raises(PermissionDenied, match="count as one person"):
        approve(ask=waiting(client), by=puppet)


def test_it_counts_in_both_directions_and_of_a_third_who_made_both(
    own: Organisation, admin: User, officer: User, clerk: User
) -> None:
    check_two_persons(clerk.pk, officer.pk)
    makes(officer, clerk)
    with pytest.raises(PermissionDenied):
        check_two_persons(clerk.pk, officer.pk)
    colleague = user_in_role(Role.REGISTRAR, organisation=own)
    makes(admin, colleague)
    check_two_persons(colleague.pk, officer.pk)
    _resets_factor(admin, officer)
    with pytest.raises(PermissionDenied):
        check_two_persons(colleague.pk, officer.pk)


def test_an_account_made_by_an_account_that_one_made_is_in_ones_hands(own: Organisation, admin: User) -> None:
    client, _secret = new(own, admin)
    first = made(admin)
    Membership.objects.create(user=first, organisation=own, role=Role.ORGANISATION_ADMIN)
    second = made(first, "puppet-of-the-puppet")
    Membership.objects.create(user=second, organisation=own, role=Role.PROTECTION_OFFICER)
    with pytest.raises(PermissionDenied, match="count as one person"):
        approve(ask=waiting(client), by=second)
    check_two_persons(second.pk, user_in_role(Role.PROTECTION_OFFICER, organisation=own).pk)


def test_whoever_takes_an_account_later_has_nothing_of_what_it_made_before(
    own: Organisation, admin: User, officer: User
) -> None:
    colleague = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    makes(colleague, officer)
    _resets_factor(admin, colleague)
    check_two_persons(admin.pk, officer.pk)
    makes(colleague, officer)
    with pytest.raises(PermissionDenied):
        check_two_persons(admin.pk, officer.pk)


def test_a_longer_way_that_is_later_counts(own: Organisation, admin: User, officer: User) -> None:
    first, second = (user_in_role(Role.ORGANISATION_ADMIN, organisation=own) for _ in range(2))
    for by, whose in ((first, officer), (admin, first), (first, second), (second, officer)):
        makes(by, whose)
    with pytest.raises(PermissionDenied):
        check_two_persons(admin.pk, officer.pk)


def _export(own: Organisation, clerk: User, _person: Person) -> Any:
    return exports.approve, {"export": asked(own, clerk)}


def _erasure(_own: Organisation, clerk: User, person: Person) -> Any:
    return erasures.approve, {"erasure": erasures.ask(subject=person, ground="asked", by=clerk)}


def test_the_end_of_a_legal_hold_asks_it_too(own: Organisation, officer: User) -> None:
    person = PersonFactory.create(household__organisation=own)
    second = user_in_role(Role.PROTECTION_OFFICER, organisation=own)
    held = holds.set_hold(subject=person, authority="court", case="A-1", by=officer)
    holds.ask_to_lift(hold=held, reason="Closed.", by=officer)
    makes(officer, second)
    with pytest.raises(PermissionDenied, match="count as one person"):
        holds.lift(hold=held, by=second)
    third = user_in_role(Role.PROTECTION_OFFICER, organisation=own)
    assert holds.lift(hold=held, by=third).lifted_by == third.pk


@pytest.mark.parametrize("kind", [_export, _erasure])
def test_exports_and_erasures_ask_it_too(
    kind: Callable[[Organisation, User, Person], Any], own: Organisation, clerk: User, officer: User
) -> None:
    person = PersonFactory.create(household__organisation=own)
    decide, told = kind(own, clerk, person)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    makes(admin, clerk)
    with pytest.raises(PermissionDenied, match="count as one person"):
        decide(**told, by=admin)
    assert decide(**told, by=officer).approved_by == officer.pk
