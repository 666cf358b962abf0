"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from celery import shared_task

from roster.actions import alarms, making


@shared_task
def make_exports() -> None:
    """Make the files that were approved."""
    making.make_due()


@shared_task
def look_for_alarms() -> None:
    """Look through the trail for readings that are unusual, and tell of them."""
    alarms.look()
    alarms.tell_alarms()
