"""Every number of a report once, in one table with a row for each: to filter, to pivot, to join with one's own.

A table for people who work on. A row is one number: what it counts, of whom, where, on which day, what it rests on, who says
so. Rows of different bases stand beside each other; nothing in the table adds them, and `basis` is there so that no
reader does by accident. Numbers of the table by which a chart was drawn, of a sum and of its parts are rows of their own: who
adds up people, filters by `sex`, `age` and `need` first, which are empty where all are meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from django.utils.translation import gettext as _

from reports.editions.report import CasualtyRow, RegionRow, ShelterRow, SituationReport
from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit
from reports.figures.indicators import INDICATORS
from reports.figures.mark import Count, Mark
from reports.rendering.content import labels
from reports.rendering.content.districts import COLUMNS
from reports.rendering.workbook.figures import all_figures, local_time, region_name

REPORTED, NOT_REPORTED, HIDDEN = "reported", "not_reported", "hidden"
#: Those of a report's children, who are among the number of the row without an age.
CHILDREN = "0-17"
#: In a district's row the people who are hosted there, which is less than all who sleep in its shelters.
_HOSTED = {"sheltered": "hosted_in_shelters", "elsewhere": "hosted_elsewhere"}


@dataclass(frozen=True, slots=True)
class Number:
    """One row. Codes are the same in every language; names, sources, scopes and notes are texts.

    `value` is None where the number is a range, was not reported, or is hidden: `status` says which, and `lowest` and
    `highest` hold the range. `day` is the local day of the number where it is not the report's own.
    """

    indicator: str
    name: str
    region: str
    region_name: str
    day: str
    sex: str = ""
    age: str = ""
    need: str = ""
    basis: str = Basis.REGISTERED.value
    kind: str = Kind.STOCK.value
    unit: str = Unit.INDIVIDUALS.value
    status: str = NOT_REPORTED
    value: int | None = None
    lowest: int | None = None
    highest: int | None = None
    qualifier: str = ""
    change: int | None = None
    source: str = ""
    as_of: str = ""
    age_days: int | None = None
    published_at: str = ""
    scope: str = ""
    note: str = ""
    reliability: str = ""
    credibility: str = ""
    claim: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What no two rows have in common."""
        return (
            *(self.indicator, self.region, self.day, self.sex, self.age, self.need),
            *(self.basis, self.source if self.basis == Basis.CLAIMED else "", self.scope, self.claim),
        )

    def cells(self) -> tuple[int | str | None, ...]:
        """The values in the order of the fields."""
        values: tuple[int | str | None, ...] = _VALUES(self)
        return values


_VALUES = attrgetter(*(field.name for field in fields(Number)))


def numbers(report: SituationReport) -> tuple[Number, ...]:
    """Every number, in the order of the report; one that stands in several of its places is there once."""
    found: dict[tuple[str, ...], Number] = {}
    for number in _numbers(report):
        found.setdefault(number.key, number)
    return tuple(found.values())


def _numbers(report: SituationReport) -> Iterator[Number]:
    for figure in all_figures(report):
        yield from _figure(figure, report)
    for row in (*report.regions, *report.hosts):
        yield from _region(row, report)
    for site in report.shelters:
        yield from _shelters(site, report)
    displaced = _counted("displaced", report)
    for band in report.sex_age:
        sexes = {"female": band.female, "male": band.male, "other_or_unknown": band.other, "": band.total}
        for sex, people in sexes.items():
            yield _with(replace(displaced, sex=sex, age=band.band), people)
    for need in report.needs:
        yield _with(replace(displaced, need=need.code, name=need.label), need.people)
    for casualty in report.casualties:
        yield from _casualties(casualty, report)
    for point in report.series:
        day = point.day.isoformat()
        sheltered = replace(_counted("sheltered", report), day=day)
        yield _with(replace(displaced, day=day), point.displaced)
        yield _with(sheltered, point.occupied_stays)
        yield _with(replace(sheltered, basis=Basis.HEADCOUNT.value), point.occupied_headcount)
        yield _with(replace(_counted("places_total", report), day=day), point.places_open)


def _figure(figure: Figure, report: SituationReport) -> Iterator[Number]:
    own = Number(
        indicator=figure.indicator,
        name=labels.indicator(figure.indicator),
        region=figure.region,
        region_name=region_name(figure.region, report),
        day=report.local_day.isoformat(),
        basis=figure.basis.value,
        kind=figure.kind.value,
        unit=figure.unit.value,
        qualifier=figure.qualifier.value,
        source=figure.source,
        as_of=local_time(figure.as_of, report),
        age_days=figure.age_days,
        published_at=local_time(figure.published_at, report) if figure.published_at else "",
        scope=figure.scope,
        note=figure.note,
        reliability=figure.reliability,
        credibility=figure.credibility,
        claim=figure.claim or "",
    )
    is_hidden = figure.qualifier is Qualifier.SUPPRESSED
    whole = _with(own, Mark.SUPPRESSED if is_hidden else figure.value, figure.value_min, figure.value_max)
    yield replace(whole, change=figure.change if isinstance(figure.change, int) else None)
    if figure.children is not None:
        yield _with(replace(own, age=CHILDREN, qualifier=""), figure.children)


def _region(row: RegionRow, report: SituationReport) -> Iterator[Number]:
    """What is counted of a district; what is claimed of it stands among the figures."""
    for column in COLUMNS:
        value = column.number(row)
        if column.field == "change" or isinstance(value, Figure) or (value is None and row.is_rest):
            continue
        name = _HOSTED.get(column.field, column.field)
        own = _counted(name, report, row.region, label=str(column.label))
        basis = "" if name == "baseline" else Basis.CLAIMED.value if name == "unexplained" else own.basis
        yield _with(replace(own, basis=basis, scope=row.name if row.is_rest else ""), value)


def _shelters(row: ShelterRow, report: SituationReport) -> Iterator[Number]:
    """The shelters of a region, or of all regions of the table, whose row has no region."""
    counts: dict[str, tuple[str | None, Count]] = {
        "shelters_open": (None, row.sites_open),
        "places_announced": (_("Places announced"), row.places_announced),
        "places_total": (None, row.places_open),
        "places_free": (None, row.free),
        "sheltered": (None, row.occupied_stays),
        "protected_places": (None, row.protected_places),
        "protection_gap": (None, row.protection_gap),
        "sites_reporting": (_("Sites that reported"), row.sites_reporting),
        "sites_expected": (_("Sites expected to report"), row.sites_expected),
    }
    scope = row.name if row.is_total else ""
    for name, (label, value) in counts.items():
        own = replace(_counted(name, report, row.region, label=label), scope=scope)
        unit = (
            Unit.SITES if name.startswith("sites_") else Unit.PLACES if name.startswith("places_") else None
        )
        yield _with(replace(own, unit=unit.value) if unit else own, value)
    own = replace(_counted("sheltered", report, row.region), scope=scope, basis=Basis.HEADCOUNT.value)
    yield _with(own, row.occupied_headcount)


def _casualties(row: CasualtyRow, report: SituationReport) -> Iterator[Number]:
    """Verified and being corroborated are two indicators, so that no filter makes one number of them."""
    verified = _counted(row.outcome, report)
    yield _with(verified, None, row.verified_min, row.verified_max)
    yield _with(replace(verified, age=CHILDREN), row.of_which_children_verified)
    pending = _counted(f"{row.outcome}_corroborating", report)
    yield _with(pending, None, row.corroborating_min, row.corroborating_max)


def _counted(
    indicator: str, report: SituationReport, region: str | None = None, *, label: str | None = None
) -> Number:
    """A number of our own without its value; of the report's region unless another is named."""
    code = report.region if region is None else region
    entry = INDICATORS.get(indicator)
    return Number(
        indicator=indicator,
        name=labels.indicator(indicator) if entry or not label else label,
        region=code,
        region_name=region_name(code, report),
        day=report.local_day.isoformat(),
        kind=(entry.kind if entry else Kind.STOCK).value,
        unit=(entry.unit if entry else Unit.INDIVIDUALS).value,
    )


def _with(number: Number, value: Count, lowest: int | None = None, highest: int | None = None) -> Number:
    """The row with its number: hidden, not reported, a range, or a value; a range of one number is that number."""
    if isinstance(value, Mark):
        return replace(number, status=HIDDEN)
    if value is None and lowest is not None and lowest == highest:
        value = lowest
    if value is None and lowest is None and highest is None:
        return number
    return replace(number, status=REPORTED, value=value, lowest=lowest, highest=highest)
