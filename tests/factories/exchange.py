"""Webhooks."""

from accounts.models import Organisation, User
from accounts.policy import Role
from exchange.actions.endpoints import add_endpoint
from exchange.kinds import NAMES
from exchange.models import Endpoint
from regions.models import Region
from tests.factories.accounts import user_in_role
from tests.factories.clients import administrator_of


def webhook(
    organisation: Organisation, url: str = "https://hooks.example.org/in", place: Region | None = None
) -> tuple[Endpoint, str]:
    """A webhook of an organisation's partner system, with its secret; told of every kind from now on."""
    account: User = user_in_role(Role.PARTNER_SYSTEM, organisation=organisation, region=place)
    by = administrator_of(organisation)
    return add_endpoint(organisation=organisation, account=account, url=url, kinds=NAMES, by=by)
