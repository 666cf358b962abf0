"""The reconciliation line: who was to leave, who left and how, who remains, and where those are whom we know of.

Claims and counts stand in one line so that a reader can hold them against each other; nothing in it is added up. The one
difference, `unexplained`, is taken between claims (see `reports.editions.districts.unexplained`).
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from displacement.models.movement import Means
from reports.editions.day import Day
from reports.editions.districts import newest
from reports.editions.phrases import joined
from reports.editions.report import ReconciliationLine, ReconciliationStep, RegionRow
from reports.figures.count import Count, headcount
from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit
from reports.figures.mark import shown

#: The steps in the order in which they are read, and what each rests on.
STEPS = {
    "to_evacuate": Basis.CLAIMED,
    "left_claimed": Basis.CLAIMED,
    "left_organised_claimed": Basis.CLAIMED,
    "left_own_means_claimed": Basis.CLAIMED,
    "left": Basis.REGISTERED,
    "left_organised": Basis.REGISTERED,
    "left_own_means": Basis.REGISTERED,
    "left_means_unknown": Basis.REGISTERED,
    "remaining": Basis.CLAIMED,
    "in_transit": Basis.REGISTERED,
    "sheltered_claimed": Basis.CLAIMED,
    "sheltered_stays": Basis.REGISTERED,
    "sheltered_headcount": Basis.HEADCOUNT,
    "elsewhere": Basis.REGISTERED,
    "registered": Basis.REGISTERED,
    "unexplained": Basis.CLAIMED,
}
_CUMULATIVE = frozenset({"left", "left_organised", "left_own_means", "left_means_unknown", "registered"})


def reconciliation(day: Day, rows: Iterable[RegionRow]) -> tuple[ReconciliationLine, ...]:
    """A line for each row of the table of districts, with the same numbers where both have them. No query."""
    return tuple(
        ReconciliationLine(
            row.region,
            row.name,
            tuple(ReconciliationStep(step, STEPS[step], figure) for step, figure in _steps(day, row)),
            is_total=row.is_total,
            is_rest=row.is_rest,
        )
        for row in rows
    )


def _steps(day: Day, row: RegionRow) -> Iterator[tuple[str, Figure | None]]:
    """Every step once, in the order of `STEPS`."""
    found = {**_claimed(day.counted, row), **_counted(day, row)}
    for step in STEPS:
        yield step, found[step]


def _claimed(counted: Count, row: RegionRow) -> dict[str, Figure | None]:
    """What others say. Of people whose district is not known nobody can say anything."""
    claims = [] if row.is_rest else [claim for claim in counted.claims if claim.region == row.region]
    return {
        "to_evacuate": row.to_evacuate,
        "left_claimed": row.evacuated,
        "left_organised_claimed": newest(claims, "evacuated_organised"),
        "left_own_means_claimed": newest(claims, "left_own_means"),
        "remaining": row.remaining,
        "sheltered_claimed": newest(claims, "sheltered"),
        "unexplained": _unexplained(row),
    }


def _unexplained(row: RegionRow) -> Figure | None:
    """The difference as a figure: it is as old as the oldest claim in it, and no more exact than the least exact."""
    parts = [figure for figure in (row.to_evacuate, row.evacuated, row.remaining) if figure is not None]
    value = shown(row.unexplained)
    if value is None:
        return None
    oldest = min(parts, key=lambda figure: figure.as_of)
    is_exact = all(figure.qualifier is Qualifier.EXACT for figure in parts)
    sources = joined(list(dict.fromkeys(figure.source for figure in parts)))
    return Figure(
        indicator="unexplained",
        region=row.region,
        basis=Basis.CLAIMED,
        kind=Kind.STOCK,
        unit=Unit.INDIVIDUALS,
        value=value,
        qualifier=Qualifier.EXACT if is_exact else Qualifier.ABOUT,
        as_of=oldest.as_of,
        source=sources,
        age_days=oldest.age_days,
        note=_("to evacuate less left less remaining"),
    )


def _counted(day: Day, row: RegionRow) -> dict[str, Figure | None]:
    """What we count, and what site managers counted."""
    ids = _ids(day.counted, row)
    sites = day.counted.all_sites.within(ids)
    numbers = {
        "left": shown(row.left),
        "left_organised": day.departures.by(Means.ORGANISED, ids),
        "left_own_means": day.departures.by(Means.OWN, ids),
        "left_means_unknown": day.departures.by(Means.UNKNOWN, ids),
        "in_transit": shown(row.in_transit),
        "sheltered_stays": shown(row.sheltered),
        "elsewhere": shown(row.elsewhere),
        "registered": shown(row.registered),
    }
    figures = {step: _ours(day.counted, row, step, number) for step, number in numbers.items()}
    told = headcount(day.counted, sites, row.region)
    return {**figures, "sheltered_headcount": None if told.value is None else told}


def _ours(counted: Count, row: RegionRow, step: str, number: int | None) -> Figure | None:
    if number is None:
        return None
    return Figure(
        indicator=step,
        region=row.region,
        basis=Basis.REGISTERED,
        kind=Kind.CUMULATIVE if step in _CUMULATIVE else Kind.STOCK,
        unit=Unit.INDIVIDUALS,
        value=number,
        qualifier=Qualifier.EXACT,
        as_of=counted.moment.as_of,
        source=_("Musterpoint register"),
    )


def _ids(counted: Count, row: RegionRow) -> frozenset[int]:
    """The regions of a row: all, only the one itself for people whose district is not known, or those of a district."""
    subtree = counted.subtree
    if row.is_total:
        return subtree.ids
    if row.is_rest:
        return frozenset({subtree.region.pk})
    return frozenset(pk for pk, part in subtree.part_of.items() if part.key == row.region)
