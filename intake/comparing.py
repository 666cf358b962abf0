"""Who of a checked list is probably registered already, or stands in the list twice under other spellings.

What agrees exactly is found by the check itself. This is the rest: other alphabets, slips, forms of names. It takes seconds and
libraries that no worker should hold, so it runs in a process of its own after the check, and nothing waits for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from displacement.identity.bulk.pairs import against_register, pairs
from displacement.identity.identity import Identity
from displacement.models import Person
from intake.checking import SetCheck, counted
from intake.identities import identity_of
from intake.kinds.registry import KINDS
from intake.models import Batch, Finding, StagedRow
from intake.models.batch import BatchState
from intake.models.staging import Severity

#: Every other pair is one human being, or better: as in the queue of possible duplicates.
THRESHOLD = 0.5
#: Rows with one of these say already who they are like.
_SAID = ("like_registered", "in_two_households", "double_in_file", "double_in_household")


def compare(batch_id: UUID) -> int:
    """Add a warning to each row whose person is likely registered, or likely in the list twice; how many there are.

    Does nothing for a list that is not waiting to be looked at, or was compared. Safe to call any number of times; where the
    list has been checked anew or accepted meanwhile, what was found is dropped.
    """
    with _alone(batch_id) as is_alone:
        batch = Batch.objects.filter(pk=batch_id, state=BatchState.READY, kind="people").first()
        if not is_alone or batch is None or "likely" in batch.counts:
            return 0
        return _compare(batch)


@contextmanager
def _alone(batch_id: UUID) -> Iterator[bool]:
    """Whether nobody else compares this list just now. The lock ends with the connection, so with a killed process, too."""
    name = f"compare {batch_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _compare(batch: Batch) -> int:
    people = list(_identities(batch))
    findings = [*_in_register(batch, people), *_in_file(batch, people)]
    with transaction.atomic():
        locked = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if (locked.state, locked.counts) != (batch.state, batch.counts):
            return 0
        Finding.objects.bulk_create(findings, batch_size=5_000)
        checking = SetCheck(locked, KINDS[locked.kind])
        checking.grade()
        locked.counts = {**counted(checking), "likely": len(findings)}
        locked.save(update_fields=["counts"])
    return len(findings)


def _identities(batch: Batch) -> Iterator[tuple[str, Identity]]:
    """The people of rows that may be written and are not known, each under its row's number."""
    rows = StagedRow.objects.filter(batch=batch, severity__lt=Severity.ERROR, known_as=None)
    said = Finding.objects.filter(batch=batch, code__in=_SAID).values("row")
    kind = KINDS[batch.kind]
    for number, value in (
        rows.exclude(number__in=said).order_by("number").values_list("number", "value").iterator()
    ):
        identity = identity_of(kind, value)
        if identity is not None:
            yield str(number), identity


def _in_register(batch: Batch, people: list[tuple[str, Identity]]) -> Iterator[Finding]:
    """One for each row: of another organisation's record only that there is one."""
    best: dict[int, UUID] = {}
    for row, person, _probability in against_register(people, threshold=THRESHOLD):
        best.setdefault(int(row), person)
    own = set(
        Person.objects.filter(pk__in=best.values(), organisation_id=batch.organisation_id).values_list(
            "pk", flat=True
        )
    )
    for number, person in sorted(best.items()):
        yield _finding(batch, number, "likely_registered" if person in own else "likely_elsewhere")


def _in_file(batch: Batch, people: list[tuple[str, Identity]]) -> Iterator[Finding]:
    """One for each row that comes after the one that it is like."""
    best: dict[int, int] = {}
    for one, other, _probability in pairs(people, threshold=THRESHOLD):
        first, second = sorted((int(one), int(other)))
        best.setdefault(second, first)
    for number, earlier in sorted(best.items()):
        yield _finding(batch, number, "likely_in_file", earlier)


def _finding(batch: Batch, number: int, code: str, other: int | None = None) -> Finding:
    return Finding(batch=batch, row=number, code=code, severity=Severity.WARNING, other_row=other)
