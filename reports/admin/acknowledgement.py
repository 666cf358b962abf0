"""Acknowledged flags on the desk: made on an edition's own page, listed and taken back here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import StandingFilter
from regions.admin import RegionSearch, region_filter
from reports.models import FlagAcknowledgement


@admin.register(FlagAcknowledgement)
class FlagAcknowledgementAdmin(RegionSearch, AuditedAdmin):
    """Who answers for which flag, and why; its history says who."""

    list_display = ("region", "sentence", "reason", "recorded_at")
    list_display_links = ("region", "sentence")
    list_filter = (
        region_filter("region", _("region"), occurs_in=(FlagAcknowledgement, "region")),
        "code",
        StandingFilter,
    )
    list_select_related = ("region",)
    search_help_text = _("A region in any alphabet or by code, or words of the flag or the reason")
    text_lookups = ("reason", "sentence")
    region_lookups = ("region_id",)
    ordering = ("-id",)
    reach_region = "region"
    acts = (voiding(),)
    fieldsets = (
        (None, {"fields": ("region", "sentence", "reason", ("code", "subject"))}),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
