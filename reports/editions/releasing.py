"""What partners and the public may see: the two steps that every report takes before it leaves the house.

`release` makes of an exact report the one for an audience; `gate` attacks it, with everything that audience ever got, and
raises where it would give a hidden number away. Both raise DisclosureFailed, and then nothing may leave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import override

from reports.disclosure.cells import Relation, Release
from reports.disclosure.failed import DisclosureFailed
from reports.disclosure.gate import pass_gate
from reports.disclosure.protect import protect
from reports.disclosure.tables import EXACT, FEWEST_SITES, threshold_of
from reports.editions.hiding import hide
from reports.editions.measured import guesses, known_places, measured, narrow_children
from reports.editions.report import SituationReport
from reports.editions.retold import retold


def release(report: SituationReport, *, audience: str, earlier: Sequence[SituationReport]) -> SituationReport:
    """The report as the audience may see it: small counts hidden and others beside them, changes and words drafted anew.

    `report` is exact. `earlier` is everything that this audience was ever given of the region and operation, oldest first,
    withdrawn editions and those of the same day included: what was once sent cannot be unsaid. Of several languages one is
    enough, since all say the same numbers. For an internal audience the report stays as it is. No query.
    Raises DisclosureFailed where what must be hidden cannot be.
    """
    if audience in EXACT:
        return replace(report, audience=audience)
    threshold = threshold_of(audience)
    with override(report.language):
        told = replace(_without_inner(_without_few_sites(report, audience)), audience=audience)
        whole = _guessed(told)
        hidden = protect(
            whole.hiding(frozenset(narrow_children(told, threshold))),
            [measured(other) for other in earlier],
            threshold=threshold,
        ).hidden
        before = [other for other in earlier if other.local_day < report.local_day]
        return retold(hide(told, hidden, before[-1] if before else None, threshold), threshold)


def gate(report: SituationReport, *, earlier: Iterable[SituationReport]) -> None:
    """Returns where nothing that the report or an earlier one hides can be worked out from all of them together.

    `report` is a released one, `earlier` the same as for `release`. Raises DisclosureFailed, whose sentence has codes only,
    where it can, and where the attack itself fails. An internal report passes, since it leaves to nobody.
    """
    if report.audience in EXACT:
        return
    try:
        releases = [measured(other) for other in (*earlier, report)]
    except Exception as error:
        raise DisclosureFailed("not_measured") from error
    pass_gate(releases)


def _without_inner(report: SituationReport) -> SituationReport:
    """Without what is for us: the reconciliation line, whose parts no sum protects; codes of flags with what people said of
    them; and which sources owe us a number.
    """
    silences = tuple(silence for silence in report.silences if silence.every_days is None)
    return replace(report, reconciliation=(), flag_rows=(), silences=silences)


def _guessed(report: SituationReport) -> Release:
    """The exact report with the sums that somebody may guess; a sum that does not hold of it is nobody's knowledge."""
    found = measured(report)
    cells = {**dict(known_places(report)), **found.cells}
    relations = (*found.relations, *guesses(report))
    whole = replace(found, cells=cells)
    return replace(whole, relations=tuple(relation for relation in relations if _holds(relation, whole)))


def _holds(relation: Relation, release: Release) -> bool:
    rest = 0
    for factor, key in relation.terms:
        cell = release.cells.get(key)
        if cell is not None and isinstance(cell.value, int):
            rest += factor * cell.value
    return rest == 0 if relation.is_equal else rest <= 0


def _without_few_sites(report: SituationReport, audience: str) -> SituationReport:
    """For the public shelters by region only where each region has several: one or two are places that can be found."""
    parts = [row for row in report.shelters if not row.is_total]
    if audience == "public":
        report = replace(report, silences=tuple(silence for silence in report.silences if not silence.region))
        if any(row.sites_open < FEWEST_SITES for row in parts):
            return replace(report, shelters=tuple(row for row in report.shelters if row.is_total))
    return report
