"""The map, in two panels: discs for where people left from, rings for where they are now. No tiles, no borders.

Each panel has its own scale, because people leave a few neighbouring districts and arrive in half a country; the
circles of both have one scale, so that they compare. Shape and colour tell the two apart; neither stands for a party.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import hypot

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from reports.editions.report import MapPoint
from reports.figures.mark import Mark, shown
from reports.rendering import words
from reports.rendering.charts.furniture import STRIP, draw_furniture
from reports.rendering.charts.places import Box, Disc, Name, Place, set_names
from reports.rendering.charts.projection import Projection, radius
from reports.rendering.charts.style import (
    GREY,
    GROUND,
    INK,
    LINE,
    NORMAL,
    PAPER,
    SKY,
    SMALL,
    VERMILION,
    canvas,
    width_of,
)
from reports.rendering.fonts import printable

HEADING = 0.22  # inches above a panel
BETWEEN = 0.12
LONGEST_NAME = 26
LINE_HEIGHT = 0.105  # inches of one line of a label


@dataclass(frozen=True, slots=True)
class Theme:
    """What a panel shows: a number of each region, its heading, and the look of its circles."""

    heading: str | Promise
    count: Callable[[MapPoint], int | Mark]
    colour: str
    dark: str
    is_filled: bool

    def people(self, point: MapPoint) -> int:
        """The number to draw; 0, which is not drawn, where it is hidden."""
        return shown(self.count(point)) or 0


THEMES = (
    Theme(
        gettext_lazy("Displaced people by district they left"),
        lambda point: point.displaced,
        VERMILION,
        "#a34700",
        True,
    ),
    Theme(
        gettext_lazy("Displaced people by where they are now"),
        lambda point: point.hosted,
        SKY,
        "#00588a",
        False,
    ),
)


def draw_map(points: Sequence[MapPoint], width: float, panel_height: float, *, is_tall: bool) -> Figure:
    """Both panels side by side, or one above the other if tall; width in inches, as is the height of each panel.

    A label that finds no free place is left out: the tables have every number. A hidden number is a small cross.
    """
    across, down = (1, 2) if is_tall else (2, 1)
    height = down * (panel_height + HEADING) + (down - 1) * BETWEEN
    figure = canvas(width, height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    most = max((theme.people(point) for theme in THEMES for point in points), default=0)
    panel_width = (width - (across - 1) * BETWEEN) / across
    for place, theme in enumerate(THEMES):
        left = 0.01 + (place % across) * (panel_width + BETWEEN)
        top = height - HEADING - (place // across) * (panel_height + HEADING + BETWEEN)
        panel = Box(left, top - panel_height + 0.01, left + panel_width - 0.02, top)
        _draw_panel(axes, panel, theme, points, most)
    return figure


def _draw_panel(axes: Axes, panel: Box, theme: Theme, points: Sequence[MapPoint], most: int) -> None:
    size = (panel.right - panel.left, panel.top - panel.bottom)
    ground = Rectangle((panel.left, panel.bottom), *size, facecolor=GROUND, edgecolor=LINE, linewidth=0.6)
    axes.add_patch(ground)
    axes.text(
        panel.left, panel.top + 0.06, str(theme.heading), fontsize=NORMAL, weight="bold", color=theme.dark
    )
    drawn = sorted(
        (point for point in points if theme.people(point) > 0),
        key=lambda point: (-theme.people(point), point.region),
    )
    if not drawn:
        middle = ((panel.left + panel.right) / 2, (panel.bottom + panel.top) / 2)
        axes.text(*middle, _("nobody known"), color=GREY, ha="center", va="center")
        return
    open_panel = replace(panel, bottom=panel.bottom + STRIP)
    projection = Projection.of(drawn, open_panel)
    discs = [Disc(*projection.place(point), radius(theme.people(point), most)) for point in drawn]
    for disc in discs:
        axes.add_patch(_circle(disc, theme))
    for point in points:
        x, y = projection.place(point)
        is_inside = open_panel.left < x < open_panel.right and open_panel.bottom < y < open_panel.top
        if is_inside and isinstance(theme.count(point), Mark):
            axes.plot([x], [y], linestyle="", marker="x", markersize=4, color=GREY)
    draw_furniture(axes, panel, projection.inches_per_km, most)
    labels = [Label.of(point, theme) for point in drawn]
    names = [Name(disc, label.size) for disc, label in zip(discs, labels, strict=True)]
    for disc, label, place in zip(discs, labels, set_names(names, open_panel), strict=True):
        if place is not None:
            label.put(place, disc, axes, theme)


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a region and, in the colour of its circle, its number of people, on two lines; inches wide and high."""

    name: str
    number: str
    size: tuple[float, float]

    @classmethod
    def of(cls, point: MapPoint, theme: Theme) -> "Label":
        """A label that has a size but no place yet."""
        name, number = _short(point.name), words.number(theme.people(point))
        width = max(width_of(name, SMALL), width_of(number, SMALL, "bold"))
        return cls(name, number, (width, 2 * LINE_HEIGHT))

    def put(self, place: Place, disc: Disc, axes: Axes, theme: Theme) -> None:
        """Writes the label where it was found to fit, with a thin line to its circle if that is further away."""
        box = place.box
        axes.text(box.left, box.bottom + 1.25 * LINE_HEIGHT, self.name, fontsize=SMALL, color=INK)
        number = axes.text(box.left, box.bottom + 0.25 * LINE_HEIGHT, self.number, fontsize=SMALL)
        number.set(weight="bold", color=theme.dark)
        if place.is_far:
            x, y = box.nearest(disc.x, disc.y)
            start = disc.radius / hypot(x - disc.x, y - disc.y)
            edge = (disc.x + (x - disc.x) * start, disc.y + (y - disc.y) * start)
            axes.plot([edge[0], x], [edge[1], y], color=GREY, linewidth=0.5)


def _short(name: str) -> str:
    text = printable(words.clean(name))
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _circle(disc: Disc, theme: Theme) -> Circle:
    if theme.is_filled:
        return Circle(
            (disc.x, disc.y), disc.radius, facecolor=theme.colour, edgecolor=PAPER, linewidth=0.6, alpha=0.8
        )
    return Circle((disc.x, disc.y), disc.radius, facecolor="none", edgecolor=theme.colour, linewidth=1.5)
