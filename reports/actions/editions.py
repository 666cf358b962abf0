"""Making an edition, publishing it, and taking it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from regions.models import Operation, Region
from reports.actions.checks import check_act, check_day, check_known_at, check_may, check_region
from reports.actions.releasing import check_released, releasable
from reports.delivery.doorbell import ring_sweep
from reports.delivery.outbox import fill
from reports.editions.build import build_report
from reports.editions.day import Day
from reports.editions.report import SituationReport
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.edition import READABLE, Audience
from reports.models.workflow import EditionAct, Who
from reports.rendering.encode import from_json, to_plain

#: A report that is made later than this after it was due is marked late: readers have waited for it.
LATE_AFTER = timedelta(hours=1)
#: By name, since it loads the drawing library: web processes that only offer to publish must not carry that.
RENDERER = "reports.actions.files.render_files"


def make_edition(
    *,
    operation: Operation,
    region: Region,
    local_day: date,
    by: User,
    known_at: datetime | None = None,
    now: datetime | None = None,
    audience: str = Audience.INTERNAL,
    language: str = "en",
    counted: Callable[[datetime], Day] | None = None,
) -> Edition:
    """The edition of the region and local day for an audience in a language: the one that stands already, or a new draft.

    It is as known when it was due, also when it is made later: a report that was late says the same as one on time. Made
    before it is due, it is as known now. `known_at` overrides both; `now` is the database's clock unless given. `counted` gives
    the day as counted for other editions of it. Two callers at once get the same edition. Some 30 queries for a new one.
    Raises ValidationError for what is no day or region of the operation or not over, PermissionDenied for who may not."""
    now = now or database_now()
    check_region(operation, region)
    check_day(operation, local_day, now)
    known_at = known_at or min(operation.due_at(local_day), now)
    check_known_at(operation, local_day, known_at, now)
    with transaction.atomic():
        _be_alone(operation, region, local_day)
        same = Edition.objects.of(operation, region, audience=audience, language=language)
        kept = same.standing().filter(local_day=local_day).first()
        if kept is not None:
            return kept
        edition = Edition(
            operation=operation,
            region=region,
            local_day=local_day,
            audience=audience,
            language=language,
            number=number_of(operation, local_day),
            as_of=operation.day_ends_at(local_day),
            known_at=known_at,
            made_at=now,
            made_by=by.pk,
            is_late=now > operation.due_at(local_day) + LATE_AFTER,
            previous=same.standing().before(local_day).first(),
        )
        check_may(by, "add", operation, region)
        report = compute(edition, day=counted(known_at) if counted else None)
        edition.content, edition.drafted_highlights = to_plain(report), list(report.highlights)
        edition.save()
        detail = {"day": local_day.isoformat(), "number": edition.number}
        record("make", edition, by=by, detail={**detail, "audience": audience, "language": language})
    return edition


def publish(*, edition: Edition, by: User, is_mailed: bool = True) -> Edition:
    """Let readers have the edition: its files, its mails in the outbox and the trace are committed together, or none is.

    An edition that is published already stays as it is. Without `is_mailed` nobody is told, and `mail` may follow. One that
    goes out without review says so. Rendering takes seconds. Raises PermissionDenied for who may not publish, and
    ValidationError for one that is not approved, where the operation wants a second pair of eyes, or withdrawn, and for
    one whose hidden numbers could be worked out by now.
    """
    with transaction.atomic():
        locked = locked_edition(edition)
        if locked.status in READABLE:
            return locked
        row = check_act(locked, EditionAct.PUBLISH, by)
        check_released(locked)
        locked.content = {**locked.content, "is_unreviewed": row.who == Who.AUTOMATIC}
        locked.status, locked.published_at, locked.published_by = row.next, database_now(), by.pk
        files = EditionFile.objects.bulk_create(import_string(RENDERER)(locked))
        locked.save(update_fields=["status", "published_at", "published_by", "content"])
        queued = fill(locked) if is_mailed else 0
        record("publish", locked, by=by, detail={"files": len(files), "mails": queued})
        if queued:
            transaction.on_commit(ring_sweep, robust=True)
    return locked


def mail(*, edition: Edition, by: User) -> int:
    """Queue the mail of a published edition for every subscription that has none of it; answers how many were queued."""
    with transaction.atomic():
        locked = locked_edition(edition)
        if locked.status not in READABLE:
            raise ValidationError(
                _("Publish the edition first; only published reports are mailed."), code="not_published"
            )
        check_may(by, "publish", locked.operation, locked.region)
        queued = fill(locked)
        if queued:
            record("mail", locked, by=by, detail={"mails": queued})
            transaction.on_commit(ring_sweep, robust=True)
    return queued


def withdraw(*, edition: Edition, by: User, reason: str) -> Edition:
    """Take the edition back: its files stay for the record, mails that have not left yet stay here.

    A new edition of the day can be made afterwards, by hand only. Raises ValidationError without a reason or for one that is
    withdrawn already, and PermissionDenied for who may not publish.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this report is taken back: those who got it will ask.")})
    with transaction.atomic():
        locked = locked_edition(edition)
        row = check_act(locked, EditionAct.WITHDRAW, by)
        locked.status, locked.withdrawn_at, locked.withdrawn_by = row.next, database_now(), by.pk
        locked.withdraw_reason = reason.strip()
        locked.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdraw_reason"])
        kept_back = (
            Delivery.objects.of_report()
            .filter(edition=locked, state=DeliveryState.QUEUED)
            .update(
                state=DeliveryState.SUPPRESSED,
                last_error=_("The edition was withdrawn before the mail left."),
            )
        )
        record(
            "withdraw", locked, by=by, reason=locked.withdraw_reason, detail={"mails_kept_back": kept_back}
        )
    return locked


def compute(edition: Edition, *, day: Day | None = None, known_at: datetime | None = None) -> SituationReport:
    """The report that an edition freezes, counted anew from the register. Some 25 queries, 15 where the day is counted.

    Asked again later it is the same, whatever was recorded since: that is what "as known at" means. `known_at` asks what it
    would say as known at another moment. What a person wrote in place of the drafted highlights stays.
    """
    previous = edition.previous
    with override(edition.language):
        report = build_report(
            operation=edition.operation,
            region=edition.region,
            local_day=edition.local_day,
            known_at=known_at or edition.known_at,
            number=edition.number,
            previous=from_json(previous.content) if previous else None,
            is_late=edition.is_late,
            language=edition.language,
            audience=edition.audience,
            day=day,
        )
    kept = edition.content or {}
    report = releasable(replace(report, is_unreviewed=bool(kept.get("is_unreviewed"))), edition)
    if edition.edited_at is not None:
        report = replace(report, highlights=tuple(kept["highlights"]))
    return report


def number_of(operation: Operation, local_day: date) -> int:
    """The number of the day's edition: 1 for the operation's first day, whenever it is made."""
    return (local_day - operation.starts_on).days + 1


def previous_of(
    operation: Operation,
    region: Region,
    local_day: date,
    *,
    audience: str = Audience.INTERNAL,
    language: str = "en",
) -> Edition | None:
    """The edition with which that of the day compares: of the latest earlier day that has one. One query."""
    same = Edition.objects.of(operation, region, audience=audience, language=language)
    return same.standing().before(local_day).first()


def _be_alone(operation: Operation, region: Region, local_day: date) -> None:
    """Wait for whoever makes the edition of this region and day; the lock ends with the transaction."""
    key = f"edition {operation.pk} {region.pk} {local_day}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def locked_edition(edition: Edition) -> Edition:
    """The edition as it stands now, for this transaction only; whoever else acts on it waits. One query."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("operation", "region", "previous")
    return rows.get(pk=edition.pk)
