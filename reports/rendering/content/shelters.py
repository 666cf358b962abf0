"""The table of shelters: five numbers that are never mixed, and how many sites they come from."""

from django.utils.translation import gettext as _

from reports.editions.report import ShelterRow, SituationReport
from reports.rendering import words
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend


def shelter_section(report: SituationReport) -> Section:
    """Capacity, occupancy by stays and by headcount, protected places, and who reported."""
    title = _("Shelters")
    if not report.shelters:
        return Section("shelters", title, (_("No shelter was reported."),))
    rows = tuple(_row(row) for row in report.shelters)
    table = Table(
        title,
        _columns(),
        rows,
        (
            *legend(rows),
            _(
                "Stays are who is checked in; headcounts are what site managers counted tonight. "
                "Protection gap: residents without a protected place."
            ),
        ),
    )
    return Section("shelters", title, (), (), (table,))


def _columns() -> tuple[Column, ...]:
    places, people, protection = _("Places"), _("People in shelters"), _("Protection")
    return (
        Column(_("Region"), is_number=False, is_brief=True, weight=30),
        Column(_("Sites open"), origin=Origin.COUNTED, weight=9),
        Column(_("Announced"), places, Origin.COUNTED, weight=11),
        Column(_("Open"), places, Origin.COUNTED, weight=9),
        Column(_("Free tonight"), places, Origin.COUNTED, is_brief=True, weight=9),
        Column(_("Stays"), people, Origin.COUNTED, is_brief=True, weight=9),
        Column(_("Headcount"), people, Origin.COUNTED, is_brief=True, weight=12),
        Column(_("Protected places"), protection, Origin.COUNTED, weight=11),
        Column(_("Gap"), protection, Origin.COUNTED, weight=8),
        Column(_("Sites that reported"), origin=Origin.COUNTED, weight=12),
    )


def _row(row: ShelterRow) -> Row:
    numbers = (
        row.sites_open,
        row.places_announced,
        row.places_open,
        row.free,
        row.occupied_stays,
        row.occupied_headcount,
        row.protected_places,
        row.protection_gap,
    )
    reporting = _("%(some)s of %(all)s") % {
        "some": words.number(row.sites_reporting),
        "all": words.number(row.sites_expected),
    }
    cells = (Cell(words.clean(row.name)), *(count_cell(number) for number in numbers), Cell(reporting))
    return Row(cells, is_total=row.is_total)
