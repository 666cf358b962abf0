"""A system is an account that a client acts as: it has no session, and its role makes no system of a person."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions.clients import add_client
from accounts.models import Membership, Organisation
from accounts.policy import Role
from accounts.rows import standing_of
from exchange.actions.endpoints import add_endpoint
from exchange.models import Endpoint
from exchange.sharing import shares_with
from exchange.webhooks.making import has_news
from tests.api.conftest import bare_client, client_of
from tests.desk.pages import desk_of
from tests.factories.accounts import OrganisationFactory, set_password, user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.sharing import agreement_of, consenting

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


INSERT = "INSERT INTO accounts_membership (user_id, organisation_id, role) VALUES (%s, %s, %s)"
HAND_OVER = "UPDATE accounts_client SET account_id = %s WHERE id = %s"


def _told_by_database(statement: str, *values: Any) -> str:
    """What the database refuses it with; nothing where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as refusal:
        return str(refusal)
    return ""


def test_the_database_keeps_accounts_of_clients_from_roles_of_people(own: Organisation) -> None:
    client, clerk = partner_client(own)[0], user_in_role(Role.REGISTRAR, organisation=own)
    account, words = client.account_id, "a client acts as this account"
    assert words in _told_by_database(INSERT, account, own.pk, "registrar")
    assert words in _told_by_database(HAND_OVER, clerk.pk, client.pk)
    change = "UPDATE accounts_membership SET role = 'registrar' WHERE user_id = %s"
    assert words in _told_by_database(change, account)
    assert not _told_by_database(INSERT, clerk.pk, own.pk, "shelter_manager")
    spare = user_in_role(Role.PARTNER_SYSTEM, organisation=own)
    assert not _told_by_database(HAND_OVER, spare.pk, client.pk)
    assert not _told_by_database(INSERT, account, own.pk, "registrar")  # a client's no more


@pytest.mark.django_db(transaction=True)
def test_of_a_client_and_a_role_at_once_one_is_refused() -> None:
    own = OrganisationFactory.create()
    client, account = partner_client(own)[0], user_in_role(Role.PARTNER_SYSTEM, organisation=own)
    refused: list[str] = []

    def give_role() -> None:
        try:
            refused.append(_told_by_database(INSERT, account.pk, own.pk, "registrar"))
        finally:
            connections.close_all()

    later = Thread(target=give_role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HAND_OVER, [account.pk, client.pk])
        later.start()
        later.join(timeout=1)
        assert later.is_alive()  # waits for this one
    later.join(timeout=30)
    assert "a client acts as this account" in refused[0]


def test_the_role_alone_reads_nothing_that_others_share_and_is_told_by_no_webhook(own: Organisation) -> None:
    receiving = OrganisationFactory.create()
    consenting(own)
    agreement_of(own, receiving, fields=["family_name"])
    person, system = user_in_role(Role.PARTNER_SYSTEM, organisation=receiving), partner_client(receiving)[0]
    assert shares_with(person) == []
    assert not any("shared" in each for each in standing_of(person).regions)
    assert len(shares_with(system.account)) == 1
    assert any("shared" in each for each in standing_of(system.account).regions)
    by = administrator_of(receiving)
    told: dict[str, Any] = {"url": "https://hooks.example.org/in", "kinds": ["person"]}
    with pytest.raises(ValidationError, match="has a client"):
        add_endpoint(organisation=receiving, account=person, by=by, **told)
    endpoint, _secret = add_endpoint(organisation=receiving, account=system.account, by=by, **told)
    endpoint.cursor = ""  # of another database, which is always told
    assert has_news(endpoint)
    Endpoint.objects.filter(pk=endpoint.pk).update(account=person)  # of before there were clients
    assert not has_news(Endpoint.objects.get())


def test_the_role_alone_needs_no_key_of_machines(own: Organisation) -> None:
    session = APIClient()
    session.force_login(user_in_role(Role.PARTNER_SYSTEM, organisation=own))
    assert session.post("/api/v1/households/", {}, format="json").json()["code"] != "idempotency_key_needed"
    machine = bare_client(user_in_role(Role.PARTNER_SYSTEM, organisation=own))
    assert machine.post("/api/v1/households/", {}, format="json").json()["code"] == "idempotency_key_needed"
