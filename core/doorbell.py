"""Ringing for a worker. The bell carries ids only and may fail: what is to be done lies in PostgreSQL."""

import logging
from threading import Thread

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: How long a caller waits for the broker. A client that is told to give up after 2 s tries several times over.
PATIENCE_SECONDS = 2


def ring(task: str, **arguments: str | list[str]) -> bool:
    """Ask for a worker; False where the broker does not take it.

    For workers only: a broker that hangs may hold it up for several seconds.
    """
    try:
        current_app.send_task(task, kwargs=arguments, retry=False, ignore_result=True)
    except (OperationalError, OSError):
        logger.warning("The broker did not take %s; the next sweep rings again.", task)
        return False
    return True


def ring_briefly(task: str, **arguments: str | list[str]) -> None:
    """Ask for a worker, and wait two seconds at most. Never raises.

    Callers are transactions that have just committed: a broker that is down or hangs must not hold up a person.
    """
    # A thread of its own is the only bound that holds whatever the broker's client does inside.
    bell = Thread(target=ring, args=(task,), kwargs=arguments, daemon=True)
    bell.start()
    bell.join(PATIENCE_SECONDS)
