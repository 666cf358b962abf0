"""What becomes of a mail when its server fails at each word of the dialogue: never two copies, never a silent loss."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from core.clock import database_now
from reports.delivery.sending import send
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory, SubscriptionFactory
from tests.reports.delivery.server import Sink

pytestmark = pytest.mark.django_db

QUEUED, SENT = DeliveryState.QUEUED, DeliveryState.SENT
FAILED, UNCONFIRMED = DeliveryState.FAILED, DeliveryState.UNCONFIRMED

#: step, fault, state afterwards, copies at the server after a hundred further rings.
MATRIX = [
    ("connect", "stall", QUEUED, 0),
    ("connect", "drop", QUEUED, 0),
    ("connect", "421 busy", QUEUED, 0),
    ("connect", "554 go away", QUEUED, 0),
    ("ehlo", "stall", QUEUED, 0),
    ("mail", "451 later", QUEUED, 0),
    ("mail", "550 no", FAILED, 0),
    ("mail", "drop", QUEUED, 0),
    ("rcpt", "450 mailbox busy", QUEUED, 0),
    ("rcpt", "550 unknown", FAILED, 0),
    ("rcpt", "stall", QUEUED, 0),
    ("data", "451 later", QUEUED, 0),
    ("data", "554 no", FAILED, 0),
    ("data", "drop", UNCONFIRMED, 0),
    ("data", "stall", UNCONFIRMED, 0),
    ("body", "drop", UNCONFIRMED, 0),
    ("end", "452 disk full", QUEUED, 0),
    ("end", "554 spam", FAILED, 0),
    ("end", "stall", UNCONFIRMED, 1),
    ("end", "drop", UNCONFIRMED, 1),
]


def _reload(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize(("step", "fault", "state", "copies"), MATRIX)
def test_a_fault_at_each_word(sink: Sink, step: str, fault: str, state: str, copies: int) -> None:
    delivery = QueuedDeliveryFactory.create()
    sink.faults[step] = fault
    send(delivery.pk)
    after = _reload(delivery)
    assert (after.state, after.attempts, len(sink.kept)) == (state, 1, copies)
    assert after.leased_until is None
    assert delivery.address not in after.last_error

    sink.faults.clear()
    send(delivery.pk)
    send(delivery.pk)
    assert len(sink.kept) == copies, "nothing is sent again before its time, or at all"


@pytest.mark.parametrize(("step", "fault", "state", "copies"), MATRIX)
def test_what_waits_is_sent_later_and_what_is_uncertain_is_not(
    sink: Sink, step: str, fault: str, state: str, copies: int
) -> None:
    delivery = QueuedDeliveryFactory.create()
    sink.faults[step] = fault
    send(delivery.pk)
    sink.faults.clear()
    Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=database_now() - timedelta(seconds=1))
    send(delivery.pk)
    if state == QUEUED:
        assert _reload(delivery).state == SENT
        assert len(sink.kept) == 1
    else:
        assert _reload(delivery).state == state
        assert len(sink.kept) == copies


def test_all_well(sink: Sink) -> None:
    delivery = QueuedDeliveryFactory.create()
    for _ring in range(3):
        send(delivery.pk)
    after = _reload(delivery)
    assert (after.state, after.last_code, after.attempts) == (SENT, 250, 1)
    assert after.sent_at is not None
    assert sink.copies(delivery.address) == 1
    assert sink.connections == 1


def test_nobody_listens(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    delivery = QueuedDeliveryFactory.create()
    send(delivery.pk)
    after = _reload(delivery)
    assert after.state == QUEUED
    assert after.next_attempt_at > database_now()
    assert "could not be reached" in after.last_error


def test_one_bad_address_delays_nobody(sink: Sink) -> None:
    kept = EditionFileFactory.create()
    rows = [
        QueuedDeliveryFactory.create(mail=kept, subscription=SubscriptionFactory.create()) for _ in range(20)
    ]
    sink.recipient_faults[rows[7].address, "rcpt"] = "550 unknown"
    send(*(row.pk for row in rows))
    assert [_reload(row).state for row in rows] == [SENT] * 7 + [FAILED] + [SENT] * 12
    assert sink.copies(rows[7].address) == 0
    assert all(sink.copies(row.address) == 1 for row in rows if row is not rows[7])


def test_the_usual_way_sends_copies(sink: Sink) -> None:
    """Negative control: a try that judges by the exception sends a second and a third mail where ours sends none."""
    delivery = QueuedDeliveryFactory.create()
    sink.faults["end"] = "drop"
    for _try in range(3):
        Delivery.objects.filter(pk=delivery.pk).update(state=QUEUED, data_started_at=None)
        send(delivery.pk)
    assert sink.copies(delivery.address) == 3
