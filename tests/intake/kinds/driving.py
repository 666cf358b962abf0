"""A small list of one kind on its way: sent, read, checked, accepted."""

import io

from accounts.models import User
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch, Finding, StagedRow
from intake.staging import stage
from tests.factories.regions import region


def staged(kind: str, text: str, by: User) -> Batch:
    """The list, read and checked, its columns guessed as for a person who changes nothing."""
    sent = batches.receive(
        organisation=by.memberships.get().organisation,
        kind=kind,
        file=io.BytesIO(text.encode()),
        name="list.csv",
        by=by,
        registered_in=by.memberships.get().region or region("RU-KRS"),
    )
    batches.map_columns(batch=sent, columns=batches.columns(sent).guess, by=by)
    stage(sent.pk)
    return Batch.objects.get(pk=sent.pk)


def accepted(kind: str, text: str, by: User) -> Batch:
    """The list in the register, with its rows that have warnings."""
    return accept(staged(kind, text, by), by)


def accept(batch: Batch, by: User) -> Batch:
    """Write what was staged."""
    batches.accept(batch=batch, by=by, with_warnings=True)
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
