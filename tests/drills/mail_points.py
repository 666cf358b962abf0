"""Where a worker can be killed while it sends a mail, and how it is held there until it is.

Nothing of this stands in the code that sends: the server holds a worker by not answering, the database by a lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from core.clock import database_now
from reports.delivery.doorbell import ring_deliveries, ring_sweep
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from tests.factories.reports import EditionFileFactory, QueuedDeliveryFactory
from tests.reports.delivery.server import Sink
from tests.workers import Worker, wait_until

SENT, UNCONFIRMED = DeliveryState.SENT, DeliveryState.UNCONFIRMED
#: The large one is more than lies in the buffers of a connection: a server that does not read holds the sender in the middle.
SMALL = b"Subject: report\r\n\r\nA report.\r\n"
LARGE = b"Subject: report\r\n\r\n" + (b"x" * 74 + b"\r\n") * 200_000


@dataclass(frozen=True, slots=True)
class Stage:
    """A server and a worker that sends to it."""

    sink: Sink
    worker: Worker

    def kill_at(self, step: str, delivery: Delivery) -> None:
        """Kill who sends this mail when the server is at this step, which it does not answer."""
        self.sink.faults[step] = "stall"
        ring_deliveries([delivery.pk])
        assert self.sink.reached[step].wait(60)
        self.worker.kill_children()

    def kill_at_a_lock(self) -> None:
        """Kill who waits for a lock, and whose statement never arrived."""
        wait_until(somebody_waits_for_a_lock, 60)
        self.worker.kill_children()
        lose_what_waits()


def before_the_lease(stage: Stage, delivery: Delivery) -> None:
    with locked("reports_mailhold"):
        ring_deliveries([delivery.pk])
        stage.kill_at_a_lock()


def after_the_lease(stage: Stage, delivery: Delivery) -> None:
    with locked("reports_editionfile"):
        ring_deliveries([delivery.pk])
        stage.kill_at_a_lock()


def connected(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("connect", delivery)


def after_mail(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("mail", delivery)


def after_rcpt(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("rcpt", delivery)


def before_data_is_recorded(stage: Stage, delivery: Delivery) -> None:
    _kill_at_the_row("rcpt", stage, delivery)


def after_data_is_recorded(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("data", delivery)


def in_the_middle_of_the_mail(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("body", delivery)


def before_the_yes(stage: Stage, delivery: Delivery) -> None:
    stage.kill_at("end", delivery)


def after_the_yes(stage: Stage, delivery: Delivery) -> None:
    _kill_at_the_row("end", stage, delivery)


def after_it_was_settled(stage: Stage, delivery: Delivery) -> None:
    """The same bell rings for a second mail, at which the worker dies."""
    second = QueuedDeliveryFactory.create(mail=delivery.edition.files.get())
    stage.sink.recipient_faults[second.address, "rcpt"] = "stall"
    ring_deliveries([delivery.pk, second.pk])
    wait_until(lambda: state_of(delivery) == SENT, 60)
    stage.worker.kill_children()
    stage.sink.recipient_faults.clear()


#: What happens, the copies that the server then has, and the state in which the mail ends.
POINTS: list[tuple[Callable[[Stage, Delivery], None], int, DeliveryState]] = [
    (before_the_lease, 1, SENT),
    (after_the_lease, 1, SENT),
    (connected, 1, SENT),
    (after_mail, 1, SENT),
    (after_rcpt, 1, SENT),
    (before_data_is_recorded, 1, SENT),
    (after_data_is_recorded, 0, UNCONFIRMED),
    (in_the_middle_of_the_mail, 0, UNCONFIRMED),
    (before_the_yes, 1, UNCONFIRMED),
    (after_the_yes, 1, UNCONFIRMED),
    (after_it_was_settled, 1, SENT),
]


def killed_at(point: Callable[[Stage, Delivery], None], stage: Stage) -> tuple[int, DeliveryState]:
    """Copies and state of a mail whose worker was killed there, when its lease has ended and another has come for it."""
    day = date(2024, 8, 12) + timedelta(days=Edition.objects.count())
    content = LARGE if point is in_the_middle_of_the_mail else SMALL
    kept = EditionFileFactory.create(edition__local_day=day, content=content)
    delivery = QueuedDeliveryFactory.create(mail=kept)
    stage.sink.behave()
    point(stage, delivery)
    stage.sink.behave()
    come_again(stage)
    return stage.sink.copies_of(delivery.message_id), state_of(delivery)


def come_again(stage: Stage) -> None:
    """Two minutes pass, the sweep rings, and every mail is worked on."""
    Delivery.objects.filter(leased_until__isnull=False).update(leased_until=database_now())
    ring_sweep()
    unsettled = Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
    wait_until(lambda: not unsettled.exists(), 60)


def state_of(delivery: Delivery) -> DeliveryState:
    return DeliveryState(Delivery.objects.get(pk=delivery.pk).state)


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Nobody else reads the table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        waiting: int = cursor.fetchone()[0]
    return waiting > 0


def lose_what_waits() -> None:
    """The statement of a dead client would still be carried out; here it never arrived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")


def _kill_at_the_row(step: str, stage: Stage, delivery: Delivery) -> None:
    """Kill who wants to write down what came after this step of the dialogue."""
    stage.sink.faults[step] = "wait"
    ring_deliveries([delivery.pk])
    assert stage.sink.reached[step].wait(60)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=delivery.pk)
        stage.sink.go_on.set()
        stage.kill_at_a_lock()
