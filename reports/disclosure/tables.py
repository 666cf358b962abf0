"""The tables that disclosure control knows: what each counts, by what, and how their sums hang together.

A table of counts of people that is not listed here does not leave in a report for partners or the public.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

LOWEST_THRESHOLD = 3  # people: two who are hidden know of each other
EXACT = frozenset({"internal"})  # audiences that see every number
FEWEST_SITES = 3  # a public table of shelters by region needs so many open in each


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report: the dimensions that it is cut by, the area that it covers, and its columns.

    `cumulative` columns do not fall from day to day. `threshold` overrides that of the audience where it is higher.
    """

    name: str
    dimensions: tuple[str, ...]
    scope: str
    columns: tuple[str, ...]
    cumulative: frozenset[str] = frozenset()
    threshold: int = 0


TABLES = (
    Table(
        "districts",
        ("district",),
        "region",
        (
            "left",
            "displaced",
            "returned",
            "in_transit",
            "hosted",
            "sheltered",
            "elsewhere",
            "registered",
        ),
        frozenset({"left", "registered"}),
    ),
    Table("hosts", ("host region",), "displaced people of the region", ("hosted", "sheltered", "elsewhere")),
    Table(
        "sex_age", ("age band", "sex"), "displaced people of the region", ("female", "male", "other", "total")
    ),
    Table("needs", ("need",), "displaced people of the region", ("people",)),
    Table(
        "shelters",
        ("region",),
        "shelters of the region and those in which its people sleep",
        ("occupied_stays", "occupied_headcount", "free", "protected_places", "protection_gap"),
    ),
    Table(
        "casualties",
        ("outcome", "child"),
        "region; the totals are public facts",
        ("of_which_children_verified",),
        frozenset({"of_which_children_verified"}),
    ),
    Table("key_figures", ("indicator", "basis"), "region", ("value", "children")),
    Table("series", ("day",), "region", ("displaced", "occupied_stays", "occupied_headcount")),
)


def threshold_of(audience: str) -> int:
    """From how many people on a count is shown to the audience; the strictest for one that nobody described."""
    highest = max(table.threshold for table in TABLES)
    thresholds: Mapping[str, int] = settings.DISCLOSURE_THRESHOLDS
    return max(highest, thresholds.get(audience, max(thresholds.values())))


def check_thresholds(thresholds: Mapping[str, int]) -> None:
    """Raises ImproperlyConfigured for a threshold that hides nobody; the service does not start with it."""
    for audience, threshold in thresholds.items():
        if threshold < LOWEST_THRESHOLD:
            words = _(
                "DISCLOSURE_THRESHOLD_%(audience)s is %(threshold)d: with fewer than %(lowest)d, numbers of one or two people "
                "would be published, and whoever is one of two knows who the other is. Set it to at least %(lowest)d."
            )
            values = {"audience": audience.upper(), "threshold": threshold, "lowest": LOWEST_THRESHOLD}
            raise ImproperlyConfigured(words % values)


def columns(name: str) -> tuple[str, ...]:
    """The columns of a table."""
    return _named(name).columns


def cumulative(name: str) -> frozenset[str]:
    """The columns of a table that do not fall."""
    return _named(name).cumulative


def _named(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)
