"""Filters of lists that any app uses."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StandingFilter(admin.SimpleListFilter):
    """Facts that stand; what was voided is shown to those who ask for it."""

    title = _("voided or not")
    parameter_name = "voided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two views beside the usual one."""
        return [("only", _("Voided")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Name the usual view for what it shows, since it is not everything."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Standing")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Standing facts unless the others were asked for. No query."""
        if self.value() == "only":
            return queryset.filter(voided_at__isnull=False)
        return queryset if self.value() == "all" else queryset.filter(voided_at=None)
