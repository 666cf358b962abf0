"""Making the files that were approved, and deleting those whose time is over: by a worker, safe to run twice."""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from accounts.service import service_user
from audit.actions.record import record
from core.actors import Actor
from core.clock import database_now
from roster.exporting.writing import write
from roster.models import ExportState, PeopleExport

logger = logging.getLogger(__name__)
#: How long a file is kept, and how often it is tried to be made.
KEPT = timedelta(hours=24)
MOST_ATTEMPTS = 3


def make_due() -> int:
    """Make every approved export, one transaction each, and answer how many.

    One that fails, at whatever, is tried again by the next ring, and given up after MOST_ATTEMPTS; it holds up no other. Nor
    does one whose worker is killed each time.
    """
    return sum(_make(pk) for pk in _due().values_list("pk", flat=True))


@transaction.atomic
def end(*, export_id: UUID, by: Actor) -> bool:
    """Delete the file of an export whose time is over, or end one that nobody approved in time; False where it is not over."""
    export = _taken(export_id)
    if export is None or not PeopleExport.objects.over(database_now()).filter(pk=export_id).exists():
        return False
    _end(export, by=by)
    return True


def end_files_of(organisations: Collection[UUID], *, by: Actor) -> int:
    """Delete the organisations' files: somebody who may be in them was erased. Answers how many; ask for them anew.

    Waits for a file that is being made, which may hold them already, and deletes it too; the next one is begun only when the
    caller's transaction is over. A query for each organisation, and two for each file.
    """
    for organisation in sorted(organisations):
        _take_turn(organisation)
    made = PeopleExport.objects.select_for_update(of=("self",), no_key=True)
    ended = list(made.filter(organisation__in=organisations, state=ExportState.READY).order_by("pk"))
    for export in ended:
        _end(export, by=by)
    return len(ended)


def _take_turn(organisation: UUID) -> None:
    """Until the transaction is over nobody else makes a file of the organisation's people, or ends its files for an erasure."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files of people {organisation}"]
        )


def _end(export: PeopleExport, *, by: Actor) -> None:
    export.state = ExportState.OVER
    export.save(update_fields=["state"])
    export.parts.all().delete()
    record("end_export", export, by=by)


def _due() -> Any:
    return PeopleExport.objects.filter(state=ExportState.APPROVED, needed_until__gt=database_now()).order_by(
        "pk"
    )


def _taken(pk: UUID) -> PeopleExport | None:
    """The export, locked; None where another worker has it, or it went on meanwhile."""
    found = PeopleExport.objects.select_for_update(of=("self",), skip_locked=True)
    return found.select_related("organisation", "region").unended().filter(pk=pk).first()


def _make(pk: UUID) -> bool:
    PeopleExport.objects.filter(pk=pk).update(attempts=_more())
    try:
        with transaction.atomic():
            export = _taken(pk)
            if export is None or export.state != ExportState.APPROVED:
                return False
            if export.attempts > MOST_ATTEMPTS:
                return _give_up(export)
            _take_turn(export.organisation_id)
            _write(export)
    except Exception as error:
        logger.warning("Export %s was not made: %s", pk, type(error).__name__)
        given_up = PeopleExport.objects.filter(pk=pk, attempts__gte=MOST_ATTEMPTS, state=ExportState.APPROVED)
        given_up.update(state=ExportState.FAILED)
        return False
    return True


def _give_up(export: PeopleExport) -> bool:
    """Say that it failed: who tried it last did not live to."""
    export.state = ExportState.FAILED
    export.save(update_fields=["state"])
    return False


def _more() -> Any:
    return F("attempts") + 1


def _write(export: PeopleExport) -> None:
    export.begun_at = database_now()
    told = write(export)
    export.finished_at = database_now()
    export.kept_until = min(export.finished_at + KEPT, export.needed_until)
    export.state, export.people, export.first_ids = ExportState.READY, told.people, told.first_ids
    export.left_out = told.left_out
    written = ("begun_at", "finished_at", "kept_until", "state", "people", "first_ids", "left_out")
    export.save(update_fields=written)
    detail = {"people": told.people, "left_out": told.left_out, "recipients": export.recipients}
    record("make_export", export, by=service_user(), detail=detail)
