"""What workers do in the register. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from celery import shared_task

from displacement.actions.bulk_judging import carry_out, ring_for_decisions
from displacement.actions.honey import lay_due
from displacement.actions.nightly import search_when_due

#: Half a file of duplicates takes minutes; each chunk is committed, so that a longer stop loses nothing.
_LONGEST_SECONDS = 3_600


@shared_task(time_limit=_LONGEST_SECONDS)
def carry_out_decision(*, decision_id: str) -> None:
    """Decide the pairs that one decision means, or those that are left of them."""
    carry_out(int(decision_id))


@shared_task
def sweep_decisions() -> None:
    """Ring for every decision that is not finished."""
    ring_for_decisions()


@shared_task
def lay_honey_records() -> None:
    """Write the invented families whose moment has come."""
    lay_due()


@shared_task(time_limit=_LONGEST_SECONDS)
def search_duplicates() -> None:
    """Search the register for duplicates of whoever is new or changed, once a night."""
    search_when_due()
