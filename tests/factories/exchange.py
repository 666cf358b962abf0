"""Webhooks."""

from accounts.models import Organisation
from exchange.actions.endpoints import add_endpoint
from exchange.kinds import NAMES
from exchange.models import Endpoint
from regions.models import Region
from tests.factories.clients import administrator_of, partner_client


def webhook(
    organisation: Organisation, url: str = "https://hooks.example.org/in", place: Region | None = None
) -> tuple[Endpoint, str]:
    """A webhook of an organisation's partner system, with its secret; told of every kind from now on."""
    account = partner_client(organisation, region=place, name=f"Webhook of {url}")[0].account
    by = administrator_of(organisation)
    return add_endpoint(organisation=organisation, account=account, url=url, kinds=NAMES, by=by)
