"""Leaving a trace of who looked at records of people, in the transaction of the reading itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from audit.models import Reading
from core.actors import Actor

#: A page shows no more; an answer of the API may show 500.
MOST_IDS = 500


def record_reading(
    *,
    by: Actor,
    page: str,
    resource: str,
    record: str = "",
    ids: Iterable[object] = (),
    shown: int | None = None,
    organisation: UUID | None = None,
) -> Reading:
    """Write down that `by` was shown these records of `resource` (`app.model`) on the page. One INSERT.

    `shown` is how many they were, where `ids` are the first of them only. `organisation` is that for which they read. The
    transaction of the reading carries it: where the trace cannot be written, nothing is shown. Outside of one it raises
    TransactionManagementError.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A reading of people needs a transaction around it.")
    which = [str(each)[:40] for each in ids]
    return Reading.objects.create(
        actor_id=by.pk,
        page=page[:100],
        object_type=resource,
        object_id=record[:40],
        shown=len(which) if shown is None else shown,
        ids=which[:MOST_IDS],
        organisation_id=organisation,
    )
