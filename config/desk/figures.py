"""The day's figures as the first page lays them out: what we counted, and beside it, never added, what others said."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.figures.figure import Basis, Figure
from reports.figures.indicators import INDICATORS
from reports.rendering.words import age, quantity, short_moment

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in words: the number as it was said, by whom, of when."""

    number: str
    what: Words
    source: str
    as_of: str
    age: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. Every number is in words, so that silence never reads as zero."""

    label: Words
    meaning: Words
    counted: str
    note: str
    headcount: str
    headcount_note: str
    claims: tuple[Said, ...]
    is_claimed: bool  # whether anybody speaks of it at all; an empty cell is no silence then


@dataclass(frozen=True, slots=True)
class Topic:
    """A table: which indicators of ours stand beside which claims."""

    heading: Words
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    has_headcounts: bool = False


@dataclass(slots=True)
class Figures:
    """Figures of one region, found by indicator and basis."""

    zone: str
    own: dict[tuple[str, str], Figure] = field(default_factory=dict)
    claims: dict[str, list[Figure]] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: Iterable[Figure], zone: str) -> "Figures":
        """Sort them; no query."""
        sorted_out = cls(zone)
        for figure in figures:
            if figure.basis == Basis.CLAIMED:
                sorted_out.claims.setdefault(figure.indicator, []).append(figure)
            else:
                sorted_out.own[figure.indicator, figure.basis] = figure
        return sorted_out

    def counted(self, indicator: str, basis: Basis = Basis.REGISTERED) -> str:
        """Our number in words; nothing where we count no such thing."""
        figure = self.own.get((indicator, basis))
        return quantity(figure) if figure else ""

    def note(self, indicator: str, basis: Basis = Basis.REGISTERED) -> str:
        """What has to be said with the number."""
        figure = self.own.get((indicator, basis))
        return figure.note if figure else ""

    def said(self, indicators: Iterable[str], under: str = "") -> tuple[Said, ...]:
        """What others said of these, the chosen first, then the newest; of what, where the line's heading does not say so."""
        found = [claim for name in indicators for claim in self.claims.get(name, [])]
        found.sort(key=lambda claim: (claim.is_chosen, claim.as_of), reverse=True)
        return tuple(
            Said(
                number=quantity(claim),
                what="" if claim.indicator == under else INDICATORS[claim.indicator].label,
                source=claim.source,
                as_of=short_moment(claim.as_of, self.zone),
                age=age(claim.age_days),
                note=claim.scope,
            )
            for claim in found
        )

    def line(self, indicator: str, beside: tuple[str, ...]) -> Line:
        """One line of a table."""
        entry = INDICATORS[indicator]
        return Line(
            label=entry.label,
            meaning=entry.meaning,
            counted=self.counted(indicator),
            note=self.note(indicator),
            headcount=self.counted(indicator, Basis.HEADCOUNT),
            headcount_note=self.note(indicator, Basis.HEADCOUNT),
            claims=self.said(beside, under=indicator),
            is_claimed=bool(beside),
        )


TOPICS = (
    Topic(
        gettext_lazy("Displacement"),
        (
            ("displaced", ("evacuated",)),
            ("left_24h", ("evacuated_24h",)),
            ("arrived_24h", ()),
            ("in_transit", ()),
            ("returned", ()),
            ("registered", ()),
            ("people_to_evacuate", ("people_to_evacuate",)),
            ("remaining", ("remaining",)),
        ),
    ),
    Topic(
        gettext_lazy("Shelters"),
        (
            ("sheltered", ("sheltered",)),
            ("shelters_open", ("sites_open",)),
            ("places_total", ("places_total", "places_reserve")),
            ("places_free", ()),
            ("protected_places", ()),
            ("protection_gap", ()),
        ),
        has_headcounts=True,
    ),
)
#: Outcomes with the claims that speak of them.
VICTIMS = (
    ("killed", ("killed",)),
    ("injured", ("injured",)),
    ("hospitalised", ("hospitalised",)),
    ("missing", ("missing_persons", "unknown_fate", "missing_requests")),
    ("died_later", ()),
)


def tables(figures: Figures) -> list[tuple[Topic, list[Line]]]:
    """The tables of the page; a line of claims only where somebody claimed."""
    laid_out = []
    for topic in TOPICS:
        lines = [figures.line(indicator, beside) for indicator, beside in topic.lines]
        laid_out.append((topic, [line for line in lines if line.counted or line.claims]))
    return laid_out


def victims(figures: Figures) -> list[dict[str, object]]:
    """Per outcome: verified, being corroborated and claimed, in columns of their own."""
    rows: list[dict[str, object]] = []
    for outcome, beside in VICTIMS:
        verified, open_ = figures.counted(outcome), figures.counted(f"{outcome}_corroborating")
        claims = figures.said(beside, under=outcome)
        if verified or open_ or claims:
            label = INDICATORS[outcome].label
            rows.append(
                {
                    "label": label,
                    "verified": verified,
                    "corroborating": open_,
                    "claims": claims,
                    "is_claimed": bool(beside),
                }
            )
    return rows


def headlines(figures: Figures) -> list[dict[str, object]]:
    """The three numbers that people ask for first, each with what is said beside it."""
    verified, open_ = figures.counted("killed"), figures.counted("killed_corroborating")
    return [
        {
            "label": INDICATORS["displaced"].label,
            "number": figures.counted("displaced"),
            "beside": [_("%(number)s left in 24 hours") % {"number": figures.counted("left_24h")}],
            "claims": figures.said(("evacuated",))[:1],
        },
        {
            "label": INDICATORS["sheltered"].label,
            "number": figures.counted("sheltered"),
            "beside": [
                _("Headcounts on site: %(number)s")
                % {"number": figures.counted("sheltered", Basis.HEADCOUNT)},
                figures.note("sheltered", Basis.HEADCOUNT),
            ],
            "claims": figures.said(("sheltered",))[:1],
        },
        {
            "label": _("Civilians killed, verified"),
            "number": verified,
            "beside": [_("Being corroborated, not included: %(number)s") % {"number": open_}],
            "claims": figures.said(("killed",))[:1],
        },
    ]
