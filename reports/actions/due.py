"""Which editions are due, and making them: the clock only rings, the database says what is to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.service import service_user
from core.clock import database_now
from regions.models import Operation, Region
from reports.actions.days import Counter, note_failure, wanted
from reports.actions.editions import make_edition, publish
from reports.actions.reviewing import submit
from reports.models import Edition
from reports.models.edition import EditionStatus

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
    audience: str
    language: str
    edition: Edition | None  # the draft of the service, where only the passing on is still to be done
    is_automatic: bool

    def __str__(self) -> str:
        """Keys only: it stands in logs."""
        return (
            f"report {self.operation.key} {self.region.key} {self.local_day} {self.audience} {self.language}"
        )


def due_reports(now: datetime | None = None) -> Iterator[Due]:
    """Reports whose time has come within the last CATCH_UP_DAYS local days and that were not made, the oldest first.

    An edition that was withdrawn or made by a person is theirs and not due. Four queries and one per operation.
    """
    now = now or database_now()
    # A day's margin on both sides: the days of zones differ, each operation counts its own below.
    service_id = service_user().pk
    first, last = now.date() - timedelta(days=CATCH_UP_DAYS + 2), now.date() + timedelta(days=1)
    running = Operation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)
    for operation in running.prefetch_related("regions", "automatic_regions").order_by("key"):
        made = _made(operation, first)
        automatic = {region.pk for region in operation.automatic_regions.all()}
        for day in _due_days(operation, now):
            for region in operation.regions.all():
                is_automatic = operation.is_automatic or region.pk in automatic
                for audience, language in wanted(operation):
                    edition = made.get((region.pk, day, audience, language))
                    if edition is None or _waits_for_us(edition, service_id, is_automatic):
                        yield Due(operation, region, day, audience, language, edition, is_automatic)


def make_due(now: datetime | None = None) -> int:
    """Make every report that is due, publish those that want no review, and answer how many were done.

    Those that are to be reviewed are sent to review. Every region and day is counted once for all its audiences and languages.
    One that fails is logged, told once to the people named for it, and tried again at the next ring; it does not hold up
    the others. Safe to run twice at once.
    """
    now = now or database_now()
    by = service_user()
    done = 0
    counters: dict[tuple[UUID | int, int, date], Counter] = {}
    for due in list(due_reports(now)):
        # One at a time is kept: the editions of a region and day follow each other.
        key = (due.operation.pk, due.region.pk, due.local_day)
        if key not in counters:
            counters = {key: Counter(due.operation, due.region, due.local_day)}
        try:
            _do(due, by, now, counters[key])
            done += 1
        except Exception as error:
            # Whatever is wrong with one region's report, the other regions' readers get theirs.
            note_failure(
                due.operation,
                due.region,
                due.local_day,
                audience=due.audience,
                language=due.language,
                error=error,
            )
    return done


def _do(due: Due, by: User, now: datetime, counted: Counter) -> None:
    """Make it, and pass it on: to its readers where nobody needs to look, else to review."""
    edition = due.edition or make_edition(
        operation=due.operation,
        region=due.region,
        local_day=due.local_day,
        by=by,
        now=now,
        audience=due.audience,
        language=due.language,
        counted=counted,
    )
    if due.is_automatic:
        publish(edition=edition, by=by)
    elif edition.status == EditionStatus.DRAFT:
        submit(edition=edition, by=by)


def _due_days(operation: Operation, now: datetime) -> Iterator[date]:
    today = operation.local_day(now)
    for back in range(CATCH_UP_DAYS, 0, -1):
        day = today - timedelta(days=back)
        runs = operation.starts_on <= day and (operation.ends_on is None or day <= operation.ends_on)
        if runs and operation.due_at(day) + SETTLE <= now:
            yield day


def _made(operation: Operation, first: date) -> dict[tuple[int, date, str, str], Edition]:
    """The editions since the day, the newest of each where one was withdrawn and made again."""
    rows = (
        Edition.objects.filter(operation=operation, local_day__gte=first).defer("content").order_by("made_at")
    )
    return {(row.region_id, row.local_day, row.audience, row.language): row for row in rows}


def _waits_for_us(edition: Edition, service_id: UUID, is_automatic: bool) -> bool:
    """A draft that the service made and then failed to pass on; what a person made, wrote in or sent back is theirs."""
    is_ours = edition.made_by == service_id and edition.edited_by is None and edition.sent_back_by is None
    return (
        is_ours and edition.status == EditionStatus.DRAFT and (is_automatic or edition.submitted_by is None)
    )
