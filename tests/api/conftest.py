"""A world and somebody who asks about it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.authentication import is_partner_system
from accounts.models import Organisation, User
from accounts.policy import Role
from regions.models import Region
from tests.api.world import World
from tests.factories.accounts import user_in_role

ClientAs = Callable[..., APIClient]


@pytest.fixture
def world(db: None) -> World:
    """One organisation with a record of every kind."""
    return World()


@pytest.fixture
def client_as(world: World) -> ClientAs:
    """A client signed in as a role of the world's organisation, or of another."""

    def sign_in(
        role: Role, organisation: Organisation | None = None, region: Region | None = None
    ) -> APIClient:
        user = user_in_role(role, organisation=organisation or world.organisation, region=region)
        return client_of(user)

    return sign_in


def client_of(user: User) -> APIClient:
    """A client in whose name the user asks."""
    client = APIClient()
    client.force_login(user)
    if is_partner_system(user):
        client.credentials(**system_headers())
    return client


def system_headers() -> dict[str, str]:
    """What a partner system sends with each write: a key of its own, and that it changes whatever is there."""
    return {"HTTP_IDEMPOTENCY_KEY": str(uuid4()), "HTTP_IF_MATCH": "*"}
