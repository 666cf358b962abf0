"""Emergency access on the desk: who took it, of whom and why; taking it, and ending it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.break_glass import break_glass, mend_glass
from accounts.models import BreakGlass, Organisation
from accounts.policy import EMERGENCY_ROLES, LONGEST_EMERGENCY_HOURS, USUAL_EMERGENCY_HOURS, Role
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, ReasonField
from regions.models import Region


class BreakGlassForm(ActForm):
    """Takes a role for some hours."""

    explanation = _(
        "You will see and change what this role does, for this organisation only. It ends by itself. The administrators and "
        "auditors of the organisation are told at once by mail, and each step is in the audit trail."
    )
    done = _("You have emergency access now. It is shown on every page until it ends.")

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in EMERGENCY_ROLES])
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"))
    region = forms.ModelChoiceField(
        Region.objects.filter(level__lte=2).order_by("path"),
        label=_("Region"),
        required=False,
        empty_label=_("All regions"),
    )
    hours = forms.IntegerField(
        label=_("Hours"), min_value=1, max_value=LONGEST_EMERGENCY_HOURS, initial=USUAL_EMERGENCY_HOURS
    )
    reason = ReasonField(_("Why it cannot wait"))

    def perform(self) -> Model:
        """Take it."""
        told = dict(self.cleaned_data)
        return break_glass(role=Role(told.pop("role")), by=self.by, **told)


class MendForm(ActForm):
    """Ends it before its time."""

    explanation = _("The role ends now. What was done with it stays, and stays in the audit trail.")
    done = _("Emergency access has ended.")

    def perform(self) -> Model:
        """End it."""
        return mend_glass(glass=self.record, by=self.by)


def _holds(glass: BreakGlass) -> bool:
    return glass.ended_at is None and glass.ends_at > timezone.now()


@admin.register(BreakGlass)
class BreakGlassAdmin(AuditedAdmin):
    """The latest first. Seen by who answers for the organisation, by auditors, and by whoever took it."""

    list_display = (
        "opened_at",
        "role",
        "organisation",
        "region",
        "opened_by",
        "ends_at",
        "ended_at",
        "reason",
    )
    list_filter = ("role",)
    list_select_related = ("organisation", "region", "opened_by")
    ordering = ("-opened_at",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    fields = (("role", "organisation", "region"), "opened_by", ("opened_at", "ends_at", "ended_at"), "reason")
    adding = Act("add", _("Take emergency access"), "add", BreakGlassForm)
    acts = (Act("end", _("End it now"), "change", MendForm, is_open=_holds, is_grave=True),)

    def label(self, record: Any) -> str:
        """The role, for whom, and since when."""
        return f"{record} · {record.opened_at:%Y-%m-%d %H:%M}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only through its acts."""
        return False
