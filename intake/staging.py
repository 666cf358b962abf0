"""From the file to staged rows: every cell is read once, the rows go into the database by COPY, memory stays flat."""

import logging
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from intake.checking import check
from intake.content import opened
from intake.dateorder import with_order
from intake.kinds.registry import KINDS
from intake.lease import LeaseLost, renew, take
from intake.models import Batch, Finding, StagedRow
from intake.models.batch import BatchState
from intake.sources import Options, open_source
from intake.stager import COLUMNS, Stager
from intake.tables import copy
from intake.values import Reading
from regions.models import Operation

logger = logging.getLogger(__name__)

#: Rows in one COPY and one step of the progress.
CHUNK = 5_000
_STATEMENT = f"COPY intake_stagedrow ({COLUMNS}) FROM STDIN"
_FINDING = ("batch_id", "row", "column", "code", "severity")


def stage(batch_id: UUID) -> None:
    """Read and check the batch where it waits for that; does nothing where it is done, or in other hands.

    Safe to call any number of times. A worker that is killed leaves rows that the next one throws away: staging begins anew and
    gives every row the same id again. Must not run inside a transaction.
    """
    batch = take(batch_id, BatchState.STAGING)
    if batch is None:
        return
    try:
        _throw_away(batch)
        read = _read_file(batch)
        renew(batch, total=read, progress=read)
        check(batch)
    except LeaseLost:
        logger.warning("Batch %s is in other hands now.", batch.pk)
    except ValidationError as error:
        _fail(batch, error)


def _throw_away(batch: Batch) -> None:
    with transaction.atomic():
        Finding.objects.filter(batch=batch).delete()
        StagedRow.objects.filter(batch=batch).delete()
        renew(batch, progress=0, total=None, counts={}, failure="")


def _fail(batch: Batch, error: ValidationError) -> None:
    """A file that cannot be read: the code is kept, and its sentence is shown."""
    codes = [one.code or "invalid" for one in error.error_dict.get("file", error.error_list)]
    logger.error("Batch %s cannot be read: %s", batch.pk, codes[0])
    renew(batch, state=BatchState.FAILED, failure=codes[0])


def options_of(batch: Batch) -> Options:
    """What was declared about the file."""
    told = batch.options
    return Options(
        delimiter=told.get("delimiter", ""), encoding=told.get("encoding", ""), sheet=told.get("sheet", "")
    )


def reading_of(batch: Batch) -> Reading:
    """How the cells of the batch are to be read. One query.

    Times without a zone are those of the operation that began last, unless the batch names another.
    """
    told = batch.options
    operation = Operation.objects.order_by("-starts_on").first()
    zone = ZoneInfo(
        told.get("zone") or (operation.zone if operation else timezone.get_default_timezone_name())
    )
    return Reading(told.get("day_first"), zone, batch.received_at.astimezone(zone).date())


def _read_file(batch: Batch) -> int:
    """Stage every row, and answer how many there are."""
    reading, read = reading_of(batch), 0
    with opened(batch) as file, open_source(file, batch.name, options=options_of(batch)) as source:
        stager = Stager(batch, KINDS[batch.kind], source.columns, with_order(reading, source))
        lines = stager.lines(source.rows)
        while chunk := list(islice(lines, CHUNK)):
            read += len(chunk)
            _write(batch, chunk, stager.take_findings(), read)
        renew(batch, format=source.format, notices=list(source.notices))
    return read


def _write(batch: Batch, lines: list[str], findings: list[tuple[Any, ...]], read: int) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor, cursor.copy(_STATEMENT) as target:
            target.write("".join(lines).encode())
        copy(Finding, _FINDING, findings)
        renew(batch, progress=read)
