"""From staged rows to the register: chunk by chunk, each with its trace and the batch's progress in one transaction."""

import logging
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from displacement.actions.duplicates import propose
from displacement.identity.compare import weight
from displacement.identity.identity import features_of
from displacement.models import Person
from intake.checking import SetCheck
from intake.kinds.kind import Chunk, ChunkRow, Kind, Pair, Span
from intake.kinds.registry import KINDS
from intake.lease import LeaseLost, renew, take
from intake.models import Batch, Finding, StagedRow
from intake.models.batch import BatchState
from intake.models.staging import Severity
from intake.rights import may_still

logger = logging.getLogger(__name__)

#: Rows of one transaction, more or less: groups stay whole. Enough that the cost of a transaction vanishes.
CHUNK = 2_500
#: The same where rows are written by statements over the staged rows, and none is fetched.
SET_WISE_CHUNK = 10_000
#: A chunk that the register refuses is tried again in this many pieces, until the rows that it refuses are found.
PIECES = 10


#: Why a list waits of which nobody answers for the rest.
NO_RIGHT = "no_right_any_more"


class NoRight(Exception):
    """Whoever let the list in may not do so any more."""


@dataclass(slots=True)
class ById:
    """An actor of whom only the id is known here."""

    pk: UUID


def write(batch_id: UUID) -> None:
    """Write what is left of an accepted batch; does nothing where it is written, or in other hands.

    Before each chunk it is asked whether whoever let the list in still may; where not, it has failed, and waits for a person.

    Safe to call any number of times: whoever comes after a worker that was killed goes on behind the last chunk that was
    committed, and the end is the same. Must not run inside a transaction.
    """
    batch = take(batch_id, BatchState.ACCEPTING)
    if batch is None:
        return
    kind = KINDS[batch.kind]
    largest = size = SET_WISE_CHUNK if kind.is_set_wise else CHUNK
    try:
        while True:
            try:
                if not _write_chunk(batch, kind, size):
                    break
                size = min(size * PIECES, largest)
            except ValidationError as error:
                size = _smaller(batch, size, error)
        renew(batch, state=BatchState.ACCEPTED, attempts=0)
    except NoRight:
        _give_up(batch)
    except LeaseLost:
        logger.warning("Batch %s is in other hands now.", batch.pk)


def _give_up(batch: Batch) -> None:
    """Stop where nobody answers for the rest any more: what is written stays, and somebody else goes on or takes it back."""
    logger.warning("Batch %s waits: whoever let it in may not do so any more.", batch.pk)
    with transaction.atomic():
        renew(batch, state=BatchState.FAILED, failure=NO_RIGHT)
        record("stop_writing", batch, by=service_user(), detail={"written": batch.progress})


def _write_chunk(batch: Batch, kind: Kind, size: int) -> bool:
    """One chunk of about so many rows; False where nothing was left. Some 25 statements."""
    with whole_or_refused():
        _be_alone(batch)
        span = _next_span(batch, size)
        if span is None:
            return False
        if not may_still(batch):
            raise NoRight
        checking = SetCheck(batch, kind)
        pairs = kind.settle(checking, span)
        done, rows = _size(span), [] if kind.is_set_wise else _rows(span)
        written = dict(batch.outcome)
        if rows or kind.is_set_wise:
            assert batch.accepted_by is not None
            chunk = Chunk(batch, ById(batch.accepted_by), database_now(), span, _worst(batch), rows)
            written = dict(Counter(written) + Counter(kind.write(chunk)))
            propose(_weighed(pairs), run=batch.pk)
        renew(batch, written_through=span.last, progress=batch.progress + done, outcome=written)
    return True


def _be_alone(batch: Batch) -> None:
    """Wait until no other batch of the organisation writes: then nobody registers the same people at the same moment."""
    with connection.cursor() as cursor:
        name = f"intake {batch.organisation_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _next_span(batch: Batch, size: int) -> Span | None:
    waiting = StagedRow.objects.filter(batch=batch, lead__gt=batch.written_through).order_by("lead", "number")
    leads = list(waiting.values_list("lead", flat=True)[size - 1 : size]) or list(
        waiting.reverse().values_list("lead", flat=True)[:1]
    )
    return Span(batch, batch.written_through, leads[0]) if leads else None


def _worst(batch: Batch) -> int:
    return int(Severity.WARNING if batch.with_warnings else Severity.FINE)


def _size(span: Span) -> int:
    rows = StagedRow.objects.filter(batch=span.batch, lead__gt=span.after, lead__lte=span.last)
    return rows.count()


def _rows(span: Span) -> list[ChunkRow]:
    """The rows of the span that are to be written, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, lead, record_id, parent_id, value FROM intake_stagedrow"
            " WHERE batch_id = %s AND lead > %s AND lead <= %s AND severity <= %s AND NOT is_left_out"
            " AND known_as IS NULL ORDER BY lead, number",
            [span.batch.pk, span.after, span.last, _worst(span.batch)],
        )
        return [ChunkRow(*row) for row in cursor.fetchall()]


def _weighed(pairs: list[Pair]) -> list[tuple[UUID, UUID, float]]:
    """The pairs with the probability that each is one human being; who was not written is left out. One query for any."""
    if not pairs:
        return []
    people = (
        Person.objects.current().select_related("household").in_bulk({pk for pair in pairs for pk in pair})
    )
    features = {pk: features_of(person.identity()) for pk, person in people.items()}
    return [
        (first, second, weight(features[first], features[second]).probability)
        for first, second in pairs
        if first in features and second in features
    ]


def _smaller(batch: Batch, size: int, error: ValidationError) -> int:
    """After a refusal by the database: a smaller chunk, or, where it was one group already, a finding and on to the next.

    A rule that no check foresaw must not stop the rest of the list.
    """
    batch.refresh_from_db(fields=["written_through", "progress", "outcome"])
    if size > 1:
        return max(size // PIECES, 1)
    span = _next_span(batch, 1)
    assert span is not None
    code = next(iter(error.error_dict.values()))[0].code or "invalid"
    logger.error("Batch %s: the register refuses the rows led by %s: %s", batch.pk, span.last, code)
    with transaction.atomic():
        rows = StagedRow.objects.filter(batch=batch, lead__gt=span.after, lead__lte=span.last)
        numbers = list(rows.filter(severity__lt=Severity.ERROR).values_list("number", flat=True))
        Finding.objects.bulk_create(
            Finding(batch=batch, row=number, code=code[:40], severity=Severity.ERROR) for number in numbers
        )
        done = rows.update(severity=Severity.ERROR)
        renew(batch, written_through=span.last, progress=batch.progress + done)
    return 1
