"""Ringing for a worker that sends mail. The bell may fail: what is to be sent lies in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from core.doorbell import ring, ring_briefly

#: How many mails are leased together and sent over one connection.
MAILS_A_BELL = 20


def ring_sweep() -> None:
    """Ask a worker to look into the outbox now rather than at the next sweep. Never raises, and waits 2 seconds at most."""
    ring_briefly("reports.tasks.sweep_deliveries")


def ring_confirmations() -> None:
    """Ask a worker to mail the addresses that wait to be asked. Never raises, and waits 2 seconds at most."""
    ring_briefly("reports.tasks.ask_addresses")


def ring_trials() -> None:
    """Ask a worker to mail the tests that people asked for. Never raises, and waits 2 seconds at most."""
    ring_briefly("reports.tasks.mail_tests")


def ring_deliveries(delivery_ids: Sequence[UUID]) -> None:
    """Ask workers to send these mails, MAILS_A_BELL by each task; gives up at the first that the broker does not take.

    For workers only: a broker that hangs may hold it up for several seconds.
    """
    for start in range(0, len(delivery_ids), MAILS_A_BELL):
        ids = [str(delivery_id) for delivery_id in delivery_ids[start : start + MAILS_A_BELL]]
        if not ring("reports.tasks.deliver", delivery_ids=ids):
            return
