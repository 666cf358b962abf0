"""Emergency access on the desk: who took it, of whom and why; taking it, and ending it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.break_glass import break_glass, mend_glass
from accounts.actions.glass_reports import review
from accounts.admin.glass_report import ReportFilter, shown_lines
from accounts.models import BreakGlass, Organisation, User
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


class ReviewForm(ActForm):
    """Signs the report off."""

    explanation = _(
        "Read what was done, and ask whoever took the access about what you do not understand. What you write stays with the "
        "report and in the audit trail. Whoever took the access cannot sign it off."
    )
    done = _("Signed off.")
    finding = forms.CharField(
        label=_("What you found"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was needed, what was not, and what follows. No names of people in it."),
    )

    def perform(self) -> Model:
        """Sign it off."""
        return review(glass=self.record, by=self.by, **self.cleaned_data)


def _holds(glass: BreakGlass) -> bool:
    return glass.ended_at is None and glass.ends_at > timezone.now()


def _waits(glass: BreakGlass) -> bool:
    return hasattr(glass, "report") and glass.report.reviewed_at is None


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
        "signed_off",
    )
    list_filter = (ReportFilter, "role")
    list_select_related = ("organisation", "region", "opened_by", "report")
    change_form_template = "desk/glass.html"
    ordering = ("-opened_at",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    fields = (("role", "organisation", "region"), "opened_by", ("opened_at", "ends_at", "ended_at"), "reason")
    adding = Act("add", _("Take emergency access"), "add", BreakGlassForm)
    acts = (
        Act("end", _("End it now"), "change", MendForm, is_open=_holds, is_grave=True),
        Act("review", _("Sign off the report"), "review", ReviewForm, is_open=_waits),
    )

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """As the policy says; nobody signs off what they took themselves."""
        found = super().within_reach(rows, request, action)
        return found.exclude(opened_by=request.user.pk) if action == "review" else found

    @admin.display(description=_("signed off"))
    def signed_off(self, glass: Any) -> str:
        """When; in words where it was not."""
        if not hasattr(glass, "report"):
            return str(_("no report yet"))
        at = glass.report.reviewed_at
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else str(_("not signed off"))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With the report, where it is written."""
        glass = kwargs.get("obj")
        report = getattr(glass, "report", None)
        if report is not None:
            context["report"] = report
            context["report_lines"] = shown_lines(report, request, self.admin_site)
            context["report_by"] = User.objects.filter(pk=report.reviewed_by).first()
        return super().render_change_form(request, context, *args, **kwargs)

    def label(self, record: Any) -> str:
        """The role, for whom, and since when."""
        return f"{record} · {record.opened_at:%Y-%m-%d %H:%M}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only through its acts."""
        return False
