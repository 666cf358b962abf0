"""A small list of one kind on its way: sent, read, checked, accepted, taken back."""

import io

from django.db import connection

from accounts.models import User
from intake.accepting import write
from intake.content import keep
from intake.guessing import guess
from intake.kinds.registry import KINDS
from intake.models import Batch, Finding, StagedRow
from intake.models.batch import BatchState
from intake.sources import open_source
from intake.staging import stage
from tests.factories.regions import region


def staged(kind: str, text: str, by: User, **options: object) -> Batch:
    """The list, read and checked, its columns guessed as for a person who changes nothing."""
    data = text.encode()
    with open_source(io.BytesIO(data), "list.csv") as source:
        columns = guess(source.columns, KINDS[kind].fields)
    batch = Batch.objects.create(
        organisation=by.memberships.get().organisation,
        kind=kind,
        name="list.csv",
        digest=str(Batch.objects.count()),
        size=len(data),
        registered_in=region("RU-KRS"),
        columns=columns,
        options=options,
        state=BatchState.STAGING,
        received_by=by.pk,
    )
    keep(batch, io.BytesIO(data))
    stage(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def accepted(kind: str, text: str, by: User, **options: object) -> Batch:
    """The list in the register, with its rows that have warnings."""
    return accept(staged(kind, text, by, **options), by)


def accept(batch: Batch, by: User) -> Batch:
    """Write what was staged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        [now] = cursor.fetchone()
    Batch.objects.filter(pk=batch.pk).update(
        state=BatchState.ACCEPTING, with_warnings=True, accepted_by=by.pk, accepted_at=now
    )
    write(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def found(batch: Batch) -> list[tuple[int, str, str]]:
    """What was found: row, heading, code."""
    rows = Finding.objects.filter(batch=batch).order_by("row", "code")
    return list(rows.values_list("row", "column", "code"))


def codes(batch: Batch) -> dict[int, set[str]]:
    """The codes by row."""
    by_row: dict[int, set[str]] = {}
    for row, _column, code in found(batch):
        by_row.setdefault(row, set()).add(code)
    return by_row


def known(batch: Batch) -> int:
    """How many rows repeat what is recorded."""
    return StagedRow.objects.filter(batch=batch).exclude(known_as=None).count()
