"""The report as a mail: HTML that mail programs and telephones show, the same as text, and the charts as PNG.

Mail programs drop style sheets, so styles are written into the elements; they cut a message after about 102 KB, so the
HTML stays below 90 KB and long tables are shortened with a word on it. Nothing is loaded from outside.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reports.editions.report import SituationReport
from reports.rendering import words
from reports.rendering.charts.draw import png_charts
from reports.rendering.content.breaks import with_breaks
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Document, Section, Table
from reports.rendering.letter import MailParts, inlined
from reports.rendering.markup import grid, tidy
from reports.rendering.text import text_of

LARGEST = 90_000  # bytes of HTML
ROWS_TRIED = (60, 30, 15, 6)  # rows of a table, fewer until the mail is small enough


def mail_parts(report: SituationReport) -> MailParts:
    """The mail of a report; the subject is one line and names the region and the day, never a person.

    About two thirds of a second of work, nearly all of it charts. Which files come with it differs by reader.
    """
    document = compose(report)
    charts = png_charts(report)
    with override(report.language):
        return MailParts(
            subject=document.subject,
            text=_with_attachments(text_of(document)),
            html=_html(with_breaks(document), report, charts),
            images={content_id(name, report): image for name, image in charts.items()},
        )


def content_id(name: str, report: SituationReport) -> str:
    """Under which a chart is referred to: another one for each edition, because some programs mix up equal ones."""
    region = "".join(letter for letter in report.region.lower() if letter.isascii() and letter.isalnum())
    return f"{name}.{region}.{report.local_day:%Y%m%d}.{report.number}@situation-report.invalid"


def _with_attachments(text: str) -> str:
    return f"{text}\n{_attachments()}\n"


def _attachments() -> str:
    return _(
        "The full report is a PDF, every figure a workbook: those that were chosen for this address are attached."
    )


def _html(document: Document, report: SituationReport, charts: Mapping[str, bytes]) -> str:
    made = ""
    for most_rows in ROWS_TRIED:
        context = _context(document, report, charts, most_rows)
        made = tidy(inlined(render_to_string("reports/mail.html", context)))
        if len(made.encode()) <= LARGEST:
            break
    return made


def _context(
    document: Document, report: SituationReport, charts: Mapping[str, bytes], most_rows: int
) -> dict[str, Any]:
    return {
        "document": document,
        "singles": [
            (
                document.headings.claimed_only,
                "reports/mail_claimed.html",
                _rows_of_two(document.claimed_only),
            ),
            (
                document.headings.counted_only,
                "reports/mail_counted.html",
                _rows_of_two(document.counted_only),
            ),
        ],
        "fact_rows": _rows_of_two(document.facts),
        "sections": [_section(section, report, charts, most_rows) for section in document.sections],
        "attachments": _attachments(),
    }


def _rows_of_two(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[place : place + 2] for place in range(0, len(items), 2)]


def _section(
    section: Section, report: SituationReport, charts: Mapping[str, bytes], most_rows: int
) -> dict[str, Any]:
    return {
        "text": section,
        "pictures": [
            (picture, content_id(picture.name, report))
            for picture in section.pictures
            if picture.name in charts
        ],
        "tables": [_table(table, most_rows) for table in section.tables],
        "items": section.items[:most_rows],
        "hint": _hint(len(section.items) - most_rows),
    }


def _table(table: Table, most_rows: int) -> dict[str, Any]:
    brief = table.brief(most_rows)
    return {"grid": grid(brief), "hint": _hint(len(table.rows) - len(brief.rows))}


def _hint(left_out: int) -> str:
    if left_out <= 0:
        return ""
    return ngettext(
        "%(count)s more is in the full report.", "%(count)s more are in the full report.", left_out
    ) % {"count": words.number(left_out)}
