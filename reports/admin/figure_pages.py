"""An edition's figures beside another's, and one figure over all editions with its basis and how it was counted."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.actions.histories import comparable, compared, history
from reports.editions.corrections import Pair, figure_key
from reports.figures.figure import Figure
from reports.figures.indicators import INDICATORS
from reports.models import Edition
from reports.rendering import words
from reports.rendering.content import labels

#: What names a figure in an address, in the order of `figure_key`.
KEY = ("indicator", "region", "basis", "source", "scope", "kind")


class FigurePages:
    """Two pages of the edition's desk; its list and record page are elsewhere."""

    def figures_view(self: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Every figure of the edition beside that of another one: of `with`, or of the edition before it."""
        edition = self._read(request, pk)
        others = list(comparable(edition))
        asked = request.GET.get("with", "")
        other = next((each for each in others if str(each.pk) == asked), None) or edition.previous or edition
        try:
            pairs = compared(other, edition)
        except ValidationError as refusal:
            raise Http404 from refusal
        rows = [_row(edition, pair) for pair in pairs]
        context = {"title": _("Figures, compared"), "others": others, "other": other, "rows": rows}
        page: HttpResponse = self._page(request, edition, "reports/desk/figures.html", context)
        return page

    def figure_view(self: Any, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One figure: what it means, how it is counted, and what each edition said of it."""
        edition = self._read(request, pk)
        key = tuple(request.GET.get(name, "") for name in KEY)
        found = history(edition, key)
        told = next((each.figure for each in found if each.figure is not None), None)
        if told is None:
            raise Http404
        entry = INDICATORS.get(told.indicator)
        context = {
            "title": labels.indicator(told.indicator),
            "meaning": entry.meaning if entry else "",
            "basis": labels.basis(told.basis),
            "kind": labels.kind(told.kind),
            "source": told.source,
            "grade": f"{told.reliability}{told.credibility}",
            "rows": [
                {
                    "edition": each.edition,
                    "url": self.record_url(each.edition),
                    "number": words.quantity(each.figure) if each.figure else _("not in it"),
                    "as_of": words.moment(each.figure.as_of, edition.operation.zone) if each.figure else "",
                    "note": each.figure.note if each.figure else "",
                }
                for each in found
            ],
        }
        page: HttpResponse = self._page(request, edition, "reports/desk/figure.html", context)
        return page

    def _read(self: Any, request: HttpRequest, pk: UUID) -> Edition:
        rows = self.get_queryset(request).select_related("region", "operation", "previous")
        edition: Edition = get_object_or_404(rows, pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def _page(
        self: Any, request: HttpRequest, edition: Edition, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "edition": edition,
            "record_label": self.label(edition),
            "record_url": self.record_url(edition),
            "figures_url": reverse("admin:reports_edition_figures", args=(edition.pk,)),
        }
        return TemplateResponse(request, template, {**common, **context})


def _row(edition: Edition, pair: Pair) -> dict[str, Any]:
    asked = urlencode(dict(zip(KEY, figure_key(pair.figure), strict=True)))
    return {
        "url": f"{reverse('admin:reports_edition_figure', args=(edition.pk,))}?{asked}",
        "name": labels.indicator(pair.figure.indicator),
        "region": pair.region_name,
        "source": pair.figure.source,
        "basis": labels.basis(pair.figure.basis),
        "old": _said(pair.old),
        "new": _said(pair.new),
        "change": "" if pair.difference is None else words.change(pair.difference),
        "is_same": pair.is_same,
    }


def _said(figure: Figure | None) -> str:
    return words.quantity(figure) if figure else _("not in it")
