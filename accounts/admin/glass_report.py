"""The report of emergency access as its page shows it: words, counts, and ids for whoever may open them."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.glass_trail import Did
from accounts.models import BreakGlassReport


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: what was done with which kind of record, how often, with how many, and which of them lead somewhere."""

    did: str
    kind: str
    action: str
    times: int
    records: int
    #: Id and address; an empty address is an id that leads nowhere.
    links: list[tuple[str, str]]


class ReportFilter(admin.SimpleListFilter):
    """Whether the report was signed off."""

    title = _("report")
    parameter_name = "report"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Waiting, or done."""
        return [("open", _("Not signed off")), ("done", _("Signed off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those asked for. No query."""
        if self.value() == "open":
            return queryset.filter(report__isnull=False, report__reviewed_at=None)
        if self.value() == "done":
            return queryset.filter(report__reviewed_at__isnull=False)
        return queryset


def shown_lines(report: BreakGlassReport, request: HttpRequest, site: Any) -> list[ShownLine]:
    """The report's lines for who asks. A query for each kind of record that they may open."""
    traces = _trail_of(request)
    return [_shown(line, request, site, traces) for line in report.lines]


def _trail_of(request: HttpRequest) -> str:
    """The list of readings, for who reads the trail: there each id is looked up."""
    may = request.user.has_perm("audit.view_reading")
    return reverse("admin:audit_reading_changelist") if may else ""


def _shown(line: dict[str, Any], request: HttpRequest, site: Any, traces: str) -> ShownLine:
    model = _model(line["kind"])
    openable = (
        {} if model is None or line["did"] == Did.DENIED else _openable(model, line["ids"], request, site)
    )
    links = [(pk, openable.get(pk) or f"{traces}?q={pk}") for pk in line["ids"] if pk in openable or traces]
    return ShownLine(
        did=str(Did(line["did"]).label),
        kind=str(capfirst(model._meta.verbose_name_plural)) if model else line["kind"],
        action=line["action"],
        times=line["times"],
        records=line["records"],
        links=links,
    )


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _openable(model: type[Model], ids: list[str], request: HttpRequest, site: Any) -> dict[str, str]:
    """Address by id of what this person may open now. One query, none where their role opens no such kind."""
    try:
        desk = site.get_model_admin(model)
    except NotRegistered:
        return {}
    if not desk.has_view_permission(request):
        return {}
    keys = []
    for pk in ids:
        try:
            keys.append(model._meta.pk.to_python(pk))
        except ValidationError:
            continue
    found = desk.get_queryset(request).filter(pk__in=keys)
    return {str(record.pk): str(desk.record_url(record)) for record in found}
