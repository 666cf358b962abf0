"""Ringing for a worker. The bell carries ids only and may fail: what is to be done lies in PostgreSQL."""

import logging
from collections.abc import Iterable
from threading import Thread
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: How long a caller waits for the broker. A client that is told to give up after 2 s tries several times over.
PATIENCE_SECONDS = 2


def ring_sweep() -> None:
    """Ask a worker to look into the outbox now rather than at the next sweep. Never raises, and waits 2 seconds at most.

    Callers are transactions that have just committed: a broker that is down or hangs must not hold up a person.
    """
    # A thread of its own is the only bound that holds whatever the broker's client does inside.
    bell = Thread(target=_ring, args=("reports.tasks.sweep_deliveries",), daemon=True)
    bell.start()
    bell.join(PATIENCE_SECONDS)


def ring_deliveries(delivery_ids: Iterable[UUID]) -> None:
    """Ask workers to send these mails, one task each; gives up at the first that the broker does not take.

    For workers only: a broker that hangs may hold it up for several seconds.
    """
    for delivery_id in delivery_ids:
        if not _ring("reports.tasks.deliver", delivery_id=str(delivery_id)):
            return


def _ring(task: str, **arguments: str) -> bool:
    try:
        current_app.send_task(task, kwargs=arguments, retry=False, ignore_result=True)
    except (OperationalError, OSError):
        logger.warning("The broker did not take %s; the next sweep rings again.", task)
        return False
    return True
