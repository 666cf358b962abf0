"""Who the displaced are: sex and age, and specific needs as registered."""

from django.utils.translation import gettext as _

from reports.editions.report import NeedRow, SexAgeRow, SituationReport
from reports.figures.mark import Mark, shown
from reports.rendering import words
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend

MOST_NEEDS = 12  # in print


def people_section(report: SituationReport) -> Section:
    """Displaced people by sex and age band, and how many of them have which need."""
    tables = []
    if report.sex_age:
        tables.append(_sex_age(report.sex_age))
    if report.needs:
        tables.append(_needs(report.needs))
    silence = () if tables else (_("Sex, age and needs were not reported."),)
    return Section("people", _("Who they are"), silence, (), tuple(tables))


def _bar(count: int | Mark, longest: int) -> Cell:
    value = shown(count)
    if value is None:
        return count_cell(count)
    return Cell(words.number(value), permille=value * 1000 // longest if longest else 0)


def _sex_age(rows: tuple[SexAgeRow, ...]) -> Table:
    longest = max(shown(number) or 0 for row in rows for number in (row.female, row.male))
    columns = (
        Column(_("Age"), is_number=False, is_brief=True, weight=14),
        Column(_("Female"), origin=Origin.COUNTED, is_brief=True, has_bars=True, weight=31),
        Column(_("Male"), origin=Origin.COUNTED, is_brief=True, has_bars=True, weight=31),
        Column(_("Other or not known"), origin=Origin.COUNTED, weight=13),
        Column(_("All"), origin=Origin.COUNTED, is_brief=True, weight=12),
    )
    lines = tuple(
        Row(
            (
                Cell(words.clean(row.label)),
                _bar(row.female, longest),
                _bar(row.male, longest),
                count_cell(row.other),
                count_cell(row.total),
            ),
            is_rest=row.band == "unknown",
        )
        for row in rows
    )
    return Table(_("Displaced people by sex and age"), columns, lines, legend(lines), is_half=True)


def _needs(rows: tuple[NeedRow, ...]) -> Table:
    longest = max(shown(row.people) or 0 for row in rows)
    columns = (
        Column(_("Need"), is_number=False, is_brief=True, weight=34),
        Column(_("People"), origin=Origin.COUNTED, is_brief=True, has_bars=True, weight=30),
    )
    printed = sorted(rows, key=lambda row: -(shown(row.people) or 0))[:MOST_NEEDS]
    lines = tuple(Row((Cell(words.clean(row.label)), _bar(row.people, longest))) for row in printed)
    notes = [*legend(lines), _("One person may have several needs.")]
    if len(rows) > len(printed):
        notes.append(_("Less frequent needs are in the workbook."))
    return Table(
        _("Specific needs, as registered"),
        columns,
        lines,
        tuple(notes),
        is_half=True,
    )
