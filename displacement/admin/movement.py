"""Movements on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import StandingFilter
from displacement.admin.finding import person_meant
from displacement.models import Movement
from regions.admin import RegionSearch, region_filter


@admin.register(Movement)
class MovementAdmin(RegionSearch, AuditedAdmin):
    """The facts that displacement is counted from. New ones are made on the page of the person or household."""

    list_display = ("kind", "who", "occurred_at", "origin", "destination", "place", "means", "recorded_at")
    list_filter = (
        "kind",
        region_filter("origin", _("home region")),
        region_filter("destination", _("present region")),
        "place",
        StandingFilter,
    )
    list_select_related = ("person", "household", "origin", "destination")
    search_help_text = _("Registration number or names of the person, or a region in any alphabet or by code")
    region_lookups = ("origin_id", "destination_id")
    ordering = ("-id",)
    acts = (voiding(),)
    fieldsets = (
        (None, {"fields": (("kind", "occurred_at"), ("person", "household"), ("origin", "destination"))}),
        (None, {"fields": (("place", "means", "cause"),)}),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    readonly_fields = ("recorded_at", "voided_at", "void_reason")

    @admin.display(description=_("person or household"))
    def who(self, movement: Movement) -> str:
        """The registration number of whoever moved."""
        mover = movement.person or movement.household
        return mover.number if mover else ""

    def label(self, record: Movement) -> str:
        """What, who and when."""
        return f"{record.get_kind_display()} · {self.who(record)} · {record.occurred_at:%Y-%m-%d}"

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Of a person or of a counted household."""
        site: Any = self.admin_site
        of_person = site.reach(
            request.user,
            self.resource,
            action,
            organisation="person__organisation_id",
            region="person__household__registered_in",
        )
        of_household = site.reach(
            request.user,
            self.resource,
            action,
            organisation="household__organisation_id",
            region="household__registered_in",
        )
        return rows.filter(of_person | of_household)

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Whoever moved."""
        return person_meant(text, "person_id")
