"""Incidents on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from displacement.admin.casualty_forms import CasualtyForm
from displacement.admin.incident_form import IncidentForm
from displacement.models import Casualty, Incident
from regions.admin import RegionSearch, region_filter


class CasualtyInline(DeskInline):
    """Its victims, without names."""

    model = Casualty
    fields = ("outcome", "people_min", "people_max", "civilian_status", "sex", "age", "rung", "voided_at")
    readonly_fields = fields


def _stands(incident: Incident) -> bool:
    return not incident.is_void


@admin.register(Incident)
class IncidentAdmin(RegionSearch, AuditedAdmin):
    """When, where and how people were killed, hurt or went missing."""

    list_display = ("occurred_at", "region", "cause", "place", "precision", "organisation__short_name")
    list_display_links = ("occurred_at", "region")
    list_filter = (
        region_filter("region", _("region"), occurs_in=(Incident, "region")),
        "cause",
        StandingFilter,
    )
    list_select_related = ("region", "organisation")
    ordering = ("-occurred_at",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    inlines = (CasualtyInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("region", "occurred_at", "occurred_until"),
                    ("precision", "cause", "place"),
                    "description",
                )
            },
        ),
        (_("Record"), {"fields": (("organisation", "recorded_at"), ("voided_at", "void_reason"))}),
    )
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
    adding = Act("add", _("Record an incident"), "add", IncidentForm)
    acts = (Act("casualty", _("Record a casualty"), "change", CasualtyForm, is_open=_stands), voiding())

    def label(self, record: Incident) -> str:
        """When and where."""
        return f"{record.occurred_at:%Y-%m-%d}, {record.region}"

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Words of its description; the list is short."""
        return Q(description__icontains=text)
