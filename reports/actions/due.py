"""Which editions are due, and making them: the clock only rings, the database says what is to be done."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.service import service_user
from core.clock import database_now
from regions.models import Operation, Region
from reports.actions.editions import make_edition, publish
from reports.models import Edition
from reports.models.edition import EditionStatus

logger = logging.getLogger(__name__)

#: Days further back are made by the command `make_editions` only: nobody wants a month of mails after a long silence.
CATCH_UP_DAYS = 7
#: What was recorded just before a report is due may be committed just after: it is waited for, so that the report asked
#: again as known at its time says the same.
SETTLE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Due:
    """A report that should have been published by now."""

    operation: Operation
    region: Region
    local_day: date
    edition: Edition | None  # the draft of the service, where only the publishing is still to be done

    def __str__(self) -> str:
        """Keys only: it stands in logs."""
        return f"report {self.operation.key} {self.region.key} {self.local_day}"


def due_reports(now: datetime | None = None) -> Iterator[Due]:
    """Reports whose time has come within the last CATCH_UP_DAYS local days and that were not made, the oldest first.

    An edition that was withdrawn or made by a person is theirs and not due. Three queries and one per operation.
    """
    now = now or database_now()
    # A day's margin on both sides: the days of zones differ, each operation counts its own below.
    service_id = service_user().pk
    first, last = now.date() - timedelta(days=CATCH_UP_DAYS + 2), now.date() + timedelta(days=1)
    running = Operation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)
    for operation in running.prefetch_related("regions").order_by("key"):
        made = _made(operation, first)
        for day in _due_days(operation, now):
            for region in operation.regions.all():
                edition = made.get((region.pk, day))
                if edition is None or _waits_to_be_published(edition, operation, service_id):
                    yield Due(operation, region, day, edition)


def make_due(now: datetime | None = None) -> int:
    """Make every report that is due, publish those that want no review, and answer how many were done.

    One that fails is logged and tried again at the next ring; it does not hold up the others. Safe to run twice at once.
    """
    by = service_user()
    done = 0
    for due in list(due_reports(now)):
        try:
            edition = due.edition or make_edition(
                operation=due.operation, region=due.region, local_day=due.local_day, by=by, now=now
            )
            if due.operation.is_automatic:
                publish(edition=edition, by=by)
            done += 1
        except Exception as error:
            # Whatever is wrong with one region's report, the other regions' readers get theirs.
            logger.exception("The %s could not be made: %s", due, type(error).__name__)
    return done


def _due_days(operation: Operation, now: datetime) -> Iterator[date]:
    today = operation.local_day(now)
    for back in range(CATCH_UP_DAYS, 0, -1):
        day = today - timedelta(days=back)
        runs = operation.starts_on <= day and (operation.ends_on is None or day <= operation.ends_on)
        if runs and operation.due_at(day) + SETTLE <= now:
            yield day


def _made(operation: Operation, first: date) -> dict[tuple[int, date], Edition]:
    """The editions since the day, the newest of each region and day where one was withdrawn and made again."""
    rows = (
        Edition.objects.filter(operation=operation, local_day__gte=first).defer("content").order_by("made_at")
    )
    return {(row.region_id, row.local_day): row for row in rows}


def _waits_to_be_published(edition: Edition, operation: Operation, service_id: UUID) -> bool:
    """A draft that the service made and then failed to publish, of an operation that wants no review."""
    is_ours = edition.made_by == service_id and operation.is_automatic
    return is_ours and edition.status == EditionStatus.DRAFT
