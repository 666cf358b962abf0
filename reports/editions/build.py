"""Build a situation report: count once, make every table from it, draft the words. It writes nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from displacement.models import Source
from regions.models import AreaStatus, Operation, Region
from reports.editions import shelters
from reports.editions.acknowledgements import flag_rows
from reports.editions.casualties import casualty_rows, casualty_sentences
from reports.editions.choices import choices
from reports.editions.day import Day, count_day
from reports.editions.districts import host_rows, leading_first, region_rows, silent_parts
from reports.editions.highlights import Draft, highlights
from reports.editions.method import method
from reports.editions.people import need_rows, sex_age_rows
from reports.editions.reconciliation import reconciliation
from reports.editions.report import MapPoint, RegionRow, SeriesPoint, SituationReport
from reports.editions.revisions import revisions
from reports.editions.silences import silences
from reports.editions.unknowns import unknowns
from reports.figures.count import Count, figures_of
from reports.figures.figure import Basis, Figure
from reports.figures.mark import shown
from reports.flags import Material, raise_flags

#: What opens the report, in this order; everything else stands in its tables.
KEY_INDICATORS = (
    "displaced",
    "left_24h",
    "arrived_24h",
    "registered",
    "returned",
    "hosted",
    "sheltered",
    "sheltered_elsewhere",
    "shelters_open",
    "places_free",
    "protected_places",
    "protection_gap",
    "killed",
    "injured",
    "missing",
    "evacuated",
    "people_to_evacuate",
    "remaining",
)


def build_report(
    *,
    operation: Operation,
    region: Region,
    local_day: date,
    known_at: datetime,
    number: int,
    previous: SituationReport | None,
    is_late: bool = False,
    language: str = "en",
    audience: str = "internal",
    day: Day | None = None,
) -> SituationReport:
    """The report of one region and local day, as known at a moment.

    The same arguments give an equal object whatever was recorded after `known_at`. `previous` is the edition before
    it, with which changes and revisions are taken. `day` is what was counted already, for editions in several languages or
    for several audiences; it must be of the same region, day and moment. About 20 queries, whatever the number of
    districts; about 10 where the day is counted.
    """
    with translation.override(language):
        day = day or count_day(operation=operation, region=region, local_day=local_day, known_at=known_at)
        as_of = operation.day_ends_at(local_day)
        next_day = local_day + timedelta(days=1)
        is_last = operation.ends_on is not None and next_day > operation.ends_on
        return SituationReport(
            title=_("%(region)s: displacement, shelter and civilian harm") % {"region": region.name},
            operation=operation.key,
            operation_name=operation.name,
            region=region.key,
            region_name=region.name,
            number=number,
            local_day=local_day,
            audience=audience,
            language=language,
            zone=operation.zone,
            as_of=as_of,
            known_at=known_at,
            period_start=operation.day_starts_at(local_day),
            next_due_at=None if is_last else operation.due_at(next_day),
            produced_by="Musterpoint",
            is_late=is_late,
            **_content(day.in_active_language(), previous),
        )


def _content(day: Day, previous: SituationReport | None) -> dict[str, Any]:
    """Everything below the heading, by field of the report, in the active language."""
    counted, areas = day.counted, day.areas
    statuses = _statuses(counted)
    rows = region_rows(counted, statuses, _source_types(counted.claims), previous)
    hosts = host_rows(counted, previous)
    sex_age = sex_age_rows(counted)
    sites = shelters.shelter_rows(areas)
    headcounts = sum(len(area.sites.reporting) for area in areas)
    casualties = casualty_rows(counted)
    series = day.series
    late = day.late_since(previous)
    figures = tuple(with_change(figure, previous) for figure in figures_of(counted))
    claims = tuple(with_change(claim, previous) for claim in counted.claims)
    raised = raise_flags(_material(counted, rows, areas, series, previous))
    return {
        "highlights": highlights(Draft(counted, rows, sites, casualties, headcounts)),
        "key_figures": _key_figures(figures),
        "regions": rows,
        "hosts": hosts,
        "sex_age": sex_age,
        "needs": need_rows(counted),
        "shelters": sites,
        "casualties": casualties,
        "casualty_sentences": casualty_sentences(counted, casualties),
        "claims": claims,
        "silences": silences(counted, areas, silent_parts(counted, rows)),
        "revisions": revisions(previous, {point.day: shown(point.displaced) or 0 for point in series}, late),
        "late_registrations": 0 if late is None else late.total,
        "flags": tuple(each.doubt.text for each in raised),
        "flag_rows": flag_rows(raised, counted.subtree.region, counted.moment),
        "unknowns": unknowns(counted, rows, hosts, sex_age, areas),
        "method": (*method(), *choices(counted)),
        "series": series,
        "map_points": _map_points(rows, hosts),
        "reconciliation": reconciliation(day, rows),
    }


def _key_figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures that open the report; of claims only the newest of each source."""
    found = []
    for indicator in KEY_INDICATORS:
        about = [figure for figure in figures if figure.indicator == indicator]
        found += [figure for figure in about if figure.basis is not Basis.CLAIMED]
        claims = {f.source: f for f in sorted(about, key=lambda f: f.as_of) if f.basis is Basis.CLAIMED}
        found += sorted(claims.values(), key=leading_first)
    return tuple(found)


def with_change(figure: Figure, previous: SituationReport | None) -> Figure:
    """The figure with its change against the previous edition, where that had one of the same key, kind and unit."""
    if previous is None or figure.value is None:
        return figure
    same = (figure.key, figure.kind, figure.unit)
    before = next((f for f in _figures(previous) if (f.key, f.kind, f.unit) == same), None)
    if before is None or before.value is None:
        return figure
    return replace(figure, change=figure.value - before.value)


def _figures(report: SituationReport) -> tuple[Figure, ...]:
    """Every figure that an edition froze."""
    return (*report.key_figures, *report.claims)


def _statuses(counted: Count) -> dict[int, str]:
    """The condition of each area of the region in words, as of and as known at the moment; one query."""
    moment = counted.moment
    found = (
        AreaStatus.objects.as_of(moment.as_of)
        .known_at(moment.known_at)
        .filter(region_id__in=counted.subtree.ids)
        .order_by("region_id", "-occurred_at", "-recorded_at", "-pk")
        .distinct("region_id")
    )
    return {status.region_id: str(status.get_condition_display()) for status in found}


def _source_types(claims: Iterable[Figure]) -> dict[str, str]:
    """What each source of the claims is, by name; one query."""
    names = {claim.source for claim in claims}
    return dict(Source.objects.filter(name__in=names).values_list("name", "type"))


def _material(
    counted: Count,
    rows: tuple[RegionRow, ...],
    areas: list[shelters.Area],
    series: Iterable[SeriesPoint],
    previous: SituationReport | None,
) -> Material:
    """What the flags look at."""
    districts = [row for row in rows if not row.is_total and not row.is_rest and row.status]
    baselines = [row.baseline for row in districts]
    known = [number for number in baselines if number is not None]
    region = counted.subtree.region.key
    return Material(
        region=region,
        figures=(*(f for f in figures_of(counted) if f.basis is not Basis.CLAIMED), *counted.claims),
        history=() if previous is None else _figures(previous),
        baselines={row.region: row.baseline for row in rows if row.baseline and not row.is_rest},
        affected_population=sum(known) if known and len(known) == len(baselines) else None,
        sites_over_capacity=len(shelters.over_capacity(areas)),
        displaced_by_day=tuple(shown(point.displaced) or 0 for point in series),
        unexplained=next(shown(row.unexplained) for row in rows if row.is_total),
    )


def _map_points(rows: Iterable[RegionRow], hosts: Iterable[RegionRow]) -> tuple[MapPoint, ...]:
    """Districts that people left or are in and regions that host them, where their place is known; one query."""
    listed = [row for row in (*rows, *hosts) if not row.is_total and not row.is_rest]
    places = {r.key: r for r in Region.objects.filter(key__in=[row.region for row in listed])}
    return tuple(
        MapPoint(
            row.region, row.name, at.latitude, at.longitude, row.displaced or 0, row.hosted or 0, row.status
        )
        for row in listed
        if (at := places.get(row.region)) is not None
        and at.latitude is not None
        and at.longitude is not None
        and (row.displaced or row.hosted)
    )
