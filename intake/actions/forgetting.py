"""What lists and forms still hold of people who are erased: their rows are emptied, and files that held them go whole.

A file holds others, too, and no file can be opened to take one person out of it; whoever else is in it is in the register. So a
list loses its file earlier than its time, and can still be taken back: ids stay.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from audit.actions.record import record
from core.actors import Actor
from displacement.identity.erasing import SCRUBBED
from displacement.identity.spotting import Known, sureness
from displacement.models import Person
from intake.actions.retention import remove_file
from intake.models import Batch, StagedRow
from intake.models.batch import ENDED

#: Rows that are opened at once.
_AT_ONCE = 1_000

#: Rows that became somebody, named somebody, or were taken for somebody; and rows of namesakes that became nobody, since they
#: may be the same person in a list that was refused. Ids stand in several columns, of movements and stays also in `value`.
_ROWS = """
UPDATE intake_stagedrow s
SET value = array_fill(''::text, ARRAY[cardinality(s.value)]), raw = NULL, keys = '{}', fingerprint = NULL
FROM intake_batch b
WHERE b.id = s.batch_id AND (
    s.record_id = ANY(%(ids)s::uuid[]) OR s.parent_id = ANY(%(ids)s::uuid[]) OR s.known_as = ANY(%(ids)s::uuid[])
    OR s.value && %(ids)s::text[] OR (s.batch_id, s.number) IN (
        SELECT * FROM unnest(%(batches)s::uuid[], %(numbers)s::int[])
    )
    OR (b.kind = 'people' AND (s.keys[1], s.keys[2]) IN (
        SELECT * FROM unnest(%(family)s::text[], %(given)s::text[]) AS names (family, given)
    ))
)
RETURNING s.batch_id
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were emptied, and of which lists."""

    rows: int
    batches: frozenset[UUID]


def forget(
    *,
    ids: Collection[UUID],
    people: Collection[Person],
    names: Collection[str],
    known: Sequence[Known],
    by: Actor,
) -> Forgotten:
    """Empty the rows of ended lists that tell of these records, and remove the lists' files; audited for each list.

    `ids` are those of people, households and facts about them; the people are as they were before, and `known` is what is known
    of them. `names` are words that may stand in the name of a file. In the caller's transaction; one pass over the kept rows,
    one over those that were refused before anybody knew whom they name, and some ten statements for each list.
    """
    unread = list(_unread({person.organisation_id for person in people}, known))
    told: dict[str, Any] = {
        "ids": [str(pk) for pk in ids],
        "family": [person.family_key for person in people if person.family_key and person.given_key],
        "given": [person.given_key for person in people if person.family_key and person.given_key],
        "batches": [batch for batch, _number in unread],
        "numbers": [number for _batch, number in unread],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, told)
        touched = [batch for (batch,) in cursor.fetchall()]
    for batch in Batch.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk"):
        if any(name.casefold() in batch.name.casefold() for name in names):
            batch.name = SCRUBBED
        removed = remove_file(batch)
        batch.save(update_fields=["name", "headings", "columns"])
        record("forget_person", batch, by=by, detail={"rows": touched.count(batch.pk), **removed})
    return Forgotten(len(touched), frozenset(touched))


def _unread(organisations: Collection[UUID], known: Sequence[Known]) -> Iterator[tuple[UUID, int]]:
    """Rows of ended lists that have no keys, since they were refused or are of another kind, and name one of them."""
    rows = StagedRow.objects.filter(batch__organisation__in=organisations, batch__state__in=ENDED)
    rows = rows.exclude(raw="", batch__kind="people").exclude(keys__len__gt=0, batch__kind="people")
    for row in rows.order_by("batch", "number").iterator(chunk_size=_AT_ONCE):
        if known and sureness(known, row.raw or row.value):
            yield row.batch_id, row.number
