"""Asking for figures of Kursk oblast in one line."""

from datetime import datetime, timedelta

from reports.figures.count import figures_for
from reports.figures.figure import Basis, Figure
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def figures(
    *, as_of: datetime = KURSK_MORNING + DAY, known_at: datetime | None = None, key: str = "RU-KRS"
) -> list[Figure]:
    """All figures of the region, as known at `as_of` where no other moment is given."""
    return figures_for(region(key), as_of=as_of, known_at=known_at or as_of)


def figure(indicator: str, basis: Basis = Basis.REGISTERED, **question: datetime | str) -> Figure:
    """The one figure of the indicator on the basis."""
    [found] = [f for f in figures(**question) if (f.indicator, f.basis) == (indicator, basis)]  # type: ignore[arg-type]
    return found


def value(indicator: str, basis: Basis = Basis.REGISTERED, **question: datetime | str) -> int | None:
    """Its value."""
    return figure(indicator, basis, **question).value
