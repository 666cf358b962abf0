"""How long lists are kept: the file and its rows hold people, and go once the list has been done with for long enough.

What stays says that there was a list, who sent and accepted it, how many rows it had and what was found in them, and knows the
same file again. What it wrote is in the register.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.refusals import refusal
from intake.models import Batch, StagedRow, Submission
from intake.models.batch import ENDED, BatchState


def before() -> datetime:
    """What ended before this moment has been kept long enough. The clock's query."""
    return database_now() - timedelta(days=settings.LISTS_KEPT_DAYS)


def unended(before: datetime) -> QuerySet[Batch]:
    """Lists that wait for a person since before the moment. They are never removed: somebody has to decide."""
    return Batch.objects.exclude(state__in=ENDED).filter(state_since__lt=before)


@whole_or_refused()
def remove(*, batch_id: UUID, by: Actor) -> bool:
    """Remove the file and the rows of a list that has been kept long enough; False where there is nothing to do.

    Safe to call any number of times: a list that is not done, was done with lately, was emptied before or is in other hands
    just now stays as it is. A dozen statements, whatever its size.
    """
    waiting = Batch.objects.kept_too_long(before()).filter(pk=batch_id)
    batch = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if batch is None:
        return False
    detail = take_out(batch, by=by)
    record("remove_rows", batch, by=by, detail={"days": settings.LISTS_KEPT_DAYS, **detail})
    return True


def take_out(batch: Batch, *, by: Actor) -> Mapping[str, Any]:
    """Remove what a locked batch that ended holds of people, and save it; answers how much that was.

    Submissions of telephones that are in the register go with it; those of a list that was taken back wait for another batch.
    """
    out = StagedRow.objects.filter(batch=batch, is_left_out=True).count()
    batch.counts = {**batch.counts, "left_out": out} if batch.counts else {}
    rows, _by_model = StagedRow.objects.filter(batch=batch).delete()
    removed = remove_file(batch)
    batch.rows_removed_at, batch.rows_removed_by = database_now(), by.pk
    batch.save()
    return {"rows": rows, **removed}


def naming(ids: Collection[UUID]) -> Q:
    """Rows that became one of these records, or name one."""
    return Q(record_id__in=ids) | Q(parent_id__in=ids) | Q(known_as__in=ids)


def holding(ids: Collection[UUID]) -> Exists:
    """Lists with rows that name one of these records."""
    return Exists(StagedRow.objects.filter(naming(ids), batch=OuterRef("pk")))


def remove_file(batch: Batch) -> Mapping[str, Any]:
    """Remove the file of a locked batch that ended, with the answers of telephones that went into the register by it.

    Of the headings nothing is saved. Answers how much that was.
    """
    batch.parts.all().delete()
    emptied = 0
    if batch.state == BatchState.ACCEPTED:
        emptied = Submission.objects.filter(batch=batch).exclude(payload={}).update(payload={})
    forget_headings(batch)
    return {"bytes": batch.size, "submissions": emptied}


def forget_headings(batch: Batch) -> None:
    """Call columns by their fields: in a list without headings, those of the file are its first person."""
    told = {heading[:60]: name for heading, name in batch.columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE intake_finding SET "column" = coalesce(%s::jsonb ->> "column", '')"""
            """ WHERE batch_id = %s AND "column" <> ''""",
            [json.dumps(told), batch.pk],
        )
    batch.headings = list(batch.columns.values())
    batch.columns = {name: name for name in batch.columns.values()}


def removed_in_words(batch: Batch) -> str:
    """Since when the rows are gone; nothing where they are here."""
    if batch.rows_removed_at is None:
        return ""
    words = _(
        "The file and its rows were removed on %(day)s, since lists are not kept longer than needed. What was found is still "
        "counted; to mend a row, look for it in the partner's own file."
    )
    return words % {"day": _day(batch.rows_removed_at)}


def check_rows_kept(batch: Batch) -> None:
    """Refuse to show what was removed. Raises ValidationError `rows_removed`."""
    if batch.rows_removed_at is not None:
        raise refusal(removed_in_words(batch), code="rows_removed")


def check_undoable(batch: Batch) -> None:
    """Refuse to take a list back whose rows are gone: they say what it wrote. Raises ValidationError `rows_removed`."""
    if batch.rows_removed_at is None:
        return
    words = _(
        "The rows of this list were removed on %(day)s, so it cannot be taken back as a whole any more. Void the records that "
        "are wrong on their own pages."
    )
    raise refusal(words % {"day": _day(batch.rows_removed_at)}, code="rows_removed")


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
