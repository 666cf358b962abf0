"""Key figures: what was counted of a subject, and beside it what is claimed of the same.

A claim stands beside the count that it can be held against, never inside it. Subjects that only one side knows are
shown as such: a claim that we cannot count, a count of which nobody spoke.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from reports.editions.report import CasualtyRow, SituationReport
from reports.figures.figure import Basis, Figure, Unit
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.document import Card, Reading

# Which count a claimed indicator is held against, where the two have different names.
COUNTERPARTS = {
    "evacuated": "displaced",
    "evacuated_24h": "arrived_24h",
    "sites_open": "shelters_open",
    "missing_persons": "missing",
}

LONGEST_NOTE = 110  # characters on a card; the table of claims has all
CLAIMS_ON_A_CARD = 2  # the newest; the table of claims has all


def key_cards(report: SituationReport) -> tuple[Card, ...]:
    """One card per subject, in the order of the key figures; subjects that are only claimed come last."""
    counted: dict[str, list[Reading]] = {}
    claimed: dict[str, list[Figure]] = {}
    for figure in report.key_figures:
        if figure.basis is not Basis.CLAIMED:
            counted.setdefault(figure.indicator, []).append(_reading(figure, report))
    for figure in claims_of(report):
        is_comparable = figure.region == report.region
        subject = COUNTERPARTS.get(figure.indicator, figure.indicator) if is_comparable else figure.indicator
        claimed.setdefault(subject, []).append(figure)
    for row in report.casualties:
        if row.outcome in counted or row.outcome in claimed:
            counted[row.outcome] = _casualty_readings(row, counted.get(row.outcome, []), report)
    return tuple(
        Card(
            subject=labels.indicator(subject),
            counted=tuple(counted.get(subject, ())),
            claimed=tuple(_reading(figure, report) for figure in claimed.get(subject, ())[:CLAIMS_ON_A_CARD]),
        )
        for subject in dict.fromkeys((*counted, *claimed))
    )


def claims_of(report: SituationReport) -> tuple[Figure, ...]:
    """Every claim of the report's own list and of its key figures once; of one indicator the newest first."""
    figures = (f for f in (*report.claims, *report.key_figures) if f.basis is Basis.CLAIMED)
    found = tuple(dict.fromkeys(figures))
    order = {name: place for place, name in enumerate(dict.fromkeys(f.indicator for f in found))}
    return tuple(sorted(found, key=lambda f: (order[f.indicator], -f.as_of.timestamp())))


def _casualty_readings(row: CasualtyRow, given: list[Reading], report: SituationReport) -> list[Reading]:
    """Verified, and in a line of its own what is still being corroborated: the two are never one number."""
    origin = (_("casualty files"), as_of(report.as_of, report.zone))
    readings = given or [Reading(_("verified"), words.span(row.verified_min, row.verified_max), *origin)]
    if row.corroborating_max == 0:
        return readings
    pending = words.span(row.corroborating_min, row.corroborating_max)
    return [*readings, Reading(_("being corroborated, not included"), pending, *origin)]


def _reading(figure: Figure, report: SituationReport) -> Reading:
    is_claim = figure.basis is Basis.CLAIMED
    outcomes = {row.outcome for row in report.casualties}
    label = labels.indicator(figure.indicator) if is_claim else labels.basis(figure.basis)
    if not is_claim and figure.indicator in outcomes:
        label = _("verified")
    has_change = figure.change is not None or not is_claim
    return Reading(
        label=label,
        value=words.quantity(figure),
        source=words.clean(figure.source),
        as_of=as_of(figure.as_of, report.zone, figure.age_days),
        change=words.change(figure.change) if has_change and _is_reported(figure) else "",
        note=_note(figure, label),
        is_reported=_is_reported(figure),
    )


def as_of(moment: datetime, zone: str, age_days: int = 0) -> str:
    """When a number was so and, where that is not the day of the report, how old it is: "as of 11 Aug, 1 day old"."""
    words_of_moment = _("as of %(moment)s") % {"moment": words.short_moment(moment, zone)}
    unbroken = words_of_moment.replace(" ", words.NO_BREAK)
    return f"{unbroken}, {words.age(age_days)}" if age_days > 0 else unbroken


def provenance(figure: Figure, zone: str) -> str:
    """Source and as-of in one line: "Acting governor, as of 11 Aug, 1 day old"."""
    return f"{words.clean(figure.source)}, {as_of(figure.as_of, zone, figure.age_days)}"


def children(figure: Figure) -> str:
    """How many of the people are children, where that is known."""
    if figure.children is None or figure.unit is not Unit.INDIVIDUALS:
        return ""
    return _("of whom children: %(number)s") % {"number": words.number(figure.children)}


def _note(figure: Figure, label: str) -> str:
    parts: Iterable[str] = (words.clean(figure.scope), children(figure), words.clean(figure.note))
    note = "; ".join(part for part in parts if part and part != label)
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"


def _is_reported(figure: Figure) -> bool:
    return any(number is not None for number in (figure.value, figure.value_min, figure.value_max))
