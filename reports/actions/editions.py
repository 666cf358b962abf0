"""Making an edition, publishing it, and taking it back."""

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
from reports.actions.checks import (
    check_day,
    check_known_at,
    check_may,
    check_not_withdrawn,
    check_region,
    check_second_person,
)
from reports.delivery.doorbell import ring_sweep
from reports.delivery.outbox import fill
from reports.editions.build import build_report
from reports.editions.report import SituationReport
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
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
) -> Edition:
    """The edition of the region and local day: the one that stands already, or a new draft. Some 30 queries for a new one.

    It is made as known at the moment when it was due, also when it is made later: a report that was late says the same as
    one on time. Made before it is due, it is as known now. `known_at` overrides both; `now` is the database's clock unless
    given. Two callers at once get the same edition. Raises ValidationError for a day that is not over, is no day of
    the operation, or for a region that it does not report on, and PermissionDenied for who may not make editions.
    """
    now = now or database_now()
    check_region(operation, region)
    check_day(operation, local_day, now)
    known_at = known_at or min(operation.due_at(local_day), now)
    check_known_at(operation, local_day, known_at, now)
    with transaction.atomic():
        _be_alone(operation, region, local_day)
        kept = Edition.objects.of(operation, region).standing().filter(local_day=local_day).first()
        if kept is not None:
            return kept
        edition = Edition(
            operation=operation,
            region=region,
            local_day=local_day,
            number=number_of(operation, local_day),
            as_of=operation.day_ends_at(local_day),
            known_at=known_at,
            made_at=now,
            made_by=by.pk,
            is_late=now > operation.due_at(local_day) + LATE_AFTER,
            previous=previous_of(operation, region, local_day),
        )
        check_may(by, "add", operation, region)
        edition.content = to_plain(compute(edition))
        edition.save()
        record("make", edition, by=by, detail={"day": local_day.isoformat(), "number": edition.number})
    return edition


def publish(*, edition: Edition, by: User, is_mailed: bool = True) -> Edition:
    """Let readers have the edition: its files, its mails in the outbox and the trace are committed together, or none is.

    An edition that is published already stays as it is. Without `is_mailed` nobody is told, and `mail` may follow.
    Rendering takes seconds. Raises PermissionDenied for who may not publish, and for its own author where the operation
    wants a second pair of eyes; ValidationError for a withdrawn one.
    """
    with transaction.atomic():
        locked = _locked(edition)
        if locked.status == EditionStatus.PUBLISHED:
            return locked
        check_not_withdrawn(locked)
        check_may(by, "publish", locked.operation, locked.region)
        check_second_person(locked, by)
        locked.status, locked.published_at, locked.published_by = (
            EditionStatus.PUBLISHED,
            database_now(),
            by.pk,
        )
        files = EditionFile.objects.bulk_create(import_string(RENDERER)(locked))
        locked.save(update_fields=["status", "published_at", "published_by"])
        queued = fill(locked) if is_mailed else []
        record("publish", locked, by=by, detail={"files": len(files), "mails": len(queued)})
        if queued:
            transaction.on_commit(ring_sweep, robust=True)
    return locked


def mail(*, edition: Edition, by: User) -> int:
    """Queue the mail of a published edition for every subscription that has none of it; answers how many were queued."""
    with transaction.atomic():
        locked = _locked(edition)
        if locked.status != EditionStatus.PUBLISHED:
            raise ValidationError(
                _("Publish the edition first; only published reports are mailed."), code="not_published"
            )
        check_may(by, "publish", locked.operation, locked.region)
        queued = fill(locked)
        if queued:
            record("mail", locked, by=by, detail={"mails": len(queued)})
            transaction.on_commit(ring_sweep, robust=True)
    return len(queued)


def withdraw(*, edition: Edition, by: User, reason: str) -> Edition:
    """Take the edition back: its files stay for the record, mails that have not left yet stay here.

    A new edition of the day can be made afterwards, by hand only. Raises ValidationError without a reason or for one that is
    withdrawn already, and PermissionDenied for who may not publish.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this report is taken back: those who got it will ask.")})
    with transaction.atomic():
        locked = _locked(edition)
        check_not_withdrawn(locked)
        check_may(by, "publish", locked.operation, locked.region)
        locked.status, locked.withdrawn_at, locked.withdrawn_by = (
            EditionStatus.WITHDRAWN,
            database_now(),
            by.pk,
        )
        locked.withdraw_reason = reason.strip()
        locked.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdraw_reason"])
        kept_back = Delivery.objects.filter(edition=locked, state=DeliveryState.QUEUED).update(
            state=DeliveryState.SUPPRESSED, last_error=_("The edition was withdrawn before the mail left.")
        )
        record(
            "withdraw", locked, by=by, reason=locked.withdraw_reason, detail={"mails_kept_back": kept_back}
        )
    return locked


def compute(edition: Edition) -> SituationReport:
    """The report that an edition freezes, counted anew from the register. Some 25 queries.

    Asked again later it is the same, whatever was recorded since: that is what "as known at" means.
    """
    previous = edition.previous
    with override(edition.language):
        return build_report(
            operation=edition.operation,
            region=edition.region,
            local_day=edition.local_day,
            known_at=edition.known_at,
            number=edition.number,
            previous=from_json(previous.content) if previous else None,
            is_late=edition.is_late,
            language=edition.language,
            audience=edition.audience,
        )


def number_of(operation: Operation, local_day: date) -> int:
    """The number of the day's edition: 1 for the operation's first day, whenever it is made."""
    return (local_day - operation.starts_on).days + 1


def previous_of(operation: Operation, region: Region, local_day: date) -> Edition | None:
    """The edition with which that of the day compares: of the latest earlier day that has one. One query."""
    return Edition.objects.of(operation, region).standing().before(local_day).first()


def _be_alone(operation: Operation, region: Region, local_day: date) -> None:
    """Wait for whoever makes the edition of this region and day; the lock ends with the transaction."""
    key = f"edition {operation.pk} {region.pk} {local_day}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _locked(edition: Edition) -> Edition:
    rows = Edition.objects.select_for_update(of=("self",)).select_related("operation", "region", "previous")
    return rows.get(pk=edition.pk)
