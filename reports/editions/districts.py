"""The table per district and the table of regions that host its people. Columns are never added to each other."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from regions.models import Region
from reports.editions.report import RegionRow, SituationReport
from reports.figures.count import Count
from reports.figures.figure import Figure, Qualifier
from reports.figures.mark import Count as Number
from reports.figures.mark import shown
from reports.figures.subtree import hosts_of

#: A difference is taken of numbers said as a value; "more than" and its like bound a number and do not give it.
_GIVEN = frozenset({Qualifier.EXACT, Qualifier.ABOUT})


def region_rows(
    counted: Count,
    statuses: Mapping[int, str],
    source_types: Mapping[str, str],
    previous: SituationReport | None,
) -> tuple[RegionRow, ...]:
    """One row per district of which anything is known, one of people whose district is not known, and the total.

    The districts' and the rest's numbers of people add up to the total's, since all are sums over the same cells.
    """
    subtree = counted.subtree
    rows = [
        row
        for part in subtree.parts
        if not _is_empty(row := _row(counted, part, _below(counted, part), statuses, source_types))
    ]
    rest = _rest(counted)
    total = replace(_row(counted, subtree.region, subtree.ids, statuses, source_types), is_total=True)
    found = [*rows, *([rest] if rest else []), total]
    return tuple(replace(row, change=_change(row, previous)) for row in found)


def silent_parts(counted: Count, rows: Iterable[RegionRow]) -> list[Region]:
    """Districts of which nobody told or counted anything."""
    told = {row.region for row in rows}
    return [part for part in counted.subtree.parts if part.key not in told]


def host_rows(counted: Count, previous: SituationReport | None) -> tuple[RegionRow, ...]:
    """Regions outside that host the region's displaced people, most first; those whose place is not known come last."""
    hosted, sheltered = counted.people.hosted_from_here(), counted.people.sheltered_from_here()
    places = hosts_of([pk for pk in (*hosted, *sheltered) if pk is not None], counted.subtree)
    rows = []
    for region in sorted(set(places.values()), key=lambda r: r.path):
        inside = {pk for pk, host in places.items() if host == region}
        rows.append(
            _host(region.key, region.name, _sum(hosted, inside), _sum(sheltered, inside), is_rest=False)
        )
    rows.sort(key=lambda row: (-(shown(row.hosted) or 0), row.region))
    if hosted.get(None):
        rows.append(_host("", _("Place not known"), hosted[None], None, is_rest=True))
    before = {row.region: row.hosted for row in previous.hosts} if previous else {}
    return tuple(replace(row, change=_difference(row.hosted, before.get(row.region))) for row in rows)


def _host(region: str, name: str, hosted: int, sheltered: int | None, *, is_rest: bool) -> RegionRow:
    elsewhere = None if sheltered is None else max(hosted - sheltered, 0)
    return RegionRow(region, name, hosted=hosted, sheltered=sheltered, elsewhere=elsewhere, is_rest=is_rest)


def _row(
    counted: Count,
    region: Region,
    ids: Iterable[int],
    statuses: Mapping[int, str],
    source_types: Mapping[str, str],
) -> RegionRow:
    """The row of one region: what is claimed of it and what is counted in it."""
    wanted = frozenset(ids)
    claims = [claim for claim in counted.claims if claim.region == region.key]
    remaining = newest(claims, "remaining")
    evacuated = _companion(claims, remaining) or newest(claims, "evacuated")
    to_evacuate = newest(claims, "people_to_evacuate")
    people, sheltered = counted.people, counted.all_sites.within(wanted).stays
    hosted = people.hosted(wanted)
    return RegionRow(
        region=region.key,
        name=region.name,
        to_evacuate=to_evacuate,
        evacuated=evacuated,
        remaining=remaining,
        unexplained=unexplained(to_evacuate, evacuated, remaining, source_types),
        baseline=region.baseline_population,
        left=people.left(wanted),
        displaced=people.displaced(wanted),
        returned=people.returned(wanted),
        in_transit=people.in_transit(wanted),
        hosted=hosted,
        sheltered=sheltered,
        elsewhere=max(hosted - sheltered, 0),
        registered=people.registered(wanted),
        status=statuses.get(region.pk, ""),
    )


def _rest(counted: Count) -> RegionRow | None:
    """People from or in the region of whom its district is not known, where there are any."""
    region = counted.subtree.region
    if not counted.subtree.parts:
        return None
    row = _row(replace(counted, claims=()), region, {region.pk}, {}, {})
    if _is_empty(row):
        return None
    return replace(row, name=_("District not known"), baseline=None, is_rest=True)


def _is_empty(row: RegionRow) -> bool:
    """Whether nothing at all was told or counted: then the region is silent, and not at zero."""
    told = (row.to_evacuate, row.evacuated, row.remaining, row.status)
    counts = (row.left, row.hosted, row.sheltered, row.registered)
    return not any(told) and not any(counts)


def _below(counted: Count, part: Region) -> frozenset[int]:
    return frozenset(pk for pk, at in counted.subtree.part_of.items() if at == part)


def newest(claims: Iterable[Figure], indicator: str) -> Figure | None:
    """The claim that a named person let lead; else that about the latest moment, by the more reliable source."""
    found = [claim for claim in claims if claim.indicator == indicator]
    return min(found, key=leading_first, default=None)


def leading_first(claim: Figure) -> tuple[bool, float, str, str, str]:
    """The order in which claims about one thing are shown."""
    return (
        not claim.is_chosen,
        -claim.as_of.timestamp(),
        claim.reliability or "F",
        claim.source,
        claim.scope,
    )


def _companion(claims: Iterable[Figure], remaining: Figure | None) -> Figure | None:
    """Who left, as said together with who remains: the same source, about the same moment and the same people.

    None where a named person let another claim of who left lead.
    """
    left = [claim for claim in claims if claim.indicator == "evacuated"]
    if remaining is None or any(claim.is_chosen for claim in left):
        return None
    return next((claim for claim in left if _are_said_together(claim, remaining)), None)


def unexplained(
    to_evacuate: Figure | None,
    evacuated: Figure | None,
    remaining: Figure | None,
    source_types: Mapping[str, str],
) -> int | None:
    """People to evacuate of whom no source says that they left or that they remain: to evacuate - left - remaining.

    The case that defines it: 180,000 to evacuate (acting governor, 12 August 2024), 133,190 left and 19,376 remaining
    (regional government, 22 August) leave 27,434. Who left and who remains are taken together only where one source said
    both of the same people at the same moment: else claims of different sources would be added up. None unless all three
    were said as values, by sources of one type: a difference between what a governor said and what a newspaper said
    explains nothing. It may be negative. Counts of ours take no part in it.
    """
    figures = (to_evacuate, evacuated, remaining)
    if (
        to_evacuate is None
        or evacuated is None
        or remaining is None
        or not _are_said_together(evacuated, remaining)
    ):
        return None
    values = [f.value for f in figures if f is not None and f.value is not None and f.qualifier in _GIVEN]
    types = {source_types.get(figure.source) for figure in figures if figure is not None}
    if len(values) < len(figures) or len(types) != 1:
        return None
    return values[0] - values[1] - values[2]


def _are_said_together(one: Figure, other: Figure) -> bool:
    """Whether one source said both, about the same moment and the same people."""
    return (one.source, one.as_of, one.scope) == (other.source, other.as_of, other.scope)


def _change(row: RegionRow, previous: SituationReport | None) -> int | None:
    """Of displaced, against the same row of the previous edition."""
    if previous is None:
        return None
    same = (row.region, row.is_total, row.is_rest)
    before = next((r.displaced for r in previous.regions if (r.region, r.is_total, r.is_rest) == same), None)
    return _difference(row.displaced, before)


def _difference(now: Number, before: Number) -> int | None:
    number, earlier = shown(now), shown(before)
    return None if number is None or earlier is None else number - earlier


def _sum(numbers: Mapping[int | None, int] | Mapping[int, int], ids: Iterable[int]) -> int:
    return sum(numbers.get(pk, 0) for pk in ids)
