"""Stays on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import revealing
from audit.admin import AuditedAdmin, voiding
from core.admin import Act, StandingFilter
from displacement.admin.finding import person_meant
from regions.admin import RegionSearch, region_filter
from shelters.admin.stay_forms import CheckInForm, CheckOutForm
from shelters.models import Stay


class OpenFilter(admin.SimpleListFilter):
    """Who is in now, and who has left."""

    title = _("in now")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """In, or checked out."""
        return [("yes", _("In now")), ("no", _("Checked out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the end of the stay."""
        if self.value() is None:
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "yes")


def _is_open(stay: Stay) -> bool:
    return not stay.is_void and stay.ended_at is None


@admin.register(Stay)
class StayAdmin(RegionSearch, AuditedAdmin):
    """Who sleeps where. Only of the own organisation's shelters and people."""

    list_display = ("number", "name", "shelter", "room", "occurred_at", "ended_at")
    list_display_links = ("number", "name")
    list_filter = (OpenFilter, region_filter("shelter__region", _("region")), StandingFilter)
    list_select_related = ("person", "shelter", "room")
    search_help_text = _("Registration number or names of the person, the shelter, or a region")
    region_lookups = ("shelter__region_id",)
    ordering = ("-id",)
    reach_organisation = "shelter__organisation_id"
    reach_region = "shelter__region"
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
    fieldsets = (
        (None, {"fields": ("person", ("shelter", "room"), ("occurred_at", "ended_at"), "override_reason")}),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    adding = Act("add", _("Check in"), "add", CheckInForm)
    acts = (
        Act("check-out", _("Check out"), "change", CheckOutForm, is_open=_is_open),
        voiding(),
        revealing(),
    )

    @admin.display(description=_("number"))
    def number(self, stay: Stay) -> str:
        """Of the person."""
        return stay.person.number

    @admin.display(description=_("name"))
    def name(self, stay: Stay) -> str:
        """Of the person."""
        return stay.person.full_name

    def label(self, record: Stay) -> str:
        """Who and where."""
        return f"{record.person.full_name} · {record.shelter}"

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """In the own shelters; to see, also of the own people."""
        site: Any = self.admin_site
        user, kind = request.user, self.resource
        bound = site.reach(
            user, kind, action, organisation="shelter__organisation_id", region="shelter__region"
        )
        return rows.filter(bound)

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Whoever stays, or the shelter's name."""
        return person_meant(text, "person_id") | Q(shelter__name__icontains=text)
