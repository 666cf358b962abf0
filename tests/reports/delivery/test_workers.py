"""Many workers at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from reports.delivery.outbox import lease
from reports.delivery.sending import send
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory
from tests.reports.delivery.server import Sink


def _send(delivery_id: UUID) -> None:
    try:
        send(delivery_id)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_and_ten_bells_for_each_mail(sink: Sink, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = (
        10  # nobody stalls; eight threads beside the server's own keep each other waiting
    )
    kept = EditionFileFactory.create()
    rows = [QueuedDeliveryFactory.create(mail=kept) for _ in range(12)]
    bells = [row.pk for row in rows] * 10
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(_send, bells))
    assert [sink.copies(row.address) for row in rows] == [1] * 12
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


@pytest.mark.django_db(transaction=True)
def test_a_lease_inside_a_transaction_is_refused() -> None:
    """It would not be durable: another worker could take the mail while the first one is sending it."""
    delivery = QueuedDeliveryFactory.create()
    with transaction.atomic(), pytest.raises(RuntimeError):
        lease(delivery.pk)
