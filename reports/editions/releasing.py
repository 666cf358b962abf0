"""What partners and the public may see: the two steps that every report takes before it leaves the house.

`release` makes of an exact report the one for an audience; `gate` attacks it, with everything that anybody outside ever
got, and raises where it would give a hidden number away. Both raise DisclosureFailed, and then nothing may leave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
from reports.editions.together import joined, releases


def release(report: SituationReport, *, audience: str, earlier: Sequence[SituationReport]) -> SituationReport:
    """The report as the audience may see it: small counts hidden and others beside them, changes and words drafted anew.

    `report` is exact. `earlier` is everything that readers outside were ever given of the operation, oldest first: every
    audience's, since somebody may read two; every region's; withdrawn editions and those of the same day too, since what
    was once sent cannot be unsaid. Of several languages one is enough, since all say the same numbers. For an internal
    audience the report stays as it is. No query. Raises DisclosureFailed where what must be hidden cannot be.
    """
    if audience in EXACT:
        return replace(report, audience=audience)
    threshold = threshold_of(audience)
    with override(report.language):
        told = replace(_without_inner(_without_few_sites(report, audience)), audience=audience)
        whole = _guessed(told)
        hidden = frozenset(narrow_children(told, threshold))
        for readers in _readers(audience, earlier):
            hidden = protect(
                joined(whole, told, readers.reports),
                releases(readers.reports),
                also=hidden,
                threshold=readers.threshold,
            ).hidden
        same = (report.region, audience)
        before = [o for o in earlier if o.local_day < report.local_day and (o.region, o.audience) == same]
        return retold(hide(told, hidden, before[-1] if before else None, threshold), threshold)


def gate(report: SituationReport, *, earlier: Sequence[SituationReport]) -> None:
    """Returns where nothing that the report or an earlier one hides can be worked out from all of them together.

    `report` is a released one, `earlier` the same as for `release`. Attacked as its own audience knows them, and as somebody
    does who reads what each audience gets. Raises DisclosureFailed, whose sentence has codes only, where a number is found,
    and where the attack itself fails. An internal report passes, since it leaves to nobody.
    """
    if report.audience in EXACT:
        return
    for readers in _readers(report.audience, earlier):
        try:
            known = releases([*readers.reports, report])
        except Exception as error:
            raise DisclosureFailed("not_measured") from error
        pass_gate(known)


@dataclass(frozen=True, slots=True)
class _Readers:
    """People who know these reports, and from how many values on a hidden number is safe from them."""

    reports: tuple[SituationReport, ...]
    threshold: int


def _readers(audience: str, earlier: Sequence[SituationReport]) -> Iterator[_Readers]:
    """Those who read what the audience gets, and where others get something, those who read that too.

    The latter know what any of them is shown, so that the lowest threshold is theirs.
    """
    own = tuple(other for other in earlier if other.audience == audience)
    yield _Readers(own, threshold_of(audience))
    if len(own) < len(earlier):
        thresholds = {threshold_of(other.audience) for other in earlier}
        yield _Readers(tuple(earlier), min(thresholds | {threshold_of(audience)}))


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
