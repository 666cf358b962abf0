"""What holds in an area, on the desk."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions.record import record as leave_trace
from audit.admin import AuditedAdmin, voiding
from core.admin import Act, ActForm, MomentField, RecordField, StandingFilter
from regions.admin.filters import region_filter
from regions.admin.search import RegionSearch
from regions.models import AreaStatus
from regions.models.area_status import AreaCondition


class AreaStatusForm(ActForm):
    """Says what holds in an area from a moment on."""

    explanation = _("It holds until the next status of the same area.")
    region = RecordField(AreaStatus.region, action="view")
    condition = forms.ChoiceField(label=_("Status"), choices=AreaCondition.choices)
    occurred_at = MomentField(label=_("From when"), initial=timezone.now)
    source = forms.CharField(label=_("Who says so"), max_length=200)
    estimated_remaining = forms.IntegerField(
        label=_("Estimated people remaining"),
        min_value=0,
        required=False,
        help_text=_("Leave it blank where it is not known."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def perform(self) -> Model:
        """Write the status and its trace."""
        status = AreaStatus(**self.cleaned_data, recorded_by=self.by.pk)
        status.full_clean()
        status.save(force_insert=True)
        leave_trace("record", status, by=self.by)
        return status


@admin.register(AreaStatus)
class AreaStatusAdmin(RegionSearch, AuditedAdmin):
    """Dated statuses, the latest first."""

    list_display = ("region", "condition", "occurred_at", "source", "estimated_remaining")
    list_filter = (
        region_filter("region", _("region"), occurs_in=(AreaStatus, "region")),
        "condition",
        StandingFilter,
    )
    list_select_related = ("region",)
    reach_region = "region"
    acts = (voiding(),)
    adding = Act("add", _("Record an area's status"), "add", AreaStatusForm)
