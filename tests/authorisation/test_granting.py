"""Nobody gives what is not theirs to give: memberships in the forms of users, and selections in lists, with forged ids."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.policy import Role
from displacement.models import Merge, PossibleDuplicate
from tests.desk.pages import desk_of, list_url, record_url
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.factories.displacement import PersonFactory

pytestmark = pytest.mark.django_db


def _sent(user: User, **membership: Any) -> dict[str, Any]:
    """What the page of a user sends, with one more membership."""
    row = {
        f"memberships-0-{name}": value for name, value in {"user": user.pk, "id": "", **membership}.items()
    }
    counts = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    own = {"username": user.username, "is_active": "on", "email": user.email, "language": "en"}
    return {**own, **counts, **row}


@pytest.fixture
def admin() -> User:
    """Runs one organisation."""
    return user_in_role(Role.ORGANISATION_ADMIN)


@pytest.fixture
def desk(admin: User) -> Client:
    """Their browser."""
    return desk_of(admin)


def _ours(admin: User) -> Any:
    return admin.memberships.get().organisation


def _held(user: User) -> set[tuple[str, Any]]:
    return set(Membership.objects.filter(user=user).values_list("role", "organisation_id"))


def test_an_administrator_gives_roles_of_the_own_organisation(desk: Client, admin: User) -> None:
    ours = _ours(admin)
    colleague = user_in_role(Role.REGISTRAR, organisation=ours)
    answer = desk.post(record_url(colleague), _sent(colleague, organisation=ours.pk, role="caseworker"))
    assert answer.status_code == 302
    assert ("caseworker", ours.pk) in _held(colleague)


@pytest.mark.parametrize("role", ["keeper", "registrar"])
def test_neither_another_organisations_nor_a_keepers(desk: Client, admin: User, role: str) -> None:
    ours, other = _ours(admin), OrganisationFactory.create()
    colleague = user_in_role(Role.REGISTRAR, organisation=ours)
    before = _held(colleague)
    organisation = other if role == "registrar" else ours
    answer = desk.post(record_url(colleague), _sent(colleague, organisation=organisation.pk, role=role))
    assert answer.status_code == 200
    assert _held(colleague) == before


def test_nobody_gives_a_role_to_themselves(desk: Client, admin: User) -> None:
    before = _held(admin)
    desk.post(record_url(admin), _sent(admin, organisation=_ours(admin).pk, role="registrar"))
    assert _held(admin) == before


def test_whoever_works_elsewhere_too_or_keeps_the_service_is_not_changed(desk: Client, admin: User) -> None:
    ours = _ours(admin)
    elsewhere = user_in_role(Role.REGISTRAR, organisation=ours)
    Membership.objects.create(user=elsewhere, organisation=OrganisationFactory.create(), role=Role.REGISTRAR)
    root = user_in_role(Role.REGISTRAR, organisation=ours, is_superuser=True)
    for user in (elsewhere, root):
        before = _held(user)
        answer = desk.post(record_url(user), _sent(user, organisation=ours.pk, role="caseworker"))
        assert answer.status_code == 403
        assert _held(user) == before


def test_a_keeper_gives_the_first_administrator_and_no_registrar() -> None:
    keeper, ours = desk_of(UserFactory.create(is_superuser=True)), OrganisationFactory.create()
    new = UserFactory.create()
    sent = _sent(new, organisation=ours.pk, role="registrar")
    assert keeper.post(record_url(new), sent).status_code == 200
    sent = _sent(new, organisation=ours.pk, role="organisation_admin")
    assert keeper.post(record_url(new), sent).status_code == 302
    assert _held(new) == {("organisation_admin", ours.pk)}
    registrar = user_in_role(Role.REGISTRAR, organisation=ours)
    assert keeper.post(record_url(registrar), _sent(registrar)).status_code == 403


def test_a_selection_of_others_pairs_does_nothing() -> None:
    people = sorted((PersonFactory.create(), PersonFactory.create()), key=lambda each: each.pk)
    pair = PossibleDuplicate.objects.create(first=people[0], second=people[1], probability=0.99)
    desk = desk_of(user_in_role(Role.REGISTRAR))
    for action in ("say_same", "say_different", "delete_selected"):
        desk.post(list_url(PossibleDuplicate), {"action": action, "_selected_action": [pair.pk]})
    pair.refresh_from_db()
    assert (pair.state, Merge.objects.count()) == ("open", 0)
