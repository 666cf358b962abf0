"""The reconciliation line of an edition's region and of each of its districts, on the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.models import Edition
from reports.rendering.content.reconciliation import line_table
from reports.rendering.encode import from_json


class ReconciliationPage:
    """One page of the edition's desk: a region and day each."""

    def reconciliation_view(self: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The line of the whole region, or of the district whose place in the list `line` gives."""
        edition = self._read(request, pk)
        report = from_json(edition.content)
        lines = sorted(report.reconciliation, key=lambda line: not line.is_total)
        asked = request.GET.get("line", "0")
        place = int(asked) if asked.isascii() and asked.isdigit() and int(asked) < len(lines) else 0
        context = {
            "title": _("Who was to leave, and who is where"),
            "lines": [line.name for line in lines],
            "place": place,
            "table": line_table(lines[place], report.zone) if lines else None,
        }
        page: HttpResponse = self._page(request, edition, "reports/desk/reconciliation.html", context)
        return page


def reconciliation_url(edition: Edition) -> str:
    """Where an edition's lines are; empty where it has none: they are in internal editions only."""
    if not edition.content.get("reconciliation"):
        return ""
    return reverse("admin:reports_edition_reconciliation", args=(edition.pk,))
