"""Mail under kills and faults: never two copies, never a silent loss. `make drill-mail` prints what became of each.

Workers are Celery's, with a database, a broker and a mail server that are real; who sends is killed by `kill -9`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from celery import current_app

from accounts.service import service_user
from config.embedded.directory import PROJECT
from core.clock import database_now
from reports.delivery.doorbell import ring_deliveries, ring_sweep
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from tests.drills.mail_points import (
    POINTS,
    Stage,
    before_the_yes,
    come_again,
    killed_at,
    locked,
    somebody_waits_for_a_lock,
    state_of,
)
from tests.factories.regions import RunningOperationFactory
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory, SubscriptionFactory
from tests.reports.delivery.server import Sink, running
from tests.workers import database_url, wait_until, working

pytestmark = pytest.mark.django_db(transaction=True)

QUEUED, SENT = DeliveryState.QUEUED, DeliveryState.SENT
FAILED, UNCONFIRMED = DeliveryState.FAILED, DeliveryState.UNCONFIRMED

#: What the server does to a recipient at a step; what is known of the mail then; and the copies and the state in the end.
FAULTS = [
    ("rcpt", "450 mailbox busy", QUEUED, 1, SENT),
    ("rcpt", "550 unknown", FAILED, 0, FAILED),
    ("rcpt", "drop", QUEUED, 1, SENT),
    ("rcpt", "stall", QUEUED, 1, SENT),
    ("rcpt", "slow", SENT, 1, SENT),
    ("data", "451 later", QUEUED, 1, SENT),
    ("data", "554 no", FAILED, 0, FAILED),
    ("data", "drop", UNCONFIRMED, 0, UNCONFIRMED),
    ("data", "stall", UNCONFIRMED, 0, UNCONFIRMED),
    ("body", "drop", UNCONFIRMED, 0, UNCONFIRMED),
    ("body", "stall", UNCONFIRMED, 0, UNCONFIRMED),
    ("end", "452 disk full", QUEUED, 1, SENT),
    ("end", "554 spam", FAILED, 0, FAILED),
    ("end", "drop", UNCONFIRMED, 1, UNCONFIRMED),
    ("end", "stall", UNCONFIRMED, 1, UNCONFIRMED),
    ("end", "slow", SENT, 1, SENT),
]
#: What it does to everybody: certain not to have taken the mail, so that it is sent later.
CLOSED = [
    ("connect", "drop"),
    ("connect", "421 busy"),
    ("ehlo", "drop"),
    ("mail", "451 later"),
    ("mail", "drop"),
]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running() as server:
        yield server


def _show(capsys: pytest.CaptureFixture[str], title: str, rows: list[tuple[str, int, str]]) -> None:
    """Print what became of each mail, also where nothing is wrong."""
    with capsys.disabled():
        print(f"\n\n{title:<34} copies  state")  # noqa: T201
        for name, copies, state in rows:
            print(f"  {name:<34} {copies:>4}  {state}")  # noqa: T201


def test_killed_at_each_point(sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the point: one copy at most, and a mail of which there is none is shown to a person."""
    with working(sink.url) as worker:
        found = [
            (point.__name__, *killed_at(point, Stage(sink, worker))) for point, _copies, _state in POINTS
        ]
    _show(capsys, "killed", [(name.replace("_", " "), copies, state) for name, copies, state in found])
    assert found == [(point.__name__, copies, state) for point, copies, state in POINTS]
    shown = set(Delivery.objects.troubled().values_list("message_id", flat=True))
    for message_id in Delivery.objects.values_list("message_id", flat=True):
        copies = sink.copies_of(message_id)
        assert copies == 1 or (copies == 0 and message_id in shown)


def test_without_recorded_phases_there_are_two_copies(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Negative control: the same kill, and a worker that does not write down that the handing over begins."""
    monkeypatch.setenv("CARELESS", "phases")
    with working(sink.url, program="tests.drills.careless") as worker:
        copies, state = killed_at(before_the_yes, Stage(sink, worker))
    _show(capsys, "killed, phases not recorded", [("before the yes", copies, state)])
    assert copies == 2


@pytest.mark.parametrize(("program", "copies"), [("celery", 1), ("tests.drills.careless", 2)])
def test_two_workers_and_one_mail(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, program: str, copies: int
) -> None:
    """The lease lets one of them send; the control does without."""
    monkeypatch.setenv("CARELESS", "leases")
    delivery = QueuedDeliveryFactory.create()
    other = QueuedDeliveryFactory.create(mail=delivery.edition.files.get())
    sink.recipient_faults[delivery.address, "end"] = "wait"
    with working(sink.url, children=2, program=program):
        ring_deliveries([delivery.pk])
        assert sink.reached["end"].wait(60)
        ring_deliveries([delivery.pk])
        if copies == 1:  # the second bell was heard, and the next one after it
            ring_deliveries([other.pk])
            wait_until(lambda: state_of(other) == SENT)
        wait_until(lambda: sink.copies_of(delivery.message_id) == copies)
        sink.go_on.set()
        wait_until(lambda: state_of(delivery) == SENT)
    assert sink.copies_of(delivery.message_id) == copies


def test_the_server_misbehaves(capsys: pytest.CaptureFixture[str]) -> None:
    """It refuses, stalls, drops, is slow, says 4xx and 5xx, and keeps its answer: what is uncertain is shown, the rest sent."""
    with running() as gone:
        port = gone.port
    kept = EditionFileFactory.create()
    refused = QueuedDeliveryFactory.create(mail=kept)
    with working(f"smtp://127.0.0.1:{port}", children=7) as worker:
        _try(refused, until=QUEUED)
        with running(port) as sink:
            for step, fault in CLOSED:
                sink.faults[step] = fault
                _try(QueuedDeliveryFactory.create(mail=kept), until=QUEUED)
                sink.behave()
            rows = [QueuedDeliveryFactory.create(mail=kept) for _fault in FAULTS]
            for row, (step, fault, *_rest) in zip(rows, FAULTS, strict=True):
                sink.recipient_faults[row.address, step] = fault
                ring_deliveries([row.pk])
            wait_until(lambda: not Delivery.objects.filter(last_error="", sent_at=None).exists(), 90)
            assert [state_of(row) for row in rows] == [state for _step, _fault, state, *_rest in FAULTS]
            sink.recipient_faults.clear()
            Delivery.objects.filter(state=QUEUED).update(next_attempt_at=database_now())
            come_again(Stage(sink, worker))
            ends = [(sink.copies_of(row.message_id), state_of(row)) for row in rows]
            others = Delivery.objects.exclude(pk__in=[row.pk for row in rows])
            assert {(sink.copies_of(row.message_id), row.state) for row in others} == {(1, SENT)}
    names = [f"{step}: {fault}" for step, fault, *_rest in FAULTS]
    _show(capsys, "the server", [(name, *end) for name, end in zip(names, ends, strict=True)])
    assert ends == [(copies, state) for *_fault, copies, state in FAULTS]


def test_killed_before_the_outbox_commit(sink: Sink) -> None:
    """The mails are not there, nor is the edition published; the job runs again and sends one."""
    RunningOperationFactory.create(is_automatic=True)
    SubscriptionFactory.create()
    command = [sys.executable, "manage.py", "make_editions", "--operation=kursk-2024"]
    days = ["--from=2024-08-12", "--to=2024-08-12", "--send-last"]
    environment = {**os.environ, "DATABASE_URL": database_url()}
    with locked("reports_delivery"):
        process = subprocess.Popen([*command, *days], cwd=PROJECT, env=environment, start_new_session=True)
        wait_until(somebody_waits_for_a_lock, 60)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not Delivery.objects.exists()
    subprocess.run([*command, *days], cwd=PROJECT, env=environment, check=True)
    edition = Edition.objects.get(local_day=date(2024, 8, 12))
    assert (edition.status, edition.made_by) == (EditionStatus.PUBLISHED, service_user().pk)
    _comes_by_the_sweep(sink, Delivery.objects.get())


def test_the_bell_is_lost(sink: Sink) -> None:
    """All of the broker's memory is gone after the commit: the sweep finds the row."""
    delivery = QueuedDeliveryFactory.create()
    ring_sweep()
    current_app.control.purge()
    _comes_by_the_sweep(sink, delivery)


def _comes_by_the_sweep(sink: Sink, delivery: Delivery) -> None:
    with working(sink.url) as worker:
        come_again(Stage(sink, worker))
    assert (state_of(delivery), sink.copies_of(delivery.message_id)) == (SENT, 1)


def _try(delivery: Delivery, *, until: DeliveryState) -> None:
    """Ring, and wait until a try has ended in this state."""
    ring_deliveries([delivery.pk])
    wait_until(lambda: Delivery.objects.filter(pk=delivery.pk, state=until, attempts=1).exists(), 60)
