"""What workers do with batches. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from uuid import UUID

from celery import shared_task

from core.doorbell import ring
from intake.accepting import write
from intake.apart import COMPARE, compare_apart, uncompared
from intake.lease import due
from intake.staging import stage

#: A million rows take minutes; each chunk is committed with its progress, so that a longer stop loses nothing.
_LONGEST_SECONDS = 3_600


@shared_task(time_limit=_LONGEST_SECONDS)
def stage_batch(*, batch_id: str) -> None:
    """Read and check a batch, if it still waits for that, and have it compared."""
    stage(UUID(batch_id))
    ring(COMPARE, batch_id=batch_id)


@shared_task(time_limit=_LONGEST_SECONDS)
def compare_batch(*, batch_id: str) -> None:
    """Look for likely duplicates of a checked batch, if nobody has."""
    compare_apart(UUID(batch_id))


@shared_task(time_limit=_LONGEST_SECONDS)
def write_batch(*, batch_id: str) -> None:
    """Write an accepted batch into the register, or what is left of it."""
    write(UUID(batch_id))


@shared_task
def sweep_batches() -> None:
    """Ring for every batch that waits, was left behind, or whose bell was lost; and for those that nobody compared."""
    for task, batch_id in (*due(), *uncompared()):
        if not ring(task, batch_id=str(batch_id)):
            return
