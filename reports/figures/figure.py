"""What a figure is: one number with everything that a reader needs to trust it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reports.figures.mark import Count


class Basis(StrEnum):
    """Where a number comes from. Numbers of different bases stand side by side and are never added."""

    REGISTERED = "registered"  # counted by us: register, movements, stays, casualty files
    HEADCOUNT = "headcount"  # counted by a site manager tonight
    CLAIMED = "claimed"  # said by somebody


class Kind(StrEnum):
    """Whether a number is at a moment, over a period, or since a start. The three never share a column."""

    STOCK = "stock"
    FLOW = "flow"
    CUMULATIVE = "cumulative"


class Qualifier(StrEnum):
    """How exactly the number was said or is known."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    LESS_THAN = "less_than"
    RANGE = "range"
    UNKNOWN = "unknown"
    SUPPRESSED = (
        "suppressed"  # known, and not shown to this audience: no value, which is neither 0 nor not reported
    )


class Unit(StrEnum):
    """What is counted."""

    INDIVIDUALS = "individuals"
    HOUSEHOLDS = "households"
    REQUESTS = "requests"
    SITES = "sites"
    PLACES = "places"
    SETTLEMENTS = "settlements"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as of one moment, as known at another.

    `value` is None where nothing was reported: None is not zero. A range has `value_min` and `value_max` and no
    `value` unless both are equal. `as_of` is when it was so, which for a claim or a headcount may lie before the moment
    that was asked for; `age_days` says by how many whole local days. `change` is against the previous edition of the same
    region and is None where there is none to compare with. `children` are among the value, not added to it.
    """

    indicator: str
    region: str
    basis: Basis
    kind: Kind
    unit: Unit
    value: int | None
    qualifier: Qualifier
    as_of: datetime
    source: str
    age_days: int = 0
    value_min: int | None = None
    value_max: int | None = None
    change: Count = None
    children: Count = None
    scope: str = ""
    note: str = ""
    published_at: datetime | None = None
    claim: str | None = None  # the claim's id, where the basis is claimed
    reliability: str = ""  # A-F, of the source
    credibility: str = ""  # 1-6, of the information
    is_chosen: bool = False  # whether a named person let this claim lead
    chosen_because: str = ""  # that person's reason

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes two figures comparable between editions: indicator, region, basis, scope and who claims it.

        Who counted is told by the basis; its name is a word of the edition's language, which may be another in an older one.
        """
        source = self.source if self.basis is Basis.CLAIMED else ""
        return (self.indicator, self.region, self.basis, source, self.scope)
