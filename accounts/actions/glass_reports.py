"""The end of emergency access: a report from the trail, told to whoever was told of the start, and signed off by another."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.actions.break_glass import reaches
from accounts.glass_trail import lines_of
from accounts.models import BreakGlass, BreakGlassNotice, BreakGlassReport, Occasion, User
from accounts.service import service_user
from accounts.telling import TOLD_OF_EMERGENCIES, who_answers, who_watches
from audit.actions.record import record
from core.clock import database_now
from core.refusals import Refusals, refusal

#: A page or a statement that began under the glass has ended by then: the report is written after it and looks so far.
RUNS_OUT = timedelta(minutes=2)
#: A report that nobody signed off is told again after this, and so on.
REVIEW_WITHIN = timedelta(days=7)


def write_due(now: datetime | None = None) -> int:
    """Write the report of every glass that is over, and note whom to tell; how many. The database says what is due.

    Each once: whoever comes second finds the row of the glass locked or the report there, and the database holds one for each.
    """
    over = (now or database_now()) - RUNS_OUT
    due = BreakGlass.objects.unreported(over).order_by("opened_at").values_list("pk", flat=True)
    return sum(_write(pk, over) for pk in list(due))


def tell_again(now: datetime | None = None) -> int:
    """Note again whom to tell of reports that nobody has signed off for REVIEW_WITHIN; how many reports."""
    moment = now or database_now()
    late = BreakGlassReport.objects.annotate(told=Coalesce(F("told_again_at"), F("written_at"))).filter(
        reviewed_at=None, told__lte=moment - REVIEW_WITHIN
    )
    return sum(_tell_again(late, pk, moment) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def review(*, glass: BreakGlass, finding: str, by: User) -> BreakGlass:
    """Sign off the report with a sentence. Audited.

    Raises PermissionDenied for who took the access and out of reach, ValidationError without a sentence, before the report is
    written, and where it is signed off already.
    """
    glass = BreakGlass.objects.select_related("organisation", "region").get(pk=glass.pk)
    if glass.opened_by_id == by.pk:
        raise PermissionDenied(_("Somebody else signs this off. Ask an auditor or another administrator."))
    if not reaches(by, glass.organisation, glass.region, "review"):
        raise PermissionDenied
    report = BreakGlassReport.objects.select_for_update().filter(glass=glass).first()
    if report is None:
        raise refusal(_("The report is written some minutes after the end. Come back then."), code="state")
    refusals = Refusals()
    words = _("Say in a sentence what you found: what was needed, and what was not. No names of people.")
    why = refusals.check_reason(finding, words)
    refusals.raise_any()
    if report.reviewed_at is not None:
        raise refusal(_("This report is signed off already. Reload the page to see by whom."), code="state")
    report.finding, report.reviewed_at, report.reviewed_by = why, database_now(), by.pk
    report.save(update_fields=["finding", "reviewed_at", "reviewed_by"])
    record("review_glass", glass, by=by, reason=why)
    return glass


@transaction.atomic
def _write(pk: UUID, over: datetime) -> bool:
    rows = BreakGlass.objects.unreported(over).select_related("organisation")
    glass = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if glass is None:
        return False
    lines = lines_of(glass.opened_by_id, glass.opened_at, glass.over_at + RUNS_OUT)
    report = BreakGlassReport.objects.create(glass=glass, written_at=database_now(), lines=lines)
    record("report_glass", glass, by=service_user(), detail={"records": report.totals()})
    _note(glass, Occasion.ENDED)
    return True


@transaction.atomic
def _tell_again(late: models.QuerySet[BreakGlassReport], pk: int, moment: datetime) -> bool:
    rows = late.select_for_update(skip_locked=True, of=("self",)).select_related("glass__organisation")
    report = rows.filter(pk=pk).first()
    if report is None:
        return False
    report.told_again_at = moment
    report.save(update_fields=["told_again_at"])
    _note(report.glass, Occasion.WAITS)
    return True


def _note(glass: BreakGlass, occasion: Occasion) -> None:
    """Whom to tell: who was told of the start, and who answers for the organisation by now; where that is nobody, who watches.

    Never who took the access. Nobody is left out since the administrators changed meanwhile.
    """
    told = Q(pk__in=glass.notices.filter(occasion=Occasion.TAKEN).values("user"), is_active=True) & ~Q(
        email=""
    )
    answers = who_answers([glass.organisation], TOLD_OF_EMERGENCIES, but=glass.opened_by_id)
    found = list(User.objects.filter(told | Q(pk__in=answers.values("pk"))).exclude(pk=glass.opened_by_id))
    found = found or list(who_watches(but=glass.opened_by_id))
    now = database_now()
    BreakGlassNotice.objects.bulk_create(
        (BreakGlassNotice(glass=glass, user=user, occasion=occasion, noted_at=now) for user in found),
        update_conflicts=True,
        unique_fields=["glass", "user", "occasion"],
        update_fields=["noted_at", "sent_at"],
    )
