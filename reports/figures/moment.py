"""The two moments of every question: as of when, and as known when; and the days between which flows are counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from displacement.models.codes import BAND_STARTS
from displacement.models.honey import NOBODY, Laid
from regions.models import Operation, Region
from reports.figures.decoys import laid_out
from reports.figures.known import has_changed_since

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """As of `as_of`, as known at `known_at`, on the clock of `zone`; cumulative figures count from `starts_at`."""

    as_of: datetime
    known_at: datetime
    zone: ZoneInfo
    starts_at: datetime
    #: Whether somebody was merged, or two again, after `known_at`: rows then named others than they do today.
    is_before_merges: bool = False
    #: Records that nobody is behind: no figure has them.
    decoys: Laid = NOBODY

    @classmethod
    def of(cls, operation: Operation | None, *, as_of: datetime, known_at: datetime) -> "Moment":
        """The moment on the operation's clock; without one, on the universal clock, from the first record on. Two queries."""
        zone, starts_at = ZoneInfo("UTC"), datetime(1900, 1, 1, tzinfo=UTC)
        if operation is not None:
            zone, starts_at = operation.tz, operation.starts_at()
        return cls(as_of, known_at, zone, starts_at, has_changed_since(known_at), laid_out())

    @property
    def day(self) -> date:
        """The local day to which `as_of` belongs; ages are those on this day."""
        return self.local_day(self.as_of)

    @property
    def day_before(self) -> datetime:
        """24 hours before `as_of`: where flows "in 24 hours" begin, exclusively."""
        return self.as_of - _DAY

    def local_day(self, moment: datetime) -> date:
        """The local day of the moment."""
        return moment.astimezone(self.zone).date()

    def age_days(self, moment: datetime) -> int:
        """By how many whole local days the moment lies before `as_of`; never negative."""
        return max((self.day - self.local_day(moment)).days, 0)

    def parameters(self) -> dict[str, Any]:
        """What the SQL of this package asks for by name: both moments, the start, and the youngest birth date of bands."""
        births = {f"born_{start}": self._born_by(start) for _band, start in BAND_STARTS if start}
        return {
            "as_of": self.as_of,
            "known_at": self.known_at,
            "day_before": self.day_before,
            "starts_at": self.starts_at,
            "day": self.day,
            "zone": str(self.zone),
            **births,
        }

    def _born_by(self, years: int) -> date:
        """The latest birth date of people who have completed so many years on the day (28 February for the 29th)."""
        try:
            return self.day.replace(year=self.day.year - years)
        except ValueError:
            return date(self.day.year - years, 2, 28)


def operation_for(region: Region, as_of: datetime) -> Operation | None:
    """The operation that was running at the moment and reports on the region or on one above it; one query.

    Where several do, the youngest; so a screen that names no operation counts on the same clock as the report.
    """
    day = as_of.date()
    above = region.path.split("/")[:-1]
    near_day = Q(starts_on__lte=day + _DAY) & (Q(ends_on=None) | Q(ends_on__gte=day - _DAY))
    found = (
        Operation.objects.filter(near_day, regions__key__in=above).order_by("-starts_on", "key").distinct()
    )
    return next((o for o in found if _is_running(o, as_of)), None)


def _is_running(operation: Operation, moment: datetime) -> bool:
    """Whether the moment lies on a local day of the operation."""
    day = operation.local_day(moment)
    return operation.starts_on <= day and (operation.ends_on is None or day <= operation.ends_on)
