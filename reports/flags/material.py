"""What flags look at, and how their sentences name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import number_format

from reports.figures.figure import Basis, Figure, Kind, Unit
from reports.figures.indicators import INDICATORS


@dataclass(frozen=True, slots=True)
class Material:
    """What flags look at: the figures of a report (claims of districts included) and those of the one before."""

    region: str
    figures: tuple[Figure, ...]
    history: tuple[Figure, ...] = ()
    baselines: Mapping[str, int] = field(default_factory=dict)  # region key -> population
    affected_population: int | None = None  # of the districts to be evacuated, where all are known
    sites_over_capacity: int = 0
    displaced_by_day: tuple[int, ...] = ()
    unexplained: int | None = None  # of the region's own line

    def claims(self, indicator: str = "") -> list[Figure]:
        """Claims, those about one indicator where it is named, oldest first."""
        found = [f for f in self.figures if f.basis is Basis.CLAIMED and indicator in ("", f.indicator)]
        return sorted(found, key=lambda f: (f.as_of, f.region, f.indicator, f.source, f.scope))

    def newest(self) -> list[Figure]:
        """Of each indicator, region, kind and unit the claims about the latest moment: what a reader takes for the present."""
        last: dict[tuple[str, str, Kind, Unit], datetime] = {}
        for claim in self.claims():
            last[subject(claim)] = claim.as_of
        return [claim for claim in self.claims() if claim.as_of == last[subject(claim)]]

    def get(self, indicator: str, basis: Basis) -> int | None:
        """The value that we have of the region itself on this basis."""
        for figure in self.figures:
            if (figure.indicator, figure.basis, figure.region) == (indicator, basis, self.region):
                return figure.value
        return None


def number(value: int) -> str:
    """A number with the thousands separator of the active language."""
    return str(number_format(value, force_grouping=True))


def label(figure: Figure) -> str:
    """What a figure is called."""
    entry = INDICATORS.get(figure.indicator)
    return str(entry.label) if entry else figure.indicator


def words(figure: Figure) -> dict[str, str]:
    """How sentences name a figure."""
    return {"what": label(figure), "source": figure.source, "value": number(figure.value or 0)}


def subject(claim: Figure) -> tuple[str, str, Kind, Unit]:
    """What a claim is about, whoever makes it."""
    return (claim.indicator, claim.region, claim.kind, claim.unit)
