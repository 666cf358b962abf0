"""Two charts over time: displaced people, and people in shelters against open places.

A day of which nothing was reported is a gap; one whose number is hidden is a gap with a cross at its foot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import nan

from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.editions.report import SeriesPoint
from reports.figures.mark import Count, Mark, shown
from reports.rendering import words
from reports.rendering.charts.style import (
    BLUE,
    GREY,
    NORMAL,
    PAPER,
    SKY,
    VERMILION,
    canvas,
    plain_axes,
)

WIDTH, HEIGHT = 3.5, 2.2  # inches: half a page, and readable on a telephone
LEFT, BOTTOM, TOP = 0.5, 0.25, 0.14
LABEL_ROOM = 1.12  # inches to the right of the lines, for the labels at their ends
LINE_HEIGHT = 0.13  # inches that one label takes
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the label at its end. The marker and the dashes tell it apart without colour."""

    label: str
    values: Sequence[Count]
    colour: str
    marker: str = ""
    dashes: str = "-"

    @property
    def numbers(self) -> list[int | None]:
        """The numbers to see; None for days without one."""
        return [shown(value) for value in self.values]

    @property
    def last(self) -> int | None:
        """The number of the last day that has one."""
        return next((value for value in reversed(self.numbers) if value is not None), None)


def draw_displaced(series: Sequence[SeriesPoint]) -> Figure:
    """Registered displaced people at the end of each day: a stock, with the last number written out."""
    line = Line(_("displaced"), [point.displaced for point in series], BLUE, "o")
    return _draw(series, [line], is_filled=True)


def draw_occupancy(series: Sequence[SeriesPoint]) -> Figure:
    """People in shelters by stays and by headcounts, two lines and never one, against the places open."""
    lines = [
        Line(_("places open"), [point.places_open for point in series], GREY, dashes="--"),
        Line(_("stays"), [point.occupied_stays for point in series], SKY, "o"),
        Line(_("headcounts"), [point.occupied_headcount for point in series], VERMILION, "s"),
    ]
    return _draw(series, lines, is_filled=False)


def _draw(series: Sequence[SeriesPoint], lines: Sequence[Line], *, is_filled: bool) -> Figure:
    figure = canvas(WIDTH, HEIGHT)
    axes = plain_axes(figure, left=LEFT, right=LABEL_ROOM, bottom=BOTTOM, top=TOP)
    days = [point.day for point in series]
    places = [day.toordinal() for day in days]
    for line in lines:
        heights = [nan if value is None else value for value in line.numbers]
        axes.plot(
            places,
            heights,
            color=line.colour,
            linestyle=line.dashes,
            linewidth=1.6,
            marker=line.marker,
            markersize=4,
            markeredgecolor=PAPER,
            markeredgewidth=0.7,
            clip_on=False,
        )
        hidden = [at for at, value in zip(places, line.values, strict=True) if isinstance(value, Mark)]
        axes.plot(
            hidden, [0] * len(hidden), linestyle="", marker="x", markersize=4, color=GREY, clip_on=False
        )
        if is_filled:
            axes.fill_between(places, heights, color=line.colour, alpha=0.1, linewidth=0)
    _scale(axes, days, lines)
    _label_ends(axes, lines)
    return figure


def _scale(axes: Axes, days: Sequence[date], lines: Sequence[Line]) -> None:
    """Both axes: from zero up, so that no rise looks steeper than it is, and at most six dates."""
    highest = max((value for line in lines for value in line.numbers if value is not None), default=0)
    axes.set_ylim(0, max(highest * 1.08, 5))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: words.number(round(value))))
    step = max(1, -(-len(days) // MOST_TICKS))
    ticks = days[::-1][::step]
    axes.set_xticks([day.toordinal() for day in ticks], [words.short_day(day) for day in ticks])
    edge = 0.5 if len(days) == 1 else 0.02 * len(days)
    axes.set_xlim(days[0].toordinal() - edge, days[-1].toordinal() + edge)


def _label_ends(axes: Axes, lines: Sequence[Line]) -> None:
    """Number and name at the end of each line, moved apart where lines end close to each other."""
    named = sorted((line for line in lines if line.last is not None), key=lambda line: line.last or 0)
    highest = axes.get_ylim()[1]
    room = LINE_HEIGHT * highest / (HEIGHT - BOTTOM - TOP)
    for line, height in zip(
        named, apart([float(line.last or 0) for line in named], room, highest), strict=True
    ):
        axes.annotate(
            _("%(number)s %(what)s") % {"number": words.number(line.last), "what": line.label},
            (axes.get_xlim()[1], height),
            xytext=(5, 0),
            textcoords="offset points",
            color=line.colour,
            fontsize=NORMAL,
            fontweight="bold",
            va="center",
            annotation_clip=False,
        )


def apart(heights: Sequence[float], room: float, highest: float) -> list[float]:
    """The heights, which rise, at least `room` apart: pushed up from below, then down from the upper edge."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + room) if placed else height)
    ceiling = highest
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - room
    return placed
