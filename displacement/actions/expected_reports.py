"""Saying who is expected to report."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.models import ExpectedReport, Source
from regions.models import Region


@whole_or_refused()
def expect(
    *,
    source: Source,
    region: Region,
    indicator: str,
    every_days: int,
    by: Actor,
    occurred_at: datetime | None = None,
) -> ExpectedReport:
    """Expect a number of a source about a region every so many days, from a moment on (now, where none is given).

    Two queries. Raises ValidationError at the fields for a moment that has not come yet, a number of days that is none, and
    where this is expected already.
    """
    now = timezone.now()
    moment = occurred_at or now
    row = ExpectedReport(
        source=source,
        region=region,
        indicator=indicator,
        every_days=every_days,
        occurred_at=moment,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals = Refusals()
    refusals.check_moment("occurred_at", moment, now=now)
    if not 1 <= every_days <= 90:
        refusals.add("every_days", _("Give a number of days from 1 (daily) to 90."), "every_days")
    refusals.raise_any()
    row.save()
    leave_trace("expect", row, by=by, detail={"indicator": indicator, "every_days": every_days})
    return row
