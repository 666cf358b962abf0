"""The report as one HTML page that needs nothing else: charts drawn in it, no script, nothing from outside."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from reports.editions.report import SituationReport
from reports.rendering.charts.draw import svg_charts
from reports.rendering.content.breaks import with_breaks
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Section
from reports.rendering.markup import grid, tidy


def render_page(report: SituationReport, *, nonce: str = "", stylesheet: str = "") -> bytes:
    """The page in UTF-8. About a third of a second of work, all of it charts.

    Served under our content security policy it needs either the request's `nonce`, for the styles in its head, or the
    address of `stylesheet`, which then replaces them. It has no style attribute.
    """
    document = with_breaks(compose(report))
    charts = svg_charts(report)
    context = {
        "document": document,
        "sections": [_section(section, charts) for section in document.sections],
        "nonce": nonce,
        "stylesheet": stylesheet,
    }
    with override(report.language):
        return tidy(render_to_string("reports/page.html", context)).encode()


def _section(section: Section, charts: dict[str, str]) -> dict[str, Any]:
    """A section with its drawings and its tables."""
    return {
        "text": section,
        # Drawn by us, every text in it as outlines: nothing in it comes unescaped from a report.
        "pictures": [(picture, mark_safe(charts[picture.name])) for picture in section.pictures],  # noqa: S308
        "tables": [grid(table) for table in section.tables],
    }
