"""A world and somebody who asks about it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts.authentication import is_partner_system
from accounts.models import Client, Organisation, User
from accounts.policy import Role
from regions.models import Region
from tests.api.route import Route
from tests.api.world import World
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client, token_of

ClientAs = Callable[..., APIClient]


@pytest.fixture(scope="module")
def _made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A world for all tests of a module, in a transaction around theirs: each of them works on it and is taken back alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(_made_once: World, db: None) -> World:
    """One organisation with a record of every kind. A test that commits makes a `World` of its own."""
    return deepcopy(_made_once)


@pytest.fixture
def client_as(world: World) -> ClientAs:
    """A client signed in as a role of the world's organisation, or of another."""

    def sign_in(
        role: Role, organisation: Organisation | None = None, region: Region | None = None
    ) -> APIClient:
        user = user_in_role(role, organisation=organisation or world.organisation, region=region)
        return client_of(user)

    return sign_in


class SystemClient(APIClient):
    """A partner system, which sends a key of its own and a tag with each request, whatever it does."""

    def request(self, **request: Any) -> Any:
        """Send it; a test may say otherwise."""
        return super().request(**{**system_headers(), **request})


def system_headers() -> dict[str, str]:
    """A new key, and that the record may be as it is."""
    return {"HTTP_IDEMPOTENCY_KEY": str(uuid4()), "HTTP_IF_MATCH": "*"}


def client_of(user: User) -> APIClient:
    """A client in whose name the user asks, as such a user does."""
    return _signed_in(SystemClient() if is_partner_system(user) else APIClient(), user)


def bare_client(user: User) -> APIClient:
    """One that adds nothing to what a test sends."""
    return _signed_in(APIClient(), user)


def _signed_in(client: APIClient, user: User) -> APIClient:
    """A partner's system by a token of its client, which it gets where it has none; anybody else by a session."""
    if not is_partner_system(user):
        client.force_login(user)
        return client
    found = Client.objects.filter(account=user).first()
    if found is None:
        found, _secret = partner_client(user.memberships.get().organisation, name=str(user.pk), account=user)
        user.forget_scopes()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(found)}")
    return client


def reader_of(route: Route, world: World, otherwise: User) -> User:
    """Who reads what the route shows: a system what others share with its organisation, somebody in all roles the rest."""
    if not route.path.startswith("shared-people/"):
        return otherwise
    return user_in_role(Role.PARTNER_SYSTEM, organisation=world.organisation)
