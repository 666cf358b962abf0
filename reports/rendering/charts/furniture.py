"""What a map needs besides circles: how many people a circle stands for, and a scale."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from reports.rendering import words
from reports.rendering.charts.places import Box
from reports.rendering.charts.projection import radius, round_down
from reports.rendering.charts.style import GREY, INK, LINE, SMALL

STRIP = 0.26  # inches at the foot of each panel
LONGEST_SCALE = 0.7
LARGEST_KEY = STRIP / 2 - 0.03


def draw_furniture(axes: Axes, panel: Box, inches_per_km: float, most: int) -> None:
    """At the foot of a panel: on the left the key to the circles, on the right the scale."""
    middle = panel.bottom + STRIP / 2
    axes.plot([panel.left, panel.right], [panel.bottom + STRIP] * 2, color=LINE, linewidth=0.6)
    _draw_key(axes, panel.left + 0.08, middle, most)
    km = round_down(LONGEST_SCALE / inches_per_km)
    length = km * inches_per_km
    right = panel.right - 0.08
    axes.plot([right - length, right], [middle] * 2, color=INK, linewidth=1.2, solid_capstyle="butt")
    label = _("%(km)s km") % {"km": words.number(km)}
    axes.text(right - length - 0.05, middle, label, fontsize=SMALL, color=GREY, ha="right", va="center")


def key_people(most: int) -> int:
    """The roundest number of people whose circle fits the strip: 50, 20, 10, 5 and so on, down from the most."""
    people = round_down(most)
    while radius(people, most) > LARGEST_KEY and people > 1:
        people = round_down(people - 1)
    return people


def _draw_key(axes: Axes, left: float, middle: float, most: int) -> None:
    people = key_people(most)
    reach = radius(people, most)
    axes.add_patch(Circle((left + reach, middle), reach, facecolor="none", edgecolor=GREY, linewidth=0.8))
    text = ngettext("%(number)s person", "%(number)s people", people) % {"number": words.number(people)}
    axes.text(left + 2 * reach + 0.05, middle, text, fontsize=SMALL, color=GREY, va="center")
