"""A system is an account that a client acts as: it has no session, and its role makes no system of a person."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions.clients import add_client
from accounts.models import Membership, Organisation
from accounts.policy import Role
from tests.api.conftest import client_of
from tests.desk.pages import desk_of
from tests.factories.accounts import OrganisationFactory, set_password, user_in_role
from tests.factories.clients import partner_client
from tests.factories.displacement import HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db
PEOPLE, BORN = "/api/v1/people/", "1923-07-19"


@pytest.fixture
def own() -> Organisation:
    """With one person of whom the day of birth is known."""
    organisation: Organisation = OrganisationFactory.create()
    household = HouseholdFactory.create(organisation=organisation)
    PersonFactory.create(household=household, organisation=organisation, birth_date=date.fromisoformat(BORN))
    return organisation


def test_a_person_in_the_role_of_systems_is_shown_masks(own: Organisation) -> None:
    person = user_in_role(Role.PARTNER_SYSTEM, organisation=own)
    session = APIClient()
    session.force_login(person)
    answer = session.get(PEOPLE)
    assert answer.status_code == 200
    assert BORN not in answer.content.decode()
    assert BORN in client_of(person).get(PEOPLE).content.decode()  # by the token of a client


def test_the_account_of_a_client_has_no_session(own: Organisation) -> None:
    account = partner_client(own)[0].account
    session = APIClient()
    session.force_login(account)
    assert session.get(PEOPLE).status_code == 401
    session.force_login(user_in_role(Role.REGISTRAR, organisation=own))
    assert session.get(PEOPLE).status_code == 200


def test_an_account_that_is_handed_over_loses_its_password(own: Organisation) -> None:
    account = set_password(user_in_role(Role.PARTNER_SYSTEM, organisation=own), "a long pass phrase 77")
    by = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    add_client(organisation=own, name="Case files", scopes=["people:read"], account=account, by=by)
    account.refresh_from_db()
    assert not account.has_usable_password()


def test_no_administrator_sets_a_password_of_a_client(own: Organisation, plain_static_files: None) -> None:
    desk = desk_of(user_in_role(Role.ORGANISATION_ADMIN, organisation=own))
    system, clerk = partner_client(own)[0].account, user_in_role(Role.REGISTRAR, organisation=own)
    pages = [reverse("admin:auth_user_password_change", args=[each.pk]) for each in (system, clerk)]
    assert [desk.get(page).status_code == 200 for page in pages] == [False, True]


def test_the_role_is_for_systems_alone_and_stands_alone(own: Organisation) -> None:
    clerk, system = user_in_role(Role.REGISTRAR, organisation=own), partner_client(own)[0].account
    for user, role, code in (
        (clerk, Role.PARTNER_SYSTEM, "for_systems"),
        (system, Role.REGISTRAR, "for_people"),
    ):
        with pytest.raises(ValidationError) as refused:
            Membership(user=user, organisation=own, role=role).full_clean()
        assert [error.code for error in refused.value.error_dict["role"]] == [code]
    Membership(user=clerk, organisation=own, role=Role.SHELTER_MANAGER).full_clean()
