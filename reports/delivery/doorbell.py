"""Ringing for a worker that sends mail. The bell may fail: what is to be sent lies in PostgreSQL."""

from collections.abc import Iterable
from uuid import UUID

from core.doorbell import ring, ring_briefly


def ring_sweep() -> None:
    """Ask a worker to look into the outbox now rather than at the next sweep. Never raises, and waits 2 seconds at most."""
    ring_briefly("reports.tasks.sweep_deliveries")


def ring_confirmations() -> None:
    """Ask a worker to mail the addresses that wait to be asked. Never raises, and waits 2 seconds at most."""
    ring_briefly("reports.tasks.ask_addresses")


def ring_deliveries(delivery_ids: Iterable[UUID]) -> None:
    """Ask workers to send these mails, one task each; gives up at the first that the broker does not take.

    For workers only: a broker that hangs may hold it up for several seconds.
    """
    for delivery_id in delivery_ids:
        if not ring("reports.tasks.deliver", delivery_id=str(delivery_id)):
            return
