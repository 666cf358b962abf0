"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from uuid import UUID

from celery import shared_task

from exchange.webhooks.doorbell import ring_endpoints
from exchange.webhooks.sending import due, send


@shared_task
def sweep_endpoints() -> None:
    """Ring for every endpoint that has something to be told."""
    ring_endpoints(due())


@shared_task
def tell_endpoint(*, endpoint_id: str) -> None:
    """Send what waits for this endpoint."""
    send(UUID(endpoint_id))
