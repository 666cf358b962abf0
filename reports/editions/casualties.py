"""Casualties in separate columns and separate sentences: verified, being corroborated, claimed. Nothing adds them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from displacement.models.casualty import Outcome
from reports.editions.phrases import day_of, joined, said, sentence, span
from reports.editions.report import CasualtyRow
from reports.figures.casualties import OUTCOMES
from reports.figures.count import Count
from reports.figures.figure import Figure
from reports.figures.mark import shown
from reports.figures.moment import Moment

#: What a claim must be about to stand in the row of an outcome.
_CLAIMED_AS = {
    Outcome.KILLED: "killed",
    Outcome.INJURED: "injured",
    Outcome.HOSPITALISED: "hospitalised",
    Outcome.MISSING: "missing_persons",
}
_LABELS = {
    Outcome.KILLED: gettext_lazy("Killed"),
    Outcome.INJURED: gettext_lazy("Injured"),
    Outcome.HOSPITALISED: gettext_lazy("Hospitalised"),
    Outcome.MISSING: gettext_lazy("Missing"),
    Outcome.DIED_LATER: gettext_lazy("Died later of injuries"),
}
_PEOPLE = {
    "killed": gettext_lazy("%(number)s killed"),
    "injured": gettext_lazy("%(number)s injured"),
    "hospitalised": gettext_lazy("%(number)s in hospital"),
    "missing": gettext_lazy("%(number)s missing"),
    "missing_persons": gettext_lazy("%(number)s missing"),
    "died_later": gettext_lazy("%(number)s who died later of injuries"),
}


def casualty_rows(counted: Count) -> tuple[CasualtyRow, ...]:
    """One row per outcome, whether or not anything is known of it."""
    region = counted.subtree.region.key
    rows = []
    for outcome in OUTCOMES:
        verified = counted.casualties.verified(outcome)
        pending = counted.casualties.corroborating(outcome)
        about = _CLAIMED_AS.get(outcome)
        claims = tuple(c for c in counted.claims if c.region == region and c.indicator == about)
        rows.append(
            CasualtyRow(
                outcome=str(outcome),
                label=str(_LABELS[outcome]),
                verified_min=verified.low,
                verified_max=verified.high,
                corroborating_min=pending.low,
                corroborating_max=pending.high,
                of_which_children_verified=verified.children,
                claims=claims,
            )
        )
    return tuple(rows)


def casualty_sentences(counted: Count, rows: Iterable[CasualtyRow]) -> tuple[str, ...]:
    """Verified in one sentence, being corroborated in another, and one per source of claims."""
    listed = list(rows)
    if not counted.casualties.has_files:
        ours = [
            _("No civilian casualty of this operation is on file here; that does not say that there is none.")
        ]
    else:
        ours = [*counted_sentences(listed)]
    return (*ours, *claim_sentences(listed, counted.moment))


def counted_sentences(rows: list[CasualtyRow]) -> tuple[str, str]:
    """What is verified, and what is being corroborated."""
    return _verified(rows), _corroborating(rows)


def _verified(rows: list[CasualtyRow]) -> str:
    parts = [_with_children(row) for row in rows if row.verified_max]
    if not parts:
        return _("Verified: none so far.")
    return _("Verified civilian casualties: %(numbers)s.") % {"numbers": joined(parts)}


def _with_children(row: CasualtyRow) -> str:
    text = str(_PEOPLE[row.outcome]) % {"number": span(row.verified_min, row.verified_max)}
    children = shown(row.of_which_children_verified)
    if not children:
        return text
    return _("%(people)s (of whom children: %(children)s)") % {
        "people": text,
        "children": children,
    }


def _corroborating(rows: list[CasualtyRow]) -> str:
    parts = [
        str(_PEOPLE[row.outcome]) % {"number": span(row.corroborating_min, row.corroborating_max)}
        for row in rows
        if row.corroborating_max
    ]
    if not parts:
        return _("Being corroborated: none at present.")
    return _("Still being corroborated, and not included above: %(numbers)s.") % {"numbers": joined(parts)}


def claim_sentences(rows: Iterable[CasualtyRow], moment: Moment) -> list[str]:
    """One sentence per source and day, so that no two sources' numbers ever stand in one enumeration."""
    by_source: dict[tuple[str, str], list[Figure]] = {}
    for row in rows:
        for claim in row.claims:
            by_source.setdefault((claim.source, day_of(claim, moment)), []).append(claim)
    return [
        sentence(
            _("%(source)s claimed, as of %(day)s and not verified by us: %(numbers)s.")
            % {"source": source, "day": day, "numbers": joined([_said_of(claim) for claim in claims])}
        )
        for (source, day), claims in sorted(
            by_source.items(), key=lambda item: (-item[1][0].as_of.timestamp(), item[0][0])
        )
    ]


def _said_of(claim: Figure) -> str:
    return str(_PEOPLE[claim.indicator]) % {"number": said(claim)}
