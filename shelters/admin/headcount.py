"""Headcounts on the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, StandingFilter
from regions.admin import RegionSearch, region_filter
from shelters.admin.headcount_form import HeadcountForm
from shelters.models import Headcount


@admin.register(Headcount)
class HeadcountAdmin(RegionSearch, AuditedAdmin):
    """What site managers said, the latest first."""

    list_display = ("shelter", "region", "people", "children", "places_free", "occurred_at")
    list_filter = (region_filter("shelter__region", _("region")), StandingFilter)
    list_select_related = ("shelter__region",)
    search_help_text = _("A shelter's name, or a region in any alphabet or by code")
    region_lookups = ("shelter__region_id",)
    text_lookups = ("shelter__name",)
    ordering = ("-occurred_at",)
    reach_organisation = "shelter__organisation_id"
    reach_region = "shelter__region"
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
    adding = Act("add", _("Report a headcount"), "add", HeadcountForm)
    acts = (voiding(),)

    @admin.display(description=_("region"))
    def region(self, headcount: Headcount) -> str:
        """Where the shelter is."""
        return str(headcount.shelter.region)
