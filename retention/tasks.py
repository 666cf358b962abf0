"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from celery import shared_task

from retention.ledger import write_down


@shared_task
def write_ledger() -> None:
    """Write erasures down outside of the database, of which that did not happen at once."""
    write_down()
