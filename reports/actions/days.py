"""All editions of one region and day: every audience and language that the operation wants, from one count."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.clock import database_now
from regions.models import Operation, Region
from reports.actions.editions import make_edition
from reports.actions.notices import note_not_made
from reports.editions.day import Day, count_day
from reports.models import Edition

logger = logging.getLogger(__name__)


def wanted(operation: Operation) -> Iterator[tuple[str, str]]:
    """Audience and language of each edition of a day, the exact ones first."""
    for audience in operation.report_audiences:
        for language in operation.report_languages:
            yield audience, language


@dataclass(slots=True)
class Counter:
    """Counts a region and day when it is first asked, and gives the same count to every edition after that."""

    operation: Operation
    region: Region
    local_day: date
    _days: dict[datetime, Day] = field(default_factory=dict)

    def __call__(self, known_at: datetime) -> Day:
        """The day as known at the moment. A dozen queries at first, then none."""
        if known_at not in self._days:
            self._days[known_at] = count_day(
                operation=self.operation, region=self.region, local_day=self.local_day, known_at=known_at
            )
        return self._days[known_at]


def make_day(
    *, operation: Operation, region: Region, local_day: date, by: User, now: datetime | None = None
) -> list[Edition]:
    """The editions of the day in every audience and language, those that stand already and new drafts.

    One that fails does not stop the others: it is written to the log, and the people named for the region's reports are told.
    Where all fail, it raises the first one's error: a day that is not over, say.
    """
    now = now or database_now()
    counted = Counter(operation, region, local_day)
    made: list[Edition] = []
    failures: list[Exception] = []
    for audience, language in wanted(operation):
        try:
            edition = make_edition(
                operation=operation,
                region=region,
                local_day=local_day,
                by=by,
                now=now,
                audience=audience,
                language=language,
                counted=counted,
            )
        except PermissionDenied:
            raise
        except Exception as error:
            # Whatever is wrong with one language, the readers of the others get theirs.
            failures.append(error)
            note_failure(operation, region, local_day, audience=audience, language=language, error=error)
        else:
            made.append(edition)
    if failures and not made:
        raise failures[0]
    return made


def note_failure(
    operation: Operation, region: Region, local_day: date, *, audience: str, language: str, error: Exception
) -> None:
    """Write to the log that an edition failed, by keys only, and tell the people named for the region's reports, once."""
    which = f"{operation.key} {region.key} {local_day} {audience} {language}"
    logger.error("The report %s could not be made: %s", which, type(error).__name__, exc_info=error)
    note_not_made(operation, region, local_day, audience=audience, language=language, error=error)
