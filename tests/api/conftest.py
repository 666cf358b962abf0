"""A world and somebody who asks about it."""

from collections.abc import Callable
from typing import Any
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
    client = SystemClient() if is_partner_system(user) else APIClient()
    client.force_login(user)
    return client


def bare_client(user: User) -> APIClient:
    """One that adds nothing to what a test sends."""
    client = APIClient()
    client.force_login(user)
    return client
