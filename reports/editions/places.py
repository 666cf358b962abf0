"""Which number of a report is which cell of disclosure control: the same key wherever the number stands.

Also in another region's report: the row of a district in its oblast's report is the total of the district's own.
"""

from datetime import date

from displacement.models.codes import CHILD_BANDS
from reports.disclosure.cells import Key
from reports.disclosure.tables import columns
from reports.editions.report import RegionRow, ShelterRow, SituationReport
from reports.figures.figure import Basis, Figure, Unit

REGION_FIELDS = columns("districts")
#: Columns whose districts, with the people of unknown district, make up the region. Who is elsewhere is a difference.
SUMMED = tuple(field for field in REGION_FIELDS if field != "elsewhere")
HOST_FIELDS = columns("hosts")  # hosted, sheltered, elsewhere
SHELTER_FIELDS = columns("shelters")
SERIES_FIELDS = columns("series")
SEXES = ("female", "male", "other")
CHILDREN = frozenset(str(band) for band in CHILD_BANDS)
#: Key figures of the region's shelters, by indicator and basis: the sum of a column over the rows inside the region.
OF_SHELTERS = {
    ("places_free", Basis.REGISTERED): "free",
    ("protected_places", Basis.REGISTERED): "protected_places",
    ("protection_gap", Basis.REGISTERED): "protection_gap",
    ("sheltered", Basis.HEADCOUNT): "occupied_headcount",
}
ALL = "all"
REST = "rest"


def region_key(report: SituationReport, row: RegionRow, field: str) -> Key:
    """A column of a district, of people of unknown district, or of the whole region."""
    role = (REST,) if row.is_rest else ()
    return Key(field, (row.region, *role), report.local_day)


def host_key(report: SituationReport, row: RegionRow, field: str) -> Key:
    """A column of a region that hosts people of this one; which are other people than all whom it hosts."""
    return Key(field, (report.region, "host", REST if row.is_rest else row.region), report.local_day)


def total_key(report: SituationReport, field: str, day: date | None = None) -> Key:
    """A column of the whole region."""
    return Key(field, (report.region,), day or report.local_day)


def shelter_key(report: SituationReport, row: ShelterRow, field: str) -> Key:
    """A column of the shelters of a region. Stays are those of the table of districts.

    In the row of the report's own region stand only shelters of which no district is known, where it has districts.
    """
    if row.is_total:
        return Key(f"shelters_{field}", (report.region, ALL), report.local_day)
    has_parts = any(not other.is_total and not other.is_rest for other in report.regions)
    place = (row.region, REST) if has_parts and row.region == report.region else (row.region,)
    return Key("sheltered" if field == "occupied_stays" else f"shelters_{field}", place, report.local_day)


def sex_age_key(report: SituationReport, band: str, sex: str) -> Key:
    """Displaced people of an age band, by sex or all."""
    return Key("sex_age", (report.region, band, sex), report.local_day)


def need_key(report: SituationReport, code: str) -> Key:
    """Displaced people with a need."""
    return Key("need", (report.region, code), report.local_day)


def series_key(report: SituationReport, field: str, day: date) -> Key:
    """A day of the charts; the displaced are the number that the report of that day gave."""
    if field == "displaced":
        return total_key(report, field, day)
    return Key(f"series_{field}", (report.region, ALL), day)


def inside_key(report: SituationReport, field: str) -> Key:
    """A column of the shelters inside the region."""
    return Key(f"inside_{field}", (report.region,), report.local_day)


def away_key(report: SituationReport) -> Key:
    """The region's people who sleep in shelters outside it."""
    return Key(f"figure_sheltered_elsewhere_{Basis.REGISTERED}", (report.region,), report.local_day)


def children_key(report: SituationReport, indicator: str) -> Key:
    """The children among a number of people."""
    return Key("children", (report.region, indicator), report.local_day)


def figure_key(report: SituationReport, figure: Figure) -> Key | None:
    """The cell of a key figure; None for claims, for sites, and for casualties, whose totals are public facts."""
    if field := OF_SHELTERS.get((figure.indicator, figure.basis)):
        return inside_key(report, field)
    if figure.basis is Basis.CLAIMED or figure.unit not in (Unit.INDIVIDUALS, Unit.HOUSEHOLDS):
        return None
    if is_casualty(report, figure):
        return None
    if figure.basis is Basis.REGISTERED and figure.indicator in REGION_FIELDS:
        return Key(figure.indicator, (figure.region,), report.local_day)
    return Key(f"figure_{figure.indicator}_{figure.basis}", (figure.region,), report.local_day)


def is_casualty(report: SituationReport, figure: Figure) -> bool:
    """Whether a figure counts victims."""
    outcomes = {row.outcome for row in report.casualties}
    return figure.indicator.removesuffix("_corroborating") in outcomes
