"""The charts of a report: SVG for paper and page, PNG for mail. The two over time are laid out once for both."""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import override
from matplotlib.figure import Figure

from reports.editions.report import SituationReport
from reports.rendering.charts.geography import draw_map
from reports.rendering.charts.lines import draw_displaced, draw_occupancy
from reports.rendering.charts.style import to_png, to_svg
from reports.rendering.content.pictures import DISPLACED, MAP, OCCUPANCY

WIDE_MAP = (7.1, 2.6)  # inches: across a page, both panels side by side
TALL_MAP = (3.6, 2.4)  # for a telephone, one panel above the other


@lru_cache(maxsize=2)
def svg_charts(report: SituationReport) -> dict[str, str]:
    """Every chart that the report has data for, by name. Kept for a moment: page and PDF use the same."""
    with override(report.language):
        return {name: to_svg(figure, name) for name, figure in _figures(report, is_tall=False)}


def png_charts(report: SituationReport) -> dict[str, bytes]:
    """The same for mail programs, the map higher than wide so that a telephone shows its names."""
    with override(report.language):
        return {name: to_png(figure) for name, figure in _figures(report, is_tall=True)}


def _figures(report: SituationReport, *, is_tall: bool) -> Iterator[tuple[str, Figure]]:
    if report.map_points:
        size = TALL_MAP if is_tall else WIDE_MAP
        yield MAP, draw_map(report.map_points, *size, is_tall=is_tall)
    yield from _over_time(report).items()


@lru_cache(maxsize=1)
def _over_time(report: SituationReport) -> dict[str, Figure]:
    """Both charts of days, laid out. Kept for a moment: mail shows them as large as the page does."""
    if not report.series:
        return {}
    return {DISPLACED: draw_displaced(report.series), OCCUPANCY: draw_occupancy(report.series)}
