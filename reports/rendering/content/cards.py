"""Key figures: what was counted of a subject, and beside it what is claimed of the same.

A claim stands beside the count that it can be held against, never inside it. Subjects that only one side knows are
shown as such: a claim that we cannot count, a count of which nobody spoke.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.report import CasualtyRow, SituationReport
from reports.figures.figure import Basis, Figure, Qualifier, Unit
from reports.figures.indicators import INDICATORS
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.document import Card, Reading

# Indicators that stand on the card of another: what is claimed under one name is held against a count under another.
SUBJECTS = {
    "left": "displaced",
    "evacuated": "displaced",
    "evacuated_24h": "left_24h",
    "sites_open": "shelters_open",
    "missing_persons": "missing",
}
PENDING = "_corroborating"  # ends the indicators of victims who are not verified

LONGEST_NOTE = 110  # characters on a card; the table of claims has all
CLAIMS_ON_A_CARD = 2  # of the newest day; the table of claims has all


def key_cards(report: SituationReport) -> tuple[Card, ...]:
    """One card per subject, in the order of the key figures; subjects that are only claimed come last.

    Claims about districts stand in their tables, not here: they would be compared with the count of the whole region.
    """
    counted: dict[str, list[Reading]] = {}
    claimed: dict[str, list[Figure]] = {}
    pending = {f.indicator for f in report.key_figures if f.indicator.endswith(PENDING)}
    outcomes = {row.outcome: row for row in report.casualties}
    for figure in report.key_figures:
        if figure.basis is not Basis.CLAIMED:
            subject = subject_of(figure.indicator)
            counted.setdefault(subject, []).append(_counted(figure, subject, report))
    for figure in claims_of(report):
        if figure.region == report.region:
            claimed.setdefault(subject_of(figure.indicator), []).append(figure)
    for outcome, row in outcomes.items():
        if (outcome in counted or outcome in claimed) and f"{outcome}{PENDING}" not in pending:
            counted[outcome] = [*counted.get(outcome, [_verified(row, report)]), *_pending(row, report)]
    return tuple(
        _card(subject, counted.get(subject, []), claimed.get(subject, []), report)
        for subject in dict.fromkeys((*counted, *claimed))
    )


def has_changes(report: SituationReport) -> bool:
    """Whether anything is compared with an earlier edition; in a first one nothing is, and nobody needs to read so."""
    return any(figure.change is not None for figure in report.key_figures)


def _card(subject: str, counted: list[Reading], claims: list[Figure], report: SituationReport) -> Card:
    """Of the claims the one that a named person let lead, and those about the newest day, since an older one is history; who
    disagree on a day stand together.
    """
    claims = sorted(claims, key=lambda claim: (not claim.is_chosen, -claim.as_of.timestamp()))
    youngest = min((claim.age_days for claim in claims), default=0)
    shown = [c for c in claims if c.is_chosen or c.age_days == youngest][:CLAIMS_ON_A_CARD]
    return Card(
        subject=labels.indicator(subject),
        counted=tuple(counted),
        claimed=tuple(_claimed(claim, report) for claim in shown),
        more=_more(len(claims) - len(shown)),
    )


def _more(claims: int) -> str:
    if claims == 0:
        return ""
    text = ngettext("%(n)s more in the table of claims", "%(n)s more in the table of claims", claims)
    return text % {"n": words.number(claims)}


def subject_of(indicator: str) -> str:
    """The indicator under whose name a figure is shown."""
    return SUBJECTS.get(indicator, indicator.removesuffix(PENDING))


def claims_of(report: SituationReport) -> tuple[Figure, ...]:
    """Every claim once: those of the report's own region first, in the order of the key figures, the newest first."""
    listed = (*report.key_figures, *report.claims)
    found = tuple(dict.fromkeys(figure for figure in listed if figure.basis is Basis.CLAIMED))
    order = {name: place for place, name in enumerate(dict.fromkeys(figure.indicator for figure in listed))}

    def rank(claim: Figure) -> tuple[bool, str, int, float]:
        is_below = claim.region != report.region
        return (is_below, claim.region if is_below else "", order[claim.indicator], -claim.as_of.timestamp())

    return tuple(sorted(found, key=rank))


def _counted(figure: Figure, subject: str, report: SituationReport) -> Reading:
    if figure.indicator.endswith(PENDING):
        label = _("being corroborated, not included")
    elif f"{figure.indicator}{PENDING}" in INDICATORS:
        label = _("verified")
    elif figure.indicator != subject:
        label = f"{labels.indicator(figure.indicator)}, {labels.basis(figure.basis)}"
    else:
        label = labels.basis(figure.basis)
    return _reading(figure, label, report, change=words.change(figure.change) if has_changes(report) else "")


def _claimed(figure: Figure, report: SituationReport) -> Reading:
    change = "" if figure.change is None else words.change(figure.change)
    return _reading(figure, labels.indicator(figure.indicator), report, change=change)


def _reading(figure: Figure, label: str, report: SituationReport, *, change: str) -> Reading:
    is_reported = any(number is not None for number in (figure.value, figure.value_min, figure.value_max))
    is_reported = is_reported and figure.qualifier is not Qualifier.SUPPRESSED
    return Reading(
        label=label,
        value=words.quantity(figure),
        source=words.clean(figure.source),
        as_of=as_of(figure.as_of, report.zone, figure.age_days),
        change=change if is_reported else "",
        note=_note(figure, label),
        is_reported=is_reported,
    )


def _verified(row: CasualtyRow, report: SituationReport) -> Reading:
    return _of_files(_("verified"), words.span(row.verified_min, row.verified_max), report)


def _pending(row: CasualtyRow, report: SituationReport) -> list[Reading]:
    if row.corroborating_max == 0:
        return []
    number = words.span(row.corroborating_min, row.corroborating_max)
    return [_of_files(_("being corroborated, not included"), number, report)]


def _of_files(label: str, number: str, report: SituationReport) -> Reading:
    return Reading(label, number, _("casualty files"), as_of(report.as_of, report.zone))


def as_of(moment: datetime, zone: str, age_days: int = 0) -> str:
    """When a number was so and, if that is not the day of the report, how old it is: "as of 11 Aug, 1 day old"."""
    text = _("as of %(moment)s") % {"moment": words.short_moment(moment, zone)}
    unbroken = text.replace(" ", words.NO_BREAK)
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
    parts = (words.clean(figure.scope), children(figure), words.clean(figure.note))
    note = "; ".join(part for part in parts if part and not label.startswith(part))
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
