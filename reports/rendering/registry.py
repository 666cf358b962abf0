"""The formats of a report, one entry each. A new format is a module with one function and a line here.

Entries name their function by its path: charts and PDF load only where something is rendered, and a web process that
lists formats stays small. The mail is no file; see `reports.rendering.mail`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from reports.editions.report import SituationReport


@dataclass(frozen=True, slots=True)
class Format:
    """One way to hand out a report."""

    name: str
    label: str | Promise
    media_type: str
    extension: str
    path: str  # of a function that takes a report and returns bytes

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show it."""
        return self.media_type.startswith("text/") or self.media_type == "application/json"

    def render(self, report: SituationReport) -> bytes:
        """The report in this format; the same report gives the same bytes, in any process and time zone."""
        made: bytes = import_string(self.path)(report)
        return made


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLE = "text/csv; charset=utf-8; header=present"

FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("text", _("Text"), "text/plain; charset=utf-8", "txt", "reports.rendering.text.render_text"),
        Format("json", _("JSON"), "application/json", "json", "reports.rendering.encode.to_json"),
        Format(
            "html", _("Web page"), "text/html; charset=utf-8", "html", "reports.rendering.page.render_page"
        ),
        Format("pdf", _("PDF"), "application/pdf", "pdf", "reports.rendering.pdf.render_pdf"),
        Format("xlsx", _("Workbook"), _SPREADSHEET, "xlsx", "reports.rendering.xlsx.render_xlsx"),
        Format("csv", _("Table (CSV)"), _TABLE, "csv", "reports.rendering.table.render_csv"),
        Format(
            "hxl", _("Table with HXL tags (CSV)"), _TABLE, "hxl.csv", "reports.rendering.table.render_hxl"
        ),
    )
}
