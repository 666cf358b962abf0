"""Workers killed with `kill -9` at each point of a mail's way: never two copies, never a silent loss.

The server and the database hold the worker where it is to die: the one by not answering, the other by a lock.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from celery import current_app
from django.db import connection, transaction

from accounts.service import service_user
from config.embedded.directory import PROJECT
from core.clock import database_now
from reports.delivery.doorbell import ring_sweep
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from tests.factories.regions import RunningOperationFactory
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory, SubscriptionFactory
from tests.reports.delivery.server import Sink, running
from tests.workers import Worker, database_url, wait_until, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running() as server:
        yield server


def _url(sink: Sink) -> str:
    return f"smtp://127.0.0.1:{sink.port}"


def _state(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


def _end_lease(delivery: Delivery) -> None:
    """Two minutes pass."""
    Delivery.objects.filter(pk=delivery.pk, leased_until__isnull=False).update(leased_until=database_now())


def _let_another_worker_try(sink: Sink, delivery: Delivery) -> None:
    sink.faults.clear()
    _end_lease(delivery)
    with working(_url(sink)):
        ring_sweep()
        wait_until(lambda: _state(delivery) not in {DeliveryState.QUEUED, DeliveryState.SENDING})


def test_killed_before_the_outbox_commit(sink: Sink) -> None:
    """The mails are not there, nor is the edition published; the job runs again and sends one."""
    RunningOperationFactory.create(is_automatic=True)
    SubscriptionFactory.create()
    command = [sys.executable, "manage.py", "make_editions", "--operation=kursk-2024"]
    days = ["--from=2024-08-12", "--to=2024-08-12", "--send-last"]
    environment = {**os.environ, "DATABASE_URL": database_url()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reports_delivery IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen([*command, *days], cwd=PROJECT, env=environment, start_new_session=True)
        wait_until(_somebody_waits_for_a_lock, 60)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not Delivery.objects.exists()
    subprocess.run([*command, *days], cwd=PROJECT, env=environment, check=True)
    edition = Edition.objects.get(local_day=date(2024, 8, 12))
    assert (edition.status, edition.made_by) == (EditionStatus.PUBLISHED, service_user().pk)
    delivery = Delivery.objects.get()
    _let_another_worker_try(sink, delivery)
    assert (_state(delivery), len(sink.kept)) == (DeliveryState.SENT, 1)


def test_the_bell_is_lost(sink: Sink) -> None:
    """All of the broker's memory is gone after the commit: the sweep finds the row."""
    delivery = QueuedDeliveryFactory.create()
    ring_sweep()
    current_app.control.purge()
    _let_another_worker_try(sink, delivery)
    assert (_state(delivery), sink.copies(delivery.address)) == (DeliveryState.SENT, 1)


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt"])
def test_killed_after_the_lease_and_before_data(sink: Sink, step: str) -> None:
    delivery = QueuedDeliveryFactory.create()
    sink.faults[step] = "stall"
    with working(_url(sink)) as worker:
        ring_sweep()
        assert sink.reached[step].wait(30)
        worker.kill()
    assert _state(delivery) == DeliveryState.SENDING
    _let_another_worker_try(sink, delivery)
    assert (_state(delivery), sink.copies(delivery.address)) == (DeliveryState.SENT, 1)


@pytest.mark.parametrize(("step", "copies"), [("data", 0), ("end", 1)])
def test_killed_after_data_began_and_before_the_yes(sink: Sink, step: str, copies: int) -> None:
    delivery = QueuedDeliveryFactory.create()
    sink.faults[step] = "stall"
    with working(_url(sink)) as worker:
        ring_sweep()
        assert sink.reached[step].wait(30)
        worker.kill()
    _let_another_worker_try(sink, delivery)
    assert (_state(delivery), sink.copies(delivery.address)) == (DeliveryState.UNCONFIRMED, copies)


def test_killed_after_the_yes_and_before_it_was_written_down(sink: Sink) -> None:
    delivery = QueuedDeliveryFactory.create()
    sink.faults["end"] = "wait"
    with working(_url(sink)) as worker:
        ring_sweep()
        assert sink.reached["end"].wait(30)
        with transaction.atomic():
            Delivery.objects.select_for_update().get(pk=delivery.pk)
            sink.go_on.set()
            wait_until(_somebody_waits_for_a_lock)
            worker.kill()
            _lose_what_waits()
    _let_another_worker_try(sink, delivery)
    assert (_state(delivery), sink.copies(delivery.address)) == (DeliveryState.UNCONFIRMED, 1)


def test_twelve_mails_and_a_worker_killed_again_and_again(sink: Sink) -> None:
    """Whatever the point at which it dies: each address has at most one copy, and who has none is shown."""
    kept = EditionFileFactory.create()
    rows = [QueuedDeliveryFactory.create(mail=kept) for _ in range(12)]
    for kill in range(4):
        with working(_url(sink)) as worker:
            _ring_and_kill_at(sink.connections + kill + 1, sink, worker)
        for row in rows:
            _end_lease(row)
    with working(_url(sink)):
        ring_sweep()
        wait_until(lambda: not Delivery.objects.due(database_now()).exists())
        wait_until(lambda: not Delivery.objects.filter(state=DeliveryState.SENDING).exists())
    copies = {row.pk: sink.copies(row.address) for row in rows}
    assert set(copies.values()) <= {0, 1}
    sent = set(Delivery.objects.filter(state=DeliveryState.SENT).values_list("pk", flat=True))
    shown = set(Delivery.objects.troubled().values_list("pk", flat=True))
    assert {pk for pk in copies if copies[pk] == 0} <= shown
    assert sent | shown == copies.keys()


def _ring_and_kill_at(connections: int, sink: Sink, worker: Worker) -> None:
    ring_sweep()
    wait_until(lambda: sink.connections >= connections)
    worker.kill()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        waiting: int = cursor.fetchone()[0]
    return waiting > 0


def _lose_what_waits() -> None:
    """The statement of a dead client would still be carried out; here it never arrived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
