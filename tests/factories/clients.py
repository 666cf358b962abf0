"""Clients of partners' systems, with tokens as they are after a sign-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts.actions.client_asks import approve
from accounts.actions.clients import add_client
from accounts.client_scopes import client_scopes
from accounts.models import AskState, Client, ClientToken, Organisation, User
from accounts.policy import Role
from accounts.signing_in.digests import digest_of, new_token
from core.clock import database_now
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role


def partner_client(organisation: Organisation | None = None, **told: Any) -> tuple[Client, str]:
    """A client that may all that clients may, unless told otherwise, and its secret; approved where that takes another."""
    told = {"name": "Case files", "scopes": client_scopes(), **told}
    organisation = organisation or OrganisationFactory.create()
    client, secret = add_client(organisation=organisation, by=administrator_of(organisation), **told)
    return approved(client), secret


def administrator_of(organisation: Organisation) -> User:
    """Sets systems up, everywhere, and is told nothing by mail."""
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation, email="")


def approved(client: Client) -> Client:
    """The client with what waited for it, if anything: a keeper of the service without an address approved it."""
    for ask in client.asks.filter(state=AskState.WAITS):
        client = approve(ask=ask, by=UserFactory.create(is_superuser=True, email=""))
    return client


def token_of(client: Client, *scopes: str) -> str:
    """A token for a day, for these scopes or all that the client has, past the address where tokens are got."""
    token, now = new_token(None), database_now()
    ClientToken.objects.create(
        secret=client.secrets.get(),
        token_checksum=digest_of(token),
        scope=" ".join(scopes or client.scopes),
        expires=now + timedelta(days=1),
    )
    return token


@contextmanager
def past_the_guard() -> Iterator[None]:
    """Where the database lets the account of a client have any role."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_membership DISABLE TRIGGER client_stands_alone")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_membership ENABLE TRIGGER client_stands_alone")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
