"""One row for every figure of the report with all that is known of it: the sheet to filter and to pivot."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from reports.editions.report import SituationReport
from reports.figures.figure import Basis, Figure, Qualifier
from reports.figures.mark import Mark
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.document import Origin
from reports.rendering.workbook.sheet import Heading, Sheet, Value, number, text


def figure_sheet(report: SituationReport) -> Sheet:
    """Key figures, claims, claims of districts and claims of casualties, each once, in the order of the report."""
    rows = tuple(figure_row(figure, report) for figure in all_figures(report))
    return Sheet(_("Figures"), figure_headings(), rows)


def claim_sheet(report: SituationReport) -> Sheet:
    """The same rows for what is claimed only."""
    figures = (figure for figure in all_figures(report) if figure.basis is Basis.CLAIMED)
    return Sheet(_("Claims"), figure_headings(), tuple(figure_row(figure, report) for figure in figures))


def all_figures(report: SituationReport) -> tuple[Figure, ...]:
    """Every figure that the report holds, wherever it stands in it; equal ones once."""
    return tuple(dict.fromkeys(_figures(report)))


def _figures(report: SituationReport) -> Iterator[Figure]:
    yield from report.key_figures
    yield from report.claims
    for row in (*report.regions, *report.hosts):
        yield from (figure for figure in (row.to_evacuate, row.evacuated, row.remaining) if figure)
    for casualty in report.casualties:
        yield from casualty.claims


def figure_headings() -> tuple[Heading, ...]:
    """The columns of a figure; those in English with underscores are the same in every language."""
    return (
        text("indicator", 22),
        text(_("Figure"), 28),
        text("region", 12),
        text(_("Region"), 22),
        text("basis", 12),
        text("kind", 12),
        text("unit", 12),
        number(_("Value"), Origin.NONE),
        number(_("Lowest"), Origin.NONE),
        number(_("Highest"), Origin.NONE),
        text("qualifier", 11),
        text(_("In words"), 20),
        number(_("Change"), Origin.NONE),
        number(_("Children"), Origin.NONE),
        text(_("Source"), 26),
        text(_("As of"), 26),
        number(_("Age in days"), Origin.NONE),
        text(_("Scope"), 30),
        text(_("Note"), 36),
        text(_("Published"), 26),
        text("reliability", 10),
        text("credibility", 10),
        text("claim", 38),
    )


def figure_row(figure: Figure, report: SituationReport) -> tuple[Value, ...]:
    """One figure in the order of the headings."""
    return (
        figure.indicator,
        labels.indicator(figure.indicator),
        figure.region,
        region_name(figure.region, report),
        figure.basis.value,
        figure.kind.value,
        figure.unit.value,
        _value(figure),
        figure.value_min,
        figure.value_max,
        figure.qualifier.value,
        words.quantity(figure),
        figure.change,
        figure.children,
        figure.source,
        local_time(figure.as_of, report),
        figure.age_days,
        figure.scope,
        figure.note,
        local_time(figure.published_at, report) if figure.published_at else "",
        figure.reliability,
        figure.credibility,
        figure.claim or "",
    )


def _value(figure: Figure) -> Value:
    return Mark.SUPPRESSED if figure.qualifier is Qualifier.SUPPRESSED else figure.value


def region_name(code: str, report: SituationReport) -> str:
    """The name that the report gives to a region, or its code."""
    if code == report.region:
        return report.region_name
    rows = (*report.regions, *report.hosts)
    return next((row.name for row in rows if row.region == code and not row.is_rest), code)


def local_time(at: datetime, report: SituationReport) -> str:
    """A moment on the operation's clock with its offset, as text: a spreadsheet would lose the zone."""
    return at.astimezone(ZoneInfo(report.zone)).isoformat(timespec="seconds")
