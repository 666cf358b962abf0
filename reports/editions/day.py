"""What is counted of a region and local day: once, however many editions are made of it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.translation import get_language

from regions.models import Operation, Region
from reports.editions import shelters
from reports.editions.report import SeriesPoint, SituationReport
from reports.figures.claims import claimed
from reports.figures.count import Count, count
from reports.figures.departures import Departures, count_departures
from reports.figures.late import Late, count_late
from reports.figures.series import days_between, displaced_by_day, nights


@dataclass(frozen=True, slots=True)
class Day:
    """The count, and the series of all days since the operation began. What was learned late is counted when first asked.

    Names of shelters' regions and notes of claims are in the language that was active when it was counted.
    """

    counted: Count
    areas: list[shelters.Area]
    series: tuple[SeriesPoint, ...]
    departures: Departures
    language: str | None
    _late: dict[tuple[datetime, datetime], Late] = field(default_factory=dict, repr=False)

    def in_active_language(self) -> "Day":
        """The same with its words in the active language; no query, or four for another language. Nobody is counted again."""
        if get_language() == self.language:
            return self
        counted = self.counted
        said = replace(counted, claims=tuple(claimed(counted.subtree.ids, counted.moment)))
        return Day(said, shelters.areas(said), self.series, self.departures, get_language(), self._late)

    def late_since(self, previous: SituationReport | None) -> Late | None:
        """What became known since the previous edition about the time that it covered. Three queries at first, then none."""
        if previous is None:
            return None
        since = (previous.known_at, previous.as_of)
        if since not in self._late:
            self._late[since] = count_late(
                self.counted.subtree, self.counted.moment, before=since[0], cut_off=since[1]
            )
        return self._late[since]


def count_day(*, operation: Operation, region: Region, local_day: date, known_at: datetime) -> Day:
    """Count the region as of the end of the local day, as known at the moment. About a dozen queries."""
    as_of = operation.day_ends_at(local_day)
    counted = count(region, as_of=as_of, known_at=known_at, operation=operation)
    areas = shelters.areas(counted)
    departures = count_departures(counted.subtree, counted.moment)
    return Day(counted, areas, _series(counted, operation, areas), departures, get_language())


def _series(counted: Count, operation: Operation, areas: list[shelters.Area]) -> tuple[SeriesPoint, ...]:
    """Every local day since the operation began; two queries."""
    days = days_between(operation.starts_on, counted.moment.day)
    ends = {day: operation.day_ends_at(day) for day in days}
    displaced = displaced_by_day(counted.subtree, counted.moment, days)
    regions = {site.region for area in areas for site in area.sites.sites}
    by_end = nights(regions, counted.moment, ends.values())
    return tuple(
        SeriesPoint(day, displaced[day], night.stays, night.headcount, night.places_open)
        for day, night in ((day, by_end[ends[day]]) for day in days)
    )
