"""Who works on a batch: one worker at a time, for as long as it says something now and then.

The work lies in the batch's row. `attempts` numbers the leases: a worker that was overtaken can change nothing any more, since
each of its steps is committed together with a renewal that says which lease it holds.
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.clock import database_now
from core.doorbell import ring_briefly
from intake.models import Batch
from intake.models.batch import BatchState
from intake.ways import move, step

logger = logging.getLogger(__name__)

#: How long a worker may be silent before its batch is given to another.
LEASE = timedelta(seconds=120)
#: A worker that dies this often over a batch dies of it.
MOST_TRIES = 12
#: What has to be done in a state, by the name of the task that does it.
TASKS = {
    BatchState.STAGING: "intake.tasks.stage_batch",
    BatchState.ACCEPTING: "intake.tasks.write_batch",
}


class LeaseLost(Exception):
    """Another worker has this batch now, or a person has moved it on; whoever meets this stops without a word."""


def take(batch_id: UUID, state: BatchState) -> Batch | None:
    """Take the batch for LEASE where it waits in this state; None where there is nothing to do. Three queries.

    Must not run inside another transaction: a lease that is not durable is none.
    """
    with transaction.atomic(durable=True):
        now = database_now()
        batch = (
            Batch.objects.due(now)
            .filter(pk=batch_id, state=state)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("organisation", "registered_in")
            .first()
        )
        if batch is None:
            return None
        if batch.attempts >= MOST_TRIES:
            move(batch, BatchState.FAILED)
            batch.failure, batch.leased_until = "stopped", None
        else:
            batch.attempts += 1
            batch.leased_until = now + LEASE
        batch.save(update_fields=["attempts", "leased_until", "state", "state_since", "failure"])
    if batch.state != state:
        logger.error("Batch %s stopped %s times; a person must look at it.", batch.pk, batch.attempts)
        return None
    return batch


def renew(batch: Batch, *, state: BatchState | None = None, **changes: Any) -> None:
    """Hold on to the batch and write down how far it is; a new state ends the lease. One query and the clock's.

    In a transaction of the caller it commits with the work that it speaks of. Raises LeaseLost.
    """
    if state is None:
        changes["leased_until"] = database_now() + LEASE
    else:
        changes |= {"leased_until": None, **step(batch, state)}
    ours = Batch.objects.filter(pk=batch.pk, attempts=batch.attempts, state=batch.state)
    if not ours.update(**changes):
        raise LeaseLost
    for name, value in changes.items():
        setattr(batch, name, value)


def ring_for(batch: Batch) -> None:
    """Ask a worker to take the batch, once the transaction is committed. The sweep asks again where nobody heard."""
    task, batch_id = TASKS[BatchState(batch.state)], str(batch.pk)
    transaction.on_commit(lambda: ring_briefly(task, batch_id=batch_id), robust=True)


def due() -> list[tuple[str, UUID]]:
    """The task and the batch for everything that waits for a worker, or was left behind by one. Two queries."""
    rows = Batch.objects.due(database_now()).filter(Q(state__in=TASKS)).order_by("id")
    return [(TASKS[BatchState(state)], pk) for state, pk in rows.values_list("state", "pk")]
