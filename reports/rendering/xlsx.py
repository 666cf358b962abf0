"""The report as a workbook: tidy tables that other people's programs can read, and nothing that runs.

No cell is a formula or a link. A text that a spreadsheet would take for a formula when somebody saves it in another
format is marked by an apostrophe. An empty cell was not reported; the last column says so in words. A hidden number is the word
"hidden".
"""

from datetime import UTC
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter import Workbook

from reports.editions.report import SituationReport
from reports.figures.mark import Mark
from reports.rendering import words
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Document, Origin
from reports.rendering.workbook.figures import claim_sheet, figure_sheet
from reports.rendering.workbook.notes import note_sheet
from reports.rendering.workbook.sheet import Heading, Sheet, Value, inert
from reports.rendering.workbook.tables import (
    casualty_sheet,
    day_sheet,
    district_sheet,
    need_sheet,
    reconciliation_sheet,
    revision_sheet,
    sex_age_sheet,
    shelter_sheet,
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FILLS = {Origin.CLAIMED: "#7a4d00", Origin.COUNTED: "#0b5394", Origin.NONE: "#4a5866"}
LONGEST_NAME = 31


def render_xlsx(report: SituationReport) -> bytes:
    """Ten sheets, and one of the reconciliation lines where the report has them. The same report gives the same bytes."""
    document = compose(report)
    out = BytesIO()
    workbook = Workbook(out, _OPTIONS)
    workbook.set_properties(
        {
            "title": words.clean(document.subject)[:200],
            "comments": document.marking,
            "created": report.known_at.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        }
    )
    formats = Formats(workbook)
    with override(report.language):
        for sheet in _sheets(report, document):
            _write(workbook, formats, sheet, document.marking)
    workbook.close()
    return out.getvalue()


def _sheets(report: SituationReport, document: Document) -> tuple[Sheet, ...]:
    numbers = (
        figure_sheet(report),
        district_sheet(report),
        *([reconciliation_sheet(report)] if report.reconciliation else []),
        shelter_sheet(report),
        sex_age_sheet(report),
        need_sheet(report),
        casualty_sheet(report),
        claim_sheet(report),
        day_sheet(report),
        revision_sheet(report),
    )
    has_hidden = any(isinstance(value, Mark) for sheet in numbers for row in sheet.rows for value in row)
    return (*numbers, note_sheet(document, has_hidden=has_hidden))


class Formats:
    """The few looks of a cell, made once per workbook."""

    def __init__(self, workbook: Any) -> None:
        """Registers them with the workbook."""
        head = {"bold": True, "font_color": "#ffffff", "text_wrap": True, "valign": "bottom", "border": 1}
        self.heads = {
            origin: workbook.add_format({**head, "bg_color": fill, "border_color": "#ffffff"})
            for origin, fill in _FILLS.items()
        }
        self.number = workbook.add_format({"num_format": "#,##0", "valign": "top"})
        self.claimed = workbook.add_format({"num_format": "#,##0", "valign": "top", "bg_color": "#fdf5e6"})
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.hidden = workbook.add_format({"italic": True, "valign": "top", "font_color": "#52606d"})
        self.missing = workbook.add_format({"text_wrap": True, "valign": "top", "font_color": "#52606d"})


def _write(workbook: Any, formats: Formats, sheet: Sheet, marking: str) -> None:
    headings = sheet.headings
    has_numbers = any(heading.is_number for heading in headings)
    if has_numbers:
        headings = (*headings, Heading(_("Not reported"), 30))
    page = workbook.add_worksheet(sheet.name[:LONGEST_NAME])
    for column, heading in enumerate(headings):
        page.set_column(column, column, heading.width)
        page.write_string(0, column, heading.name, formats.heads[heading.origin])
    for place, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, place, column, value, sheet.headings[column], formats)
        if has_numbers:
            page.write_string(place, len(row), _missing(sheet, row), formats.missing)
    page.freeze_panes(1, min(2, len(headings) - 1))
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(headings) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer(f"&L{marking.replace('&', '&&')}&R&P / &N")


def _write_cell(page: Any, row: int, column: int, value: Value, heading: Heading, formats: Formats) -> None:
    if isinstance(value, Mark):
        page.write_string(row, column, words.number(value), formats.hidden)
    elif isinstance(value, int):
        style = formats.claimed if heading.origin is Origin.CLAIMED else formats.number
        page.write_number(row, column, value, style)
    elif value:
        page.write_string(row, column, inert(value), formats.text)


def _missing(sheet: Sheet, row: tuple[Value, ...]) -> str:
    """The names of the counts that were not reported in this row."""
    pairs = zip(sheet.headings, row, strict=True)
    return ", ".join(heading.name for heading, value in pairs if heading.is_number and value is None)
