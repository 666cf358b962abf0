"""An account of a client asks by tokens, and never in a session: there nobody asks about networks, validity and scopes."""

import pytest
from django.test import Client as Browser

from accounts.policy import Role
from tests.desk.pages import desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import PersonFactory

PEOPLE = "/api/v1/people/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]


def test_a_session_of_it_is_ended_whatever_it_asks() -> None:
    client, _secret = partner_client()
    desk = desk_of(client.account)
    assert desk.get(PEOPLE).status_code == 401
    assert "_auth_user_id" not in desk.session
    assert desk_of(client.account).get("/", follow=True).redirect_chain[-1][0].startswith("/login/")
    person = desk_of(user_in_role(Role.REGISTRAR, organisation=client.organisation))
    assert person.get(PEOPLE).status_code == 200, "the control: anybody else stays signed in"


def test_a_session_does_not_go_round_the_networks_of_its_tokens() -> None:
    client, _secret = partner_client(networks=["192.0.2.0/24"])
    asks = Browser(headers={"Authorization": f"Bearer {token_of(client)}"})
    assert asks.get(PEOPLE).status_code == 403
    assert asks.get(PEOPLE, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert desk_of(client.account).get(PEOPLE, REMOTE_ADDR="192.0.2.9").status_code == 401


def test_the_role_alone_takes_no_mask_away() -> None:
    client, _secret = partner_client()
    person = PersonFactory.create(
        organisation=client.organisation, household__organisation=client.organisation
    )
    given = user_in_role(Role.PARTNER_SYSTEM, organisation=client.organisation)
    path = f"{PEOPLE}{person.pk}/"
    masked = desk_of(given).get(path).json()["birth_date"]
    whole = Browser(headers={"Authorization": f"Bearer {token_of(client)}"}).get(path).json()["birth_date"]
    assert (masked, whole) == (f"{person.birth_date:%Y}-••-••", f"{person.birth_date}")


def test_nobody_is_given_the_role_by_hand() -> None:
    organisation = partner_client()[0].organisation
    admin, colleague = (
        user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation),
        user_in_role(Role.REGISTRAR, organisation=organisation),
    )
    desk = desk_of(admin)
    kept = colleague.memberships.get()
    form = {
        "username": colleague.username,
        "email": colleague.email,
        "language": "en",
        "is_active": "on",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": kept.pk,
        "memberships-0-user": colleague.pk,
        "memberships-0-organisation": organisation.pk,
        "memberships-0-role": Role.PARTNER_SYSTEM.value,
    }
    assert "add one there" in words(desk.post(record_url(colleague), form))
    assert colleague.memberships.get().role == Role.REGISTRAR
