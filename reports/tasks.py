"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from uuid import UUID

from celery import shared_task

from reports.actions.bounces import suspend_refused
from reports.actions.confirmations import send_confirmations
from reports.actions.due import make_due
from reports.actions.errata import find_errata
from reports.actions.notices import note_overdue, tell_notices
from reports.actions.trials import send_trials
from reports.delivery.doorbell import ring_deliveries
from reports.delivery.outbox import due
from reports.delivery.sending import send


@shared_task
def make_due_editions() -> None:
    """Make and publish every report whose local time has come."""
    make_due()


@shared_task
def look_for_errata() -> None:
    """Find published editions that used what no longer stands."""
    find_errata()


@shared_task
def tell_missing() -> None:
    """Tell the people named for a region's reports what did not come about."""
    note_overdue()
    suspend_refused()
    tell_notices()


@shared_task
def ask_addresses() -> None:
    """Mail the addresses that wait to be asked whether they want the reports."""
    send_confirmations()


@shared_task
def mail_tests() -> None:
    """Mail the editions that people asked for as a test, each to whoever asked."""
    send_trials()


@shared_task
def sweep_deliveries() -> None:
    """Ring for every mail that waits, was left behind, or whose bell was lost."""
    ring_deliveries(due())


@shared_task
def deliver(*, delivery_ids: list[str]) -> None:
    """Send these mails of the outbox, those that are still to be sent."""
    send(*map(UUID, delivery_ids))
