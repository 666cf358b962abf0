"""Leaving a trace of who looked at records of people, in the transaction of the reading itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from audit.models import Reading
from audit.noticing import notice
from core.actors import Actor
from core.prepared import Beside, insert

#: A page shows no more; an answer of the API may show 500.
MOST_IDS = 500
#: The page of a reading that showed nothing: a record was asked for by its address, and is not there or not theirs.
REFUSED = "refused"
#: The page of a reading that showed nothing: the day's budget of whoever asked was used up.
OVER_BUDGET = "over budget"
#: The page of a reading of everybody in a file.
EXPORT = "export"


def record_refused(
    *, by: Actor, resource: str, record: str, organisation: UUID | None, page: str = REFUSED
) -> Reading:
    """Write down that `by` asked for a record of `resource` and was shown nothing, and by `page` why. One INSERT.

    Whether it is there is not told, nor what was asked for where that is no id: it may be a name.
    """
    asked = _id(record) or "no id"
    with transaction.atomic():
        return record_reading(by=by, page=page, resource=resource, record=asked, organisation=organisation)


def _id(told: object) -> str | None:
    """The one spelling of an id, which an address may hold in others: without dashes, in capitals, in braces, as a URN."""
    try:
        return str(UUID(str(told)))
    except ValueError:
        return None


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

    Each id is written in one spelling, by which the trail is searched, however the address had it.
    `shown` is how many they were, where `ids` are the first of them only. `organisation` is that for which they read. The
    transaction of the reading carries it: where the trace cannot be written, nothing is shown. Outside of one it raises
    TransactionManagementError. The page of a decoy, or a file with one in it, is told on commit (audit.noticing); a list is
    not, since honest work goes through lists.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A reading of people needs a transaction around it.")
    which = [_id(each) or str(each)[:40] for each in ids]
    notice(by, [record, *(which if page == EXPORT else ())])
    reading = Reading(
        actor_id=by.pk,
        page=page[:100],
        object_type=resource,
        object_id=_id(record) or record[:40],
        shown=len(which) if shown is None else shown,
        ids=which[:MOST_IDS],
        organisation_id=organisation,
    )
    insert(reading)
    return reading


#: The trace of a page, written by the statement that reads it (core.prepared): in one transaction, as they say themselves.
_TRACE = """
INSERT INTO audit_reading (id, at, organisation_id, actor_id, page, object_type, object_id, shown, ids)
SELECT %s::uuid, %s::timestamptz, %s::uuid, %s::uuid, %s::varchar, %s::varchar, '', count(*),
       coalesce(array_agg(seen.pk), '{{}}')
FROM (SELECT {primary}::varchar AS pk FROM "page" LIMIT {size}) seen
"""


def trace_of_page(
    *, by: Actor, page: str, resource: str, organisation: UUID | None, primary: str, size: int
) -> Beside:
    """As `record_reading` of a list of at most `size` records, each named by its column `primary`: no statement of its own."""
    told = (uuid7(), timezone.now(), organisation, by.pk, page[:100], resource)
    return Beside(_TRACE.format(primary=f'"{primary}"', size=size), told)
