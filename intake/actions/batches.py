"""What people do with a list: send it, say what its columns mean, look, accept it in whole or in part, or take it back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.acting import organisation_for
from accounts.models import Organisation, User
from audit.actions.reading import record_reading
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from intake import refused, undoing
from intake.actions import mappings, retention
from intake.arrivals import arrive
from intake.content import keep, opened
from intake.guessing import guess
from intake.kinds.registry import KINDS
from intake.lease import ring_for
from intake.meanings import check_columns, merged_options, said
from intake.models import Batch, StagedRow
from intake.models import Mapping as ColumnMapping
from intake.models.batch import BatchState
from intake.rights import check_may
from intake.sources import Column, open_source, shown_name
from intake.staging import options_of
from intake.undoing import Undone
from intake.ways import check_way, move, wrong_state
from regions.models import Region

__all__ = [
    "Counted",
    "Preview",
    "Summary",
    "Undone",
    "accept",
    "columns",
    "discard",
    "map_columns",
    "receive",
    "refused_csv",
    "retry",
    "summary",
    "undo",
]

#: The page of a reading of the rows of a list that were not taken.
REFUSED_ROWS = "refused rows"
#: Rows that are shown before anybody has said what the columns mean.
SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """The head of a list: its columns, a few rows, and what the columns probably mean (header to field)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a code was found."""

    code: str
    severity: int
    rows: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the check found, and what accepting would bring into the register.

    `known` rows stand in the register already and are not written again. `fine_only` and `with_warnings` count what would be
    written, by name: people, households, movements ...
    """

    rows: int
    fine: int
    warned: int
    refused: int
    left_out: int
    known: int
    codes: tuple[Counted, ...]
    fine_only: Mapping[str, int]
    with_warnings: Mapping[str, int]


def receive(
    *,
    organisation: Organisation,
    kind: str,
    file: BinaryIO,
    name: str,
    by: User,
    registered_in: Region,
    mapping: ColumnMapping | None = None,
    options: Mapping[str, Any] | None = None,
) -> Batch:
    """Keep a list, byte for byte. With a mapping a worker is asked to read it, else a person says what its columns mean.

    A query for each megabyte; memory stays flat. Raises ValidationError `file_known`, naming day and batch, where the
    organisation sent the same bytes before; `unknown_kind`; `out_of_use` for such a mapping; a code of intake.sources for a
    file that cannot be read; and as `organisation_for` does where the user's role does not reach.
    """
    _check_kind(kind)
    if mapping is not None:
        mappings.check_usable(mapping)
    organisation_for(by, *KINDS[kind].permission, region=registered_in, wanted=organisation)
    with whole_or_refused():
        arrive(organisation.pk)
        batch = Batch(
            organisation=organisation, kind=kind, name=shown_name(name), registered_in=registered_in
        )
        batch.pk, batch.received_by, batch.size = uuid7(), by.pk, 0
        # Until the bytes are counted, something that no other file has.
        batch.digest = batch.pk.hex
        batch.options = merged_options(mapping.options if mapping else {}, options)
        batch.save()
        digest, batch.size = keep(batch, file)
        _check_new(batch, digest)
        batch.digest = digest
        file.seek(0)
        head = _head_of(batch, file)
        batch.headings = [column.name for column in head.columns]
        says_all = mapping is not None and _take_mapping(batch, mapping)
        move(batch, BatchState.STAGING if says_all else BatchState.NEEDS_MAPPING)
        batch.save()
        record("receive", batch, by=by, detail={"kind": kind, "bytes": batch.size})
        if batch.state == BatchState.STAGING:
            ring_for(batch)
    return batch


def columns(batch: Batch) -> Preview:
    """The head of the list and a guess at what its columns mean. Reads the file; some queries for its bytes."""
    head = _head(batch)
    guessed = guess(head.columns, KINDS[batch.kind].fields, head.rows)
    return Preview(head.columns, head.rows, guessed)


def map_columns(
    *,
    batch: Batch,
    columns: Mapping[str, str],
    by: User,
    save_as: str = "",
    replacing: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> Batch:
    """Say what the columns mean (header to field; blank: not taken in), and have the list read and checked anew.

    `save_as` keeps the mapping under a name for the next list of this organisation; where another meaning is kept under it,
    only as `mappings.save` allows. Raises ValidationError at `columns`, `options` and `save_as`, and `wrong_state` where the
    batch is being read, or is in the register.
    """
    with whole_or_refused():
        locked = _locked(batch, BatchState.STAGING)
        check_may(by, locked)
        if locked.accepted_at:
            raise wrong_state(locked)
        chosen = said(columns)
        check_columns(KINDS[locked.kind], chosen, headings=locked.headings)
        locked.columns = chosen
        locked.options = merged_options(locked.options, options)
        if save_as.strip():
            locked.mapping = mappings.save(
                organisation=locked.organisation,
                kind=locked.kind,
                name=save_as,
                columns=chosen,
                options=locked.options,
                by=by,
                replacing=replacing,
            )
        move(locked, BatchState.STAGING)
        locked.leased_until, locked.attempts = None, 0
        locked.save()
        record("map", locked, by=by, detail={"columns": len(chosen)})
        ring_for(locked)
    return locked


def summary(batch: Batch) -> Summary:
    """What the check found. One query, for the rows left out by hand."""
    counts = batch.counts
    fine, warned, refused_rows = (counts.get(name, 0) for name in ("fine", "warned", "refused"))
    left_out = counts.get("left_out", 0)
    if batch.accepted_at and batch.rows_removed_at is None:
        left_out = StagedRow.objects.filter(batch=batch, is_left_out=True).count()
    return Summary(
        fine + warned + refused_rows,
        fine,
        warned,
        refused_rows,
        left_out,
        counts.get("known", 0),
        tuple(Counted(*code) for code in counts.get("codes", [])),
        counts.get("fine_only", {}),
        counts.get("with_warnings", {}),
    )


def accept(
    *,
    batch: Batch,
    by: User,
    with_warnings: bool,
    leaving_out: Collection[int] = (),
    seen: datetime | None = None,
) -> Batch:
    """Let the rows into the register that are fine, and those with warnings where it is said so, but for those left out.

    A worker writes them. Two clicks are one: a batch that is being written or written already stays as it is. Raises
    PermissionDenied for who may not write what the list holds, `wrong_state`, and `changed_since` where it was read anew after
    the moment since which `by` has `seen` it ready.
    """
    with whole_or_refused():
        locked = _locked(batch)
        check_may(by, locked)
        if locked.state in (BatchState.ACCEPTING, BatchState.ACCEPTED):
            return locked
        if seen is not None and seen != locked.state_since:
            words = _(
                "Somebody had this list read anew since you opened this page, with other meanings of its columns. Look at its "
                "rows again, then accept it."
            )
            raise refusal(words, code="changed_since")
        move(locked, BatchState.ACCEPTING)
        kind = KINDS[locked.kind]
        kind.check_may_write(locked, by)
        if leaving_out:
            StagedRow.objects.filter(batch=locked, number__in=list(leaving_out)).update(is_left_out=True)
        locked.with_warnings, locked.accepted_by, locked.accepted_at = with_warnings, by.pk, database_now()
        locked.written_for = by.pk
        locked.leased_until, locked.attempts, locked.progress = None, 0, 0
        locked.save()
        detail = {"with_warnings": with_warnings, "left_out": len(leaving_out)}
        record("accept", locked, by=by, detail=detail)
        ring_for(locked)
    return locked


def retry(*, batch: Batch, by: User) -> Batch:
    """Have a worker try again what failed: reading the list, or writing what is left of it, by the right of `by` from now on.

    Raises PermissionDenied for who may not write what the list holds, and `wrong_state`.
    """
    with whole_or_refused():
        locked = _locked(batch)
        check_may(by, locked)
        move(locked, BatchState.ACCEPTING if locked.accepted_at else BatchState.STAGING)
        if locked.accepted_at:
            KINDS[locked.kind].check_may_write(locked, by)
            locked.written_for = by.pk
        locked.leased_until, locked.attempts, locked.failure = None, 0, ""
        locked.save()
        record("retry", locked, by=by)
        ring_for(locked)
    return locked


@transaction.atomic
def refused_csv(*, batch: Batch, by: User) -> Iterator[str]:
    """The rows that were not taken, as they were sent, with what is wrong beside each: to be mended and sent again.

    Only for who sent the list, or gathered it from a form, since nothing in it is masked and they have it anyway. Audited, and
    counted among what they read, before the first line. Raises PermissionDenied for others, ValidationError `rows_removed`.
    """
    if batch.received_by != by.pk:
        raise PermissionDenied(
            _(
                "Only who sent this list gets its rows back whole. Ask them to mend it, or look at the rows here."
            )
        )
    retention.check_rows_kept(batch)
    rows = int(batch.counts.get("refused", 0))
    record("take_refused", batch, by=by, detail={"rows": rows})
    record_reading(
        by=by,
        page=REFUSED_ROWS,
        resource="intake.batch",
        record=str(batch.pk),
        shown=rows,
        organisation=batch.organisation_id,
    )
    return refused.lines(batch)


def undo(*, batch: Batch, by: User, reason: str, partly: bool = False) -> Undone:
    """Void all that the batch wrote, at one moment, with a trace. Some ten statements, whatever its size.

    Where somebody went on with a record since (changed it, added to it, merged it), nothing is taken back, and ValidationError
    `edited_since` lists the records; with `partly` everything else is, and those are kept. Raises PermissionDenied,
    `beyond_region` where some of it lies in regions that the user's role does not cover, and `rows_removed` where the rows that
    say what was written are gone.
    """
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why the batch is taken back."))
    refusals.raise_any()
    with whole_or_refused():
        locked = _locked(batch, BatchState.UNDONE)
        check_may(by, locked, "void")
        retention.check_undoable(locked)
        return undoing.undo(locked, by=by, reason=why, partly=partly)


def discard(*, batch: Batch, by: User) -> Batch:
    """Throw a batch away that was not accepted: its bytes and rows are removed, the trace stays. Raises `wrong_state`."""
    with whole_or_refused():
        locked = _locked(batch, BatchState.DISCARDED)
        check_may(by, locked)
        if locked.written_through:
            raise wrong_state(locked)
        move(locked, BatchState.DISCARDED)
        locked.findings.all().delete()
        record("discard", locked, by=by, detail=dict(retention.take_out(locked, by=by)))
    return locked


def _head(batch: Batch) -> Preview:
    with opened(batch) as file:
        return _head_of(batch, file)


def _head_of(batch: Batch, file: BinaryIO) -> Preview:
    with open_source(file, batch.name, options=options_of(batch)) as source:
        rows = tuple(row.values for row in islice(source.rows, SAMPLE))
        return Preview(source.columns, rows, {})


def _locked(batch: Batch, state: BatchState | None = None) -> Batch:
    """The batch, locked, where it may become the state."""
    locked = (
        Batch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("registered_in")
        .get(pk=batch.pk)
    )
    if state is not None:
        check_way(locked, state)
    return locked


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise refusal(
            _("Lists of this kind are not taken in. Choose one of the kinds."),
            code="unknown_kind",
            field="kind",
        )


def _check_new(batch: Batch, digest: str) -> None:
    """Refuse bytes that the organisation has sent before, and say where they are."""
    same = (
        Batch.objects.standing()
        .filter(organisation=batch.organisation, kind=batch.kind, digest=digest)
        .first()
    )
    if same is None:
        return
    words = _(
        "The same file was received on %(day)s as “%(name)s” (%(state)s). Look at that batch; to send the file again, "
        "discard it or take it back first."
    )
    if same.rows_removed_at is not None:
        words = _(
            "The same file was received on %(day)s as “%(name)s” (%(state)s). Its rows were removed since; what it wrote is in "
            "the register. Send only what is new in it, as a list of its own."
        )
    told = {
        "day": date_format(timezone.localtime(same.received_at), "DATE_FORMAT"),
        "name": same.name,
        "state": same.get_state_display(),
    }
    raise refusal(words % told, code="file_known", field="file")


def _take_mapping(batch: Batch, mapping: ColumnMapping) -> bool:
    """Use what was said before about such a list; whether it says all that is needed, else a person is asked."""
    batch.mapping = mapping
    batch.columns = {heading: name for heading, name in mapping.columns.items() if heading in batch.headings}
    return set(batch.columns) == set(mapping.columns)
