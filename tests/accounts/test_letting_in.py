"""Clients from before there were two persons go on as they are."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Client, ClientAsk
from audit import watching
from tests.accounts.test_clients import asked
from tests.factories.clients import partner_client, token_of


@pytest.mark.django_db(transaction=True)
def test_the_migration_lets_in_who_was_here() -> None:
    client, _secret = partner_client(scopes=["people:read"])
    token = token_of(client)
    watching.unwatch()  # as `migrate` does before tables are altered
    try:
        MigrationExecutor(connection).migrate([("accounts", "0008_hints_at_the_door")])
    finally:
        call_command("migrate", verbosity=0)  # what stands beside the tables is made anew, too
    client = Client.objects.get()
    assert client.let_in_at == client.recorded_at
    assert not ClientAsk.objects.exists()
    assert asked(token).status_code == 200
