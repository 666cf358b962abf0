"""What lists and forms still hold of people who are erased: their rows are emptied, and files that held them go whole.

A file holds others, too, and no file can be opened to take one person out of it; whoever else is in it is in the register. So a
list loses its file earlier than its time, and can still be taken back: ids stay. Where a legal hold keeps somebody else of the
list, the file waits for its end, byte for byte.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from audit.actions.record import record
from core.actors import Actor
from displacement.identity.erasing import SCRUBBED
from displacement.identity.spotting import Known, Sureness, sureness
from displacement.models import Person
from intake.actions.retention import forget_headings, holding, remove_file
from intake.models import Batch, Submission
from intake.waiting import forms
from intake.waiting.search import rows_without_keys

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
    OR (b.kind = 'people' AND coalesce(s.record_id <> ALL(%(held)s::uuid[]), true) AND (s.keys[1], s.keys[2]) IN (
        SELECT * FROM unnest(%(family)s::text[], %(given)s::text[]) AS names (family, given)
    ))
)
RETURNING s.batch_id
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were emptied, and of which lists; `waiting` are those of them that keep their files for a legal hold."""

    rows: int
    batches: frozenset[UUID]
    waiting: frozenset[UUID] = frozenset()


def forget(
    *,
    ids: Collection[UUID],
    people: Collection[Person],
    names: Collection[str],
    known: Sequence[Known],
    held: Collection[UUID],
    by: Actor,
) -> Forgotten:
    """Empty the rows of ended lists that tell of these records, and remove the lists' files; audited for each list.

    `ids` are those of people, households and facts about them; the people are as they were before, and `known` is what is known
    of them. `names` are words that may stand in the name of a file; `held` are ids that a legal hold keeps. In the caller's
    transaction; one pass over the kept rows, one over those that were refused before anybody knew whom they name, and some ten
    statements for each list.
    """
    unread = list(_unread({person.organisation_id for person in people}, known))
    told: dict[str, Any] = {
        "ids": [str(pk) for pk in ids],
        "family": [person.family_key for person in people if person.family_key and person.given_key],
        "given": [person.given_key for person in people if person.family_key and person.given_key],
        "batches": [batch for batch, _number in unread],
        "numbers": [number for _batch, number in unread],
        "held": [str(pk) for pk in held],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, told)
        touched = [batch for (batch,) in cursor.fetchall()]
    here = Batch.objects.filter(pk__in=touched)
    waiting = set(here.filter(holding(set(held) - set(ids))).values_list("pk", flat=True))
    for batch in here.select_for_update(no_key=True).order_by("pk"):
        if any(name.casefold() in batch.name.casefold() for name in names):
            batch.name = SCRUBBED
        removed = _forget_answers(batch, known) if batch.pk in waiting else remove_file(batch)
        batch.save(update_fields=["name", "headings", "columns"])
        record("forget_person", batch, by=by, detail={"rows": touched.count(batch.pk), **removed})
    return Forgotten(len(touched), frozenset(touched), frozenset(waiting))


def let_files_go(waiting: Collection[UUID], *, held: Collection[UUID], by: Actor) -> set[UUID]:
    """Remove the files that waited for the end of a hold and that nothing keeps any more; answers which wait on.

    Audited for each. One that another worker has just now waits for the next time. In the caller's transaction.
    """
    free = Batch.objects.filter(~holding(held), pk__in=waiting)
    left = set(waiting)
    for batch in free.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"):
        removed = remove_file(batch)
        batch.save(update_fields=["headings", "columns"])
        record("forget_person", batch, by=by, detail={"rows": 0, **removed})
        left.discard(batch.pk)
    return left


def _forget_answers(batch: Batch, known: Sequence[Known]) -> Mapping[str, Any]:
    """Take out of the answers of telephones only who is surely meant; the file and others stay. Answers how much that was."""
    changed = 0
    for submission in Submission.objects.filter(batch=batch).exclude(payload={}).order_by("pk"):
        found = forms.look(submission.payload, known)
        if marks := {mark for mark, sure, _cells in found if sure is Sureness.SAME}:
            submission.payload = forms.without(submission.payload, marks)
            submission.save(update_fields=["payload"])
            changed += 1
    forget_headings(batch)
    return {"bytes": 0, "submissions": changed}


def _unread(organisations: Collection[UUID], known: Sequence[Known]) -> Iterator[tuple[UUID, int]]:
    """Rows of ended lists that have no keys, since they were refused or are of another kind, and name one of them."""
    rows = rows_without_keys(organisations)
    for row in rows.order_by("batch", "number").iterator(chunk_size=_AT_ONCE):
        if known and sureness(known, row.raw or row.value):
            yield row.batch_id, row.number
