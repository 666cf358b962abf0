"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from uuid import UUID

from celery import shared_task

from core.doorbell import ring
from retention import holds_ledger
from retention.actions import looking
from retention.actions.applying import apply_all
from retention.actions.files import let_go_what_waited
from retention.ledger import write_down

#: A list of a million rows takes minutes; what is not done goes tomorrow.
_LONGEST_SECONDS = 3_600


@shared_task(time_limit=_LONGEST_SECONDS)
def apply_each_night() -> None:
    """Let go what was kept long enough."""
    apply_all(each="night")


@shared_task
def apply_each_minute() -> None:
    """Let go what must not be there a minute longer, also files that waited for the end of a legal hold."""
    let_go_what_waited()
    apply_all(each="minute")


@shared_task(time_limit=_LONGEST_SECONDS)
def look_through(*, erasure_id: str) -> None:
    """Look through what waits for one erasure, and carry it out where that was approved."""
    looking.go_on(UUID(erasure_id))


@shared_task
def sweep_erasures() -> None:
    """Ring for every erasure that waits for a worker, was left behind, or whose bell was lost."""
    for pk in looking.due():
        if not ring(looking.TASK, erasure_id=str(pk)):
            return


@shared_task
def write_ledger() -> None:
    """Write erasures and holds down outside of the database, of which that did not happen at once."""
    write_down()
    holds_ledger.write_down()
