"""The tables of the report as sheets: numbers as numbers, each claim beside its words and its source."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.editions.report import ReconciliationLine, ReconciliationStep, RegionRow, SituationReport
from reports.figures.figure import Figure
from reports.rendering import words
from reports.rendering.content.cards import provenance
from reports.rendering.content.districts import COLUMNS
from reports.rendering.content.document import Origin
from reports.rendering.content.reconciliation import step_label
from reports.rendering.workbook.figures import local_time
from reports.rendering.workbook.sheet import Heading, Sheet, Value, number, text


def district_sheet(report: SituationReport) -> Sheet:
    """Districts and hosting regions; a claimed number has a column for its value and one for how it was said."""
    headings: list[Heading] = [
        text("region", 12),
        text(_("Region"), 26),
        text(_("Row"), 12),
        text(_("Status"), 24),
    ]
    for column in COLUMNS:
        is_claim = column.origin is Origin.CLAIMED
        name = _("%(column)s (claimed)") % {"column": column.label} if is_claim else str(column.label)
        headings.append(number(name, column.origin, 14))
        if is_claim:
            headings.append(text(_("%(column)s, as said") % {"column": column.label}, 34))
    rows = [_district(row, _("total") if row.is_total else _("district"), report) for row in report.regions]
    rows += [_district(row, _("host"), report) for row in report.hosts]
    return Sheet(_("Districts"), tuple(headings), tuple(rows))


def _district(row: RegionRow, role: str, report: SituationReport) -> tuple[Value, ...]:
    role = _("not known") if row.is_rest else role
    return (row.region, row.name, role, row.status, *_numbers(row, report))


def _numbers(row: RegionRow, report: SituationReport) -> Iterator[Value]:
    for column in COLUMNS:
        value = column.number(row)
        if isinstance(value, Figure):
            yield value.value
            yield f"{words.quantity(value)}; {provenance(value, report.zone)}"
        else:
            yield value
            if column.origin is Origin.CLAIMED:
                yield ""


def reconciliation_sheet(report: SituationReport) -> Sheet:
    """The reconciliation lines of the region and its districts, one step a row, each with its source and age."""
    headings = (
        text("region", 12),
        text(_("Region"), 26),
        text(_("Row"), 12),
        text("step", 24),
        text(_("What"), 36),
        text("basis", 12),
        number(_("Value"), Origin.NONE),
        text(_("In words"), 20),
        text(_("Source"), 30),
        text(_("As of"), 26),
        number(_("Age in days"), Origin.NONE),
        text(_("Scope"), 30),
        text(_("Note"), 36),
    )
    rows = tuple(_step(line, step, report) for line in report.reconciliation for step in line.steps)
    return Sheet(_("Reconciliation"), headings, rows)


def _step(line: ReconciliationLine, step: ReconciliationStep, report: SituationReport) -> tuple[Value, ...]:
    role = _("total") if line.is_total else _("not known") if line.is_rest else _("district")
    named = (line.region, line.name, role, step.step, step_label(step.step), step.basis.value)
    figure = step.figure
    if figure is None:
        return (*named, None, words.number(None), "", "", None, "", "")
    told = (figure.value, words.quantity(figure), figure.source, local_time(figure.as_of, report))
    return (*named, *told, figure.age_days, figure.scope, figure.note)


def shelter_sheet(report: SituationReport) -> Sheet:
    """Shelters by region."""
    headings = (
        text("region", 12),
        text(_("Region"), 26),
        number(_("Sites open")),
        number(_("Places announced")),
        number(_("Places open")),
        number(_("Places free tonight")),
        number(_("People by stays")),
        number(_("People by headcount")),
        number(_("Protected places")),
        number(_("Protection gap")),
        number(_("Sites that reported")),
        number(_("Sites expected to report")),
    )
    rows = tuple(
        (
            row.region,
            row.name,
            row.sites_open,
            row.places_announced,
            row.places_open,
            row.free,
            row.occupied_stays,
            row.occupied_headcount,
            row.protected_places,
            row.protection_gap,
            row.sites_reporting,
            row.sites_expected,
        )
        for row in report.shelters
    )
    return Sheet(_("Shelters"), headings, rows)


def sex_age_sheet(report: SituationReport) -> Sheet:
    """Displaced people by sex and age band."""
    headings = (
        text("band", 10),
        text(_("Age"), 18),
        number(_("Female")),
        number(_("Male")),
        number(_("Other or not known")),
        number(_("All")),
    )
    rows = tuple((row.band, row.label, row.female, row.male, row.other, row.total) for row in report.sex_age)
    return Sheet(_("Sex and age"), headings, rows)


def need_sheet(report: SituationReport) -> Sheet:
    """Displaced people with specific needs; one person may stand in several rows."""
    headings = (text("code", 10), text(_("Need"), 36), number(_("People")))
    return Sheet(_("Needs"), headings, tuple((row.code, row.label, row.people) for row in report.needs))


def casualty_sheet(report: SituationReport) -> Sheet:
    """Civilian casualties by outcome: verified and being corroborated in columns that are never added."""
    headings = (
        text("outcome", 14),
        text(_("Outcome"), 20),
        number(_("Verified, lowest")),
        number(_("Verified, highest")),
        number(_("Verified children")),
        number(_("Being corroborated, lowest")),
        number(_("Being corroborated, highest")),
        text(_("Claimed by others"), 60),
    )
    rows = tuple(
        (
            row.outcome,
            row.label,
            row.verified_min,
            row.verified_max,
            row.of_which_children_verified,
            row.corroborating_min,
            row.corroborating_max,
            "; ".join(f"{words.quantity(claim)} ({provenance(claim, report.zone)})" for claim in row.claims),
        )
        for row in report.casualties
    )
    return Sheet(_("Casualties"), headings, rows)


def day_sheet(report: SituationReport) -> Sheet:
    """The numbers behind the charts over time."""
    headings = (
        text(_("Day"), 12),
        number(_("Displaced")),
        number(_("In shelters by stays")),
        number(_("In shelters by headcount")),
        number(_("Places open")),
    )
    rows = tuple(
        (day.day.isoformat(), day.displaced, day.occupied_stays, day.occupied_headcount, day.places_open)
        for day in report.series
    )
    return Sheet(_("Days"), headings, rows)


def revision_sheet(report: SituationReport) -> Sheet:
    """Past figures that changed since the previous edition."""
    headings = (
        text(_("Day"), 12),
        text("indicator", 16),
        text(_("Figure"), 24),
        number(_("Was")),
        number(_("Is now")),
        text(_("Why"), 50),
    )
    rows = tuple(
        (row.day.isoformat(), row.indicator, row.label, row.before, row.after, row.why)
        for row in report.revisions
    )
    return Sheet(_("Revisions"), headings, rows)
