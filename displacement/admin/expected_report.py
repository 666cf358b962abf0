"""Who is expected to report what, on the desk."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, ActForm, MomentField, RecordField, StandingFilter
from displacement.actions import expected_reports
from displacement.models import ExpectedReport
from displacement.models.claim import ClaimIndicator
from regions.admin import RegionSearch, region_filter


class ExpectForm(ActForm):
    """Expects a number of a source."""

    explanation = _(
        "The report then names the source among those who did not report, as soon as so many days pass without a claim of it "
        "about this. Nothing is assumed in place of what it did not say."
    )
    done = _("Expected from now on.")
    source = RecordField(ExpectedReport.source)
    region = RecordField(ExpectedReport.region)
    indicator = forms.ChoiceField(label=_("What about"), choices=ClaimIndicator.choices)
    every_days = forms.IntegerField(
        label=_("Every so many days"), initial=1, min_value=1, max_value=90, help_text=_("1 is daily.")
    )
    occurred_at = MomentField(label=_("Expected from"), initial=timezone.now)
    fieldsets = ((None, {"fields": [("source", "region"), ("indicator", "every_days"), "occurred_at"]}),)

    def perform(self) -> Model:
        """Expect it."""
        return expected_reports.expect(by=self.by, **self.cleaned_data)


@admin.register(ExpectedReport)
class ExpectedReportAdmin(RegionSearch, AuditedAdmin):
    """Who is expected to say what, about where, how often; who no longer is, is taken back."""

    list_display = ("source", "region", "indicator", "every_days", "occurred_at")
    list_display_links = ("source", "region")
    list_filter = (
        region_filter("region", _("region"), occurs_in=(ExpectedReport, "region")),
        "indicator",
        StandingFilter,
    )
    list_select_related = ("source", "region")
    search_help_text = _("A region in any alphabet or by code, or words of the source's name")
    text_lookups = ("source__name",)
    region_lookups = ("region_id",)
    ordering = ("source__name", "indicator", "-id")
    reach_organisation = ""
    reach_region = "region"
    adding = Act("add", _("Expect a report"), "add", ExpectForm)
    acts = (voiding(),)
    fieldsets = (
        (None, {"fields": (("source", "region"), ("indicator", "every_days"), "occurred_at")}),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
