"""The tables of districts and of hosting regions: what is claimed and what is counted, in columns of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.editions.report import RegionRow, SituationReport
from reports.figures.figure import Figure
from reports.figures.mark import Count
from reports.rendering import words
from reports.rendering.content.cards import provenance
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend
from reports.rendering.content.pictures import map_picture


@dataclass(frozen=True, slots=True)
class DistrictColumn:
    """One number of a district: the field it comes from, its words, what it rests on, and its group."""

    field: str
    label: str | Promise
    group: str | Promise
    origin: Origin
    is_brief: bool = False

    def number(self, row: RegionRow) -> Figure | Count:
        """The district's number in this column; None where nothing was reported."""
        value: Figure | Count = attrgetter(self.field)(row)
        return value


_BEFORE = gettext_lazy("Before")
_CLAIMED = gettext_lazy("Claimed by others")
_LEFT = gettext_lazy("Counted, where they left from")
_PRESENT = gettext_lazy("Counted, where they are")
_SHELTERED = pgettext_lazy("heading of a narrow column", "In shelters")

COLUMNS = (
    DistrictColumn("baseline", gettext_lazy("Population"), _BEFORE, Origin.NONE),
    DistrictColumn("to_evacuate", gettext_lazy("To evacuate"), _CLAIMED, Origin.CLAIMED),
    DistrictColumn("evacuated", gettext_lazy("Evacuated"), _CLAIMED, Origin.CLAIMED, is_brief=True),
    DistrictColumn("remaining", gettext_lazy("Remaining"), _CLAIMED, Origin.CLAIMED),
    DistrictColumn("unexplained", gettext_lazy("Unexplained"), _CLAIMED, Origin.CLAIMED),
    DistrictColumn("registered", gettext_lazy("Registered"), _LEFT, Origin.COUNTED),
    DistrictColumn("left", gettext_lazy("Left"), _LEFT, Origin.COUNTED),
    DistrictColumn("returned", gettext_lazy("Returned"), _LEFT, Origin.COUNTED),
    DistrictColumn("displaced", gettext_lazy("Displaced"), _LEFT, Origin.COUNTED, is_brief=True),
    DistrictColumn("change", gettext_lazy("Change"), _LEFT, Origin.COUNTED, is_brief=True),
    DistrictColumn("in_transit", gettext_lazy("In transit"), _LEFT, Origin.COUNTED),
    DistrictColumn("hosted", gettext_lazy("Hosted here"), _PRESENT, Origin.COUNTED, is_brief=True),
    DistrictColumn("sheltered", _SHELTERED, _PRESENT, Origin.COUNTED),
    DistrictColumn("elsewhere", gettext_lazy("Elsewhere"), _PRESENT, Origin.COUNTED),
)
HOST_COLUMNS = (
    DistrictColumn("hosted", gettext_lazy("Hosted here"), "", Origin.COUNTED, is_brief=True),
    DistrictColumn("change", gettext_lazy("Change"), "", Origin.COUNTED, is_brief=True),
    DistrictColumn("sheltered", _SHELTERED, "", Origin.COUNTED, is_brief=True),
    DistrictColumn("elsewhere", gettext_lazy("Elsewhere"), "", Origin.COUNTED),
)


class Marks:
    """Letters for the sources of claimed numbers: a number in a narrow column still has its source below."""

    def __init__(self, zone: str) -> None:
        """`zone` is the operation's, for the as-of of each source."""
        self._zone = zone
        self._letters: dict[str, str] = {}

    def letter(self, figure: Figure) -> str:
        """The letter of this figure's source and as-of, a new one at first sight: a to z, then a1, b1 ..."""
        source = provenance(figure, self._zone)
        turn, place = divmod(len(self._letters), 26)
        return self._letters.setdefault(source, f"{'abcdefghijklmnopqrstuvwxyz'[place]}{turn or ''}")

    def notes(self) -> tuple[str, ...]:
        """One note per source, in the order of the letters."""
        return tuple(f"{letter}  {source}" for source, letter in self._letters.items())


def where_section(report: SituationReport) -> Section:
    """Districts, then the regions outside that host their people, with the map."""
    tables = []
    if report.regions:
        tables.append(_table(_("Districts"), report.regions, COLUMNS, report))
    if report.hosts:
        tables.append(_table(_("Regions that host their people"), report.hosts, HOST_COLUMNS, report))
    silence = () if report.regions else (_("No figures by district were reported."),)
    return Section(
        "districts",
        _("Where people left from and where they are"),
        silence,
        (),
        tuple(tables),
        map_picture(report),
    )


def _table(
    title: str, rows: tuple[RegionRow, ...], columns: tuple[DistrictColumn, ...], report: SituationReport
) -> Table:
    marks = Marks(report.zone)
    known = [column for column in columns if any(column.number(row) is not None for row in rows)]
    blank = [column for column in columns if column not in known]
    lines = tuple(
        Row(
            (_name(row), *(_cell(column, row, marks) for column in known)),
            is_total=row.is_total,
            is_rest=row.is_rest,
        )
        for row in rows
    )
    return Table(
        title,
        (_first_column(), *(_heading(column) for column in known)),
        lines,
        (*legend(lines), *_notes(marks, blank)),
    )


def _first_column() -> Column:
    return Column(_("Region"), is_number=False, is_brief=True, weight=27)


def _heading(column: DistrictColumn) -> Column:
    return Column(str(column.label), str(column.group), column.origin, is_brief=column.is_brief)


def _name(row: RegionRow) -> Cell:
    return Cell(words.clean(row.name), under=words.clean(row.status))


def _cell(column: DistrictColumn, row: RegionRow, marks: Marks) -> Cell:
    number = column.number(row)
    if isinstance(number, Figure):
        return Cell(words.short_quantity(number), mark=marks.letter(number))
    return count_cell(number, is_change=column.field == "change")


def _notes(marks: Marks, blank: Iterable[DistrictColumn]) -> tuple[str, ...]:
    names = ", ".join(str(column.label) for column in blank)
    notes = []
    if names:
        notes.append(_("Left out, since nothing is known of any region: %(columns)s.") % {"columns": names})
    if marks.notes():
        notes.append(_("~ about, ≥ at least, > more than, ≤ up to, < less than; sources of claims:"))
    return (*notes, *marks.notes())
