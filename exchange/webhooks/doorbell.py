"""Ringing for a worker that tells endpoints. The bell may fail: what is to be told lies in PostgreSQL."""

from collections.abc import Iterable
from uuid import UUID

from core.doorbell import ring, ring_briefly

TELL = "exchange.tasks.tell_endpoint"


def ring_endpoint(endpoint_id: UUID) -> None:
    """Ask a worker to tell this endpoint now. Never raises, and waits 2 seconds at most."""
    ring_briefly(TELL, endpoint_id=str(endpoint_id))


def ring_endpoints(endpoint_ids: Iterable[UUID]) -> None:
    """Ask for a worker for each; gives up at the first that the broker does not take. For workers only."""
    for endpoint_id in endpoint_ids:
        if not ring(TELL, endpoint_id=str(endpoint_id)):
            return
