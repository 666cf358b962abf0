"""Telling administrators and auditors what happens to clients of partners' systems."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.granting import paths_of
from accounts.letters import client_letter
from accounts.models import Client, ClientNews, ClientNotice
from accounts.policy import Role
from accounts.telling import TOLD_OF_CLIENTS, tell_all, who_answers, who_watches
from accounts.visibility import lineage
from core.actors import Actor
from core.clock import database_now
from core.doorbell import ring_briefly

TELL = "accounts.tasks.tell_of_clients"
#: A mail that no server takes is given up after this; the client's page and the trail still say it.
GIVE_UP_AFTER = timedelta(days=30)


def note_news(client: Client, what: ClientNews, *, by: Actor, now: datetime) -> None:
    """Write down whom to tell: administrators of where it reads and auditors of the organisation, never `by`; where there is
    nobody, keepers of the service and auditors of all others. In the transaction of what happened. Three queries, four then.
    """
    there = Q(memberships__role=Role.AUDITOR) | _answers_where(paths_of(client.account_id))
    told = list(who_answers([client.organisation], TOLD_OF_CLIENTS, but=by.pk, as_well=there))
    told = told or list(who_watches(but=by.pk))
    ClientNotice.objects.bulk_create(
        ClientNotice(client=client, what=what, done_at=now, done_by=by.pk, user=user) for user in told
    )
    transaction.on_commit(lambda: ring_briefly(TELL))


def _answers_where(paths: Iterable[str]) -> Q:
    """Memberships that reach into one of these regions; an empty path is all of them."""
    there = Q(memberships__region=None)
    for path in paths:
        there |= Q(memberships__region__path__startswith=path) | Q(
            memberships__region__path__in=lineage(path)
        )
    return there


def tell_of_clients() -> int:
    """Mail every notice that waits (`accounts.telling`), and answer how many the mail server took."""
    waiting = ClientNotice.objects.filter(sent_at=None, done_at__gt=database_now() - GIVE_UP_AFTER)
    return tell_all(waiting.select_related("client__organisation", "user").order_by("pk"), client_letter)
