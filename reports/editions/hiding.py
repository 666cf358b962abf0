"""A report with cells hidden, wherever their numbers stand; changes are taken from what was published."""

from dataclasses import replace
from typing import Any, TypeVar

from reports.disclosure.cells import Key
from reports.editions.places import (
    HOST_FIELDS,
    REGION_FIELDS,
    SERIES_FIELDS,
    SEXES,
    SHELTER_FIELDS,
    children_key,
    figure_key,
    host_key,
    is_casualty,
    need_key,
    region_key,
    series_key,
    sex_age_key,
    shelter_key,
    total_key,
)
from reports.editions.report import MapPoint, RegionRow, Revision, SituationReport
from reports.figures.figure import Basis, Figure, Qualifier
from reports.figures.mark import Count, Mark

Hidden = frozenset[Key]
Part = TypeVar("Part", bound=Any)


def hide(
    report: SituationReport, hidden: Hidden, before: SituationReport | None, threshold: int
) -> SituationReport:
    """The report without these numbers. `before` is the report that this audience got before, with which it compares."""
    rows = tuple(_row(report, row, hidden, before) for row in report.regions)
    hosts = tuple(_host(report, row, hidden, before) for row in report.hosts)
    late = report.late_registrations
    return replace(
        report,
        key_figures=tuple(_figure(report, figure, hidden, before) for figure in report.key_figures),
        regions=rows,
        hosts=hosts,
        sex_age=tuple(
            _marked(row, {s: sex_age_key(report, row.band, s) for s in (*SEXES, "total")}, hidden)
            for row in report.sex_age
        ),
        needs=tuple(_marked(row, {"people": need_key(report, row.code)}, hidden) for row in report.needs),
        shelters=tuple(
            _marked(row, {f: shelter_key(report, row, f) for f in SHELTER_FIELDS}, hidden)
            for row in report.shelters
        ),
        casualties=tuple(
            _marked(row, {"of_which_children_verified": children_key(report, row.outcome)}, hidden)
            for row in report.casualties
        ),
        series=tuple(
            _marked(point, {f: series_key(report, f, point.day) for f in SERIES_FIELDS}, hidden)
            for point in report.series
        ),
        revisions=tuple(
            revision for row in report.revisions if (revision := _revision(report, row, hidden, before))
        ),
        late_registrations=Mark.SUPPRESSED if isinstance(late, int) and 0 < late < threshold else late,
        map_points=tuple(_point(point, rows, hosts) for point in report.map_points),
    )


def _marked(part: Part, keys: dict[str, Key], hidden: Hidden) -> Part:
    """The row with a mark for each hidden number."""
    marks: dict[str, Any] = {field: Mark.SUPPRESSED for field, key in keys.items() if key in hidden}
    return replace(part, **marks) if marks else part


def difference(now: Count, before: Count) -> Count:
    """The change between two published numbers: hidden where one is, since it would give that back."""
    if now is None or before is None:
        return None
    if isinstance(now, Mark) or isinstance(before, Mark):
        return Mark.SUPPRESSED
    return now - before


def _row(
    report: SituationReport, row: RegionRow, hidden: Hidden, before: SituationReport | None
) -> RegionRow:
    told: RegionRow = _marked(row, {f: region_key(report, row, f) for f in REGION_FIELDS}, hidden)
    same = (row.region, row.is_total, row.is_rest)
    rows = before.regions if before else ()
    earlier = next((r.displaced for r in rows if (r.region, r.is_total, r.is_rest) == same), None)
    return replace(told, change=difference(told.displaced, earlier))


def _host(
    report: SituationReport, row: RegionRow, hidden: Hidden, before: SituationReport | None
) -> RegionRow:
    told: RegionRow = _marked(row, {f: host_key(report, row, f) for f in HOST_FIELDS}, hidden)
    rows = before.hosts if before else ()
    earlier = next((r.hosted for r in rows if (r.region, r.is_rest) == (row.region, row.is_rest)), None)
    return replace(told, change=difference(told.hosted, earlier))


def _figure(
    report: SituationReport, figure: Figure, hidden: Hidden, before: SituationReport | None
) -> Figure:
    if figure.basis is Basis.CLAIMED:
        return figure
    if figure_key(report, figure) in hidden:
        figure = replace(
            figure, value=None, value_min=None, value_max=None, qualifier=Qualifier.SUPPRESSED, change=None
        )
    if children_key(report, figure.indicator) in hidden and figure.children is not None:
        figure = replace(figure, children=Mark.SUPPRESSED)
    if figure_key(report, figure) is None and not is_casualty(report, figure):
        return figure  # sites and announced places
    figures = before.key_figures if before else ()
    same = next((f for f in figures if f.key == figure.key and f.kind == figure.kind), None)
    return replace(figure, change=None if same is None else difference(_count(figure), _count(same)))


def _count(figure: Figure) -> Count:
    return Mark.SUPPRESSED if figure.qualifier is Qualifier.SUPPRESSED else figure.value


def _revision(
    report: SituationReport, row: Revision, hidden: Hidden, before: SituationReport | None
) -> Revision | None:
    """What this audience was told of the day, and what it is told now; nothing where it was told nothing else."""
    told = next((p.displaced for p in before.series if p.day == row.day), None) if before else None
    if told is None:
        return None
    now = Mark.SUPPRESSED if total_key(report, "displaced", row.day) in hidden else row.after
    return None if now == told else replace(row, before=told, after=now)


def _point(point: MapPoint, rows: tuple[RegionRow, ...], hosts: tuple[RegionRow, ...]) -> MapPoint:
    """A circle is as hidden as the number in the tables."""
    told = {row.region: row for row in (*hosts, *rows) if not row.is_total and not row.is_rest}
    row = told.get(point.region)
    marks: dict[str, Any] = {
        field: Mark.SUPPRESSED
        for field in ("displaced", "hosted")
        if row is not None and getattr(row, field) is Mark.SUPPRESSED
    }
    return replace(point, **marks)
