"""A report as disclosure control sees it: cells, and the sums that everybody can know to hold between them."""

from collections.abc import Iterator

from reports.disclosure.cells import Cell, Key, Relation, Release, at_most, total_of
from reports.disclosure.tables import cumulative
from reports.editions.places import (
    ALL,
    CHILDREN,
    HOST_FIELDS,
    OF_SHELTERS,
    REGION_FIELDS,
    SERIES_FIELDS,
    SEXES,
    SHELTER_FIELDS,
    SUMMED,
    away_key,
    children_key,
    figure_key,
    host_key,
    inside_key,
    is_casualty,
    need_key,
    region_key,
    series_key,
    sex_age_key,
    shelter_key,
    total_key,
)
from reports.editions.report import SituationReport
from reports.figures.figure import Basis, Figure, Qualifier, Unit
from reports.figures.mark import Count, Mark, shown

_CUMULATIVE = cumulative("districts")
_PLACES = frozenset({"free", "protected_places"})
_TOTAL, _HEADLINE = 10, 100  # what is lost with a total of a table, and with one that opens the report


def measured(report: SituationReport) -> Release:
    """Every count of people in the report, exact or released, with its sums. A number that stands twice is one cell."""
    cells: dict[Key, Cell] = {}
    for key, cell in _cells(report):
        if key not in cells or cells[key].value is None:
            cells[key] = cell
    relations = tuple(
        relation for relation in _relations(report, cells) if all(key in cells for _f, key in relation.terms)
    )
    return Release(report.local_day, cells, relations)


def figure_count(figure: Figure) -> Count:
    """A figure's number as a count."""
    return Mark.SUPPRESSED if figure.qualifier is Qualifier.SUPPRESSED else figure.value


def _cells(report: SituationReport) -> Iterator[tuple[Key, Cell]]:
    for row in report.regions:
        cost = _HEADLINE if row.is_total else 0
        for field in REGION_FIELDS:
            cell = Cell(getattr(row, field), is_cumulative=field in _CUMULATIVE, cost=cost)
            yield region_key(report, row, field), cell
    for row in report.hosts:
        for field in HOST_FIELDS:
            yield host_key(report, row, field), Cell(getattr(row, field))
    for ages in report.sex_age:
        for sex in (*SEXES, "total"):
            cost = _TOTAL if sex == "total" else 0
            yield sex_age_key(report, ages.band, sex), Cell(getattr(ages, sex), cost=cost)
    for need in report.needs:
        yield need_key(report, need.code), Cell(need.people)
    for site in report.shelters:
        for field in SHELTER_FIELDS:
            cost = _TOTAL if site.is_total else 0
            count = Cell(getattr(site, field), is_sensitive=field not in _PLACES, cost=cost)
            yield shelter_key(report, site, field), count
    yield from _figures(report)
    yield from _children(report)
    for point in report.series:
        for field in SERIES_FIELDS:
            yield series_key(report, field, point.day), Cell(getattr(point, field), cost=_HEADLINE)


def _figures(report: SituationReport) -> Iterator[tuple[Key, Cell]]:
    for figure in report.key_figures:
        key = figure_key(report, figure)
        if key is not None:
            is_cumulative = figure.indicator in _CUMULATIVE
            is_people = figure.unit is not Unit.PLACES
            yield key, Cell(figure_count(figure), is_people, is_cumulative=is_cumulative, cost=_HEADLINE)


def _children(report: SituationReport) -> Iterator[tuple[Key, Cell]]:
    for row in report.casualties:
        yield children_key(report, row.outcome), Cell(row.of_which_children_verified, is_cumulative=True)
    for figure in report.key_figures:
        if figure.basis is not Basis.CLAIMED and figure.children is not None:
            yield children_key(report, figure.indicator), Cell(figure.children, cost=_HEADLINE)


def narrow_children(report: SituationReport, threshold: int) -> Iterator[Key]:
    """Numbers of children that would tell of few people: of so few victims, or of so few who are no children.

    The number of victims is a public fact, so that of one below the threshold nothing more is said at all.
    """
    numbers: list[tuple[str, Count, int, bool]] = [
        (row.outcome, row.of_which_children_verified, row.verified_min, True) for row in report.casualties
    ]
    numbers += [
        (f.indicator, f.children, f.value or f.value_min or 0, is_casualty(report, f))
        for f in report.key_figures
        if f.basis is not Basis.CLAIMED
    ]
    for indicator, count, people, is_fact in numbers:
        children = shown(count)
        if children is None or not people:
            continue
        if (is_fact and people < threshold) or (children and 0 < people - children < threshold):
            yield children_key(report, indicator)


def _relations(report: SituationReport, cells: dict[Key, Cell]) -> Iterator[Relation]:
    yield from _districts(report)
    for row in report.regions:
        yield from _whereabouts([region_key(report, row, field) for field in HOST_FIELDS], cells)
        registered = region_key(report, row, "registered")
        for field in ("displaced", "returned", "left"):
            yield at_most(region_key(report, row, field), registered)
        yield at_most(region_key(report, row, "in_transit"), region_key(report, row, "displaced"))
    for row in report.hosts:
        yield from _whereabouts([host_key(report, row, field) for field in HOST_FIELDS], cells)
    everybody = total_key(report, "displaced")
    for ages in report.sex_age:
        parts = tuple(sex_age_key(report, ages.band, sex) for sex in SEXES)
        yield total_of(sex_age_key(report, ages.band, "total"), parts)
    if report.sex_age:
        bands = tuple(sex_age_key(report, ages.band, "total") for ages in report.sex_age)
        yield total_of(everybody, bands)
    for need in report.needs:
        yield at_most(need_key(report, need.code), everybody)
    if bands := tuple(sex_age_key(report, a.band, "total") for a in report.sex_age if a.band in CHILDREN):
        yield total_of(children_key(report, "displaced"), bands)
    yield from _shelters(report)


def _districts(report: SituationReport) -> Iterator[Relation]:
    """Districts and people of unknown district make up the region, as do those whom other regions host a part of it."""
    parts = [row for row in report.regions if not row.is_total]
    total = next((row for row in report.regions if row.is_total), None)
    if total is None or not parts:
        return
    for field in SUMMED:
        keys = tuple(region_key(report, row, field) for row in parts)
        yield total_of(region_key(report, total, field), keys)
    if report.hosts:
        away = [(1, host_key(report, row, "hosted")) for row in report.hosts]
        yield Relation((*away, (-1, region_key(report, total, "displaced"))), is_equal=False)


def _whereabouts(keys: list[Key], cells: dict[Key, Cell]) -> Iterator[Relation]:
    """Elsewhere is hosted less sheltered; where more sleep in shelters than are known to be there, it is 0."""
    if any(key not in cells or cells[key].value is None for key in keys):
        return
    hosted, sheltered, elsewhere = keys
    if cells[elsewhere].value == 0:
        yield at_most(hosted, sheltered)
    else:
        yield total_of(hosted, (sheltered, elsewhere))


def _shelters(report: SituationReport) -> Iterator[Relation]:
    total = next((row for row in report.shelters if row.is_total), None)
    parts = [row for row in report.shelters if not row.is_total]
    if total is not None and parts:
        for field in SHELTER_FIELDS:
            yield total_of(
                shelter_key(report, total, field), tuple(shelter_key(report, row, field) for row in parts)
            )
    inside = {row.region for row in report.regions}
    rows = [row for row in parts if row.region in inside]
    for field in set(OF_SHELTERS.values()) if rows else ():
        yield total_of(inside_key(report, field), tuple(shelter_key(report, row, field) for row in rows))
    if report.hosts:
        yield total_of(away_key(report), tuple(host_key(report, row, "sheltered") for row in report.hosts))


def guesses(report: SituationReport) -> Iterator[Relation]:
    """Sums that need not hold and do: somebody may guess them, so that what is hidden must stand up to them too.

    Nobody is blocked in a shelter: places are free or slept in. All without a protected place: people less places.
    """
    for row in report.shelters:
        stays, free, open_ = shown(row.occupied_stays), shown(row.free), row.places_open
        if stays is not None and free is not None and open_ == stays + free:
            keys = (shelter_key(report, row, "occupied_stays"), shelter_key(report, row, "free"))
            yield total_of(_known_key(report, row.region, open_), keys)
        gap, protected = shown(row.protection_gap), shown(row.protected_places)
        if stays is not None and gap and protected is not None and stays == gap + protected:
            keys = (shelter_key(report, row, "protection_gap"), shelter_key(report, row, "protected_places"))
            yield total_of(shelter_key(report, row, "occupied_stays"), keys)


def _known_key(report: SituationReport, region: str, places: int) -> Key:
    """Places that are open are not hidden: a cell of their own."""
    return Key("places_open", (report.region, region or ALL, str(places)), report.local_day)


def known_places(report: SituationReport) -> Iterator[tuple[Key, Cell]]:
    """The cells that guesses speak of besides those of the report."""
    for row in report.shelters:
        if row.places_open is not None:
            yield (
                _known_key(report, row.region, row.places_open),
                Cell(row.places_open, is_sensitive=False, is_fact=True),
            )
