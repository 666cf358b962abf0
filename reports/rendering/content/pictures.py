"""What the charts and the map show, in words: captions, and alternatives for those who do not see them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.report import MapPoint, SituationReport
from reports.figures.mark import Count, Mark, shown
from reports.rendering import words
from reports.rendering.content.document import Picture, Section

DISPLACED = "displaced"
OCCUPANCY = "occupancy"
MAP = "map"


def trend_sections(report: SituationReport) -> tuple[Section, ...]:
    """The two charts over time, where there is at least one day to show."""
    if not report.series:
        return ()
    return (Section("trends", _("Day by day"), pictures=(_displaced(report), _occupancy(report))),)


def _displaced(report: SituationReport) -> Picture:
    first, last = report.series[0], report.series[-1]
    alt = _(
        "Line chart of displaced people at the end of each day: %(before)s on %(first)s, %(now)s on %(last)s."
    ) % {
        "before": words.number(first.displaced),
        "first": words.day(first.day),
        "now": words.number(last.displaced),
        "last": words.day(last.day),
    }
    alt = _with_crosses(alt, [point.displaced for point in report.series])
    return Picture(DISPLACED, _("Displaced people, registered, at the end of each day"), alt)


def _occupancy(report: SituationReport) -> Picture:
    last = report.series[-1]
    alt = _(
        "Line chart of people in shelters against open places. On %(day)s: %(stays)s by stays, %(counts)s by "
        "headcounts, %(places)s open places."
    ) % {
        "day": words.day(last.day),
        "stays": words.number(last.occupied_stays),
        "counts": words.number(last.occupied_headcount),
        "places": words.number(last.places_open),
    }
    alt = _with_crosses(
        alt, [n for point in report.series for n in (point.occupied_stays, point.occupied_headcount)]
    )
    return Picture(OCCUPANCY, _("People in shelters, and places open, at the end of each day"), alt)


def _with_crosses(alt: str, numbers: Iterable[Count]) -> str:
    """The words with a sentence on the crosses, where there are any."""
    if not any(isinstance(number, Mark) for number in numbers):
        return alt
    crosses = _("Crosses stand where a number is hidden.")
    return f"{alt} {crosses}"


def map_picture(report: SituationReport) -> tuple[Picture, ...]:
    """Where people left from and where they are hosted, where any region's place is known."""
    if not report.map_points:
        return ()
    origins = _largest(report.map_points, "displaced")
    hosts = _largest(report.map_points, "hosted")
    regions = ngettext("Map of %(n)s region.", "Map of %(n)s regions.", len(report.map_points)) % {
        "n": words.number(len(report.map_points))
    }
    alt = " ".join(
        (
            regions,
            _("Most people left from: %(places)s.") % {"places": origins},
            _("Most people are hosted in: %(places)s.") % {"places": hosts},
        )
    )
    alt = _with_crosses(alt, [n for point in report.map_points for n in (point.displaced, point.hosted)])
    return (
        Picture(MAP, _("Circles are in proportion to people; each map has its own scale"), alt, is_wide=True),
    )


def _largest(points: tuple[MapPoint, ...], field: str) -> str:
    numbers = [(shown(getattr(point, field)) or 0, point) for point in points]
    ranked = [point for number, point in sorted(numbers, key=lambda pair: (-pair[0], pair[1].region))[:3]]
    named = (f"{words.clean(point.name)} ({words.number(getattr(point, field))})" for point in ranked)
    return ", ".join(named)
