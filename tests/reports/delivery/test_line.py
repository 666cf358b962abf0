"""Mails that are leased together go over one connection, and are judged each for itself."""

import pytest

from reports.delivery.outbox import start_data
from reports.delivery.sending import send
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory
from tests.reports.delivery.leases import lease_one
from tests.reports.delivery.server import Sink

pytestmark = pytest.mark.django_db

QUEUED, SENT = DeliveryState.QUEUED, DeliveryState.SENT


def _mails(number: int) -> list[Delivery]:
    kept = EditionFileFactory.create()
    return [QueuedDeliveryFactory.create(mail=kept) for _ in range(number)]


def _states(rows: list[Delivery]) -> list[str]:
    return [Delivery.objects.get(pk=row.pk).state for row in rows]


def test_one_connection_for_all(sink: Sink) -> None:
    rows = _mails(5)
    send(*(row.pk for row in rows))
    assert [sink.copies(row.address) for row in rows] == [1] * 5
    assert (_states(rows), sink.connections) == ([SENT] * 5, 1)


def test_a_connection_that_the_server_ends_between_two_mails_costs_nobody_a_minute(sink: Sink) -> None:
    """The first mail on a connection of its own is refused in the same way, and waits."""
    rows = _mails(3)
    sink.mails_a_connection = 1
    send(*(row.pk for row in rows))
    assert (_states(rows), sink.connections) == ([SENT] * 3, 3)
    assert [sink.copies(row.address) for row in rows] == [1] * 3


def test_a_server_that_is_away_is_asked_once(sink: Sink) -> None:
    rows = _mails(4)
    sink.faults["connect"] = "drop"
    send(*(row.pk for row in rows))
    assert (_states(rows), sink.connections) == ([QUEUED] * 4, 1)


@pytest.mark.parametrize("ended", ["edition", "subscription", None])
def test_what_was_taken_back_since_the_lease_does_not_leave(ended: str | None) -> None:
    [row] = _mails(1)
    leased = lease_one(row.pk)
    assert leased is not None
    if ended == "edition":
        row.edition.status = EditionStatus.WITHDRAWN
        row.edition.withdrawn_at, row.edition.withdrawn_by = row.edition.published_at, row.edition.made_by
        row.edition.withdraw_reason = "A district was missing."
        row.edition.save()
    if ended == "subscription":
        row.subscription.is_active = False
        row.subscription.save()
    assert start_data(leased) is (ended is None)
