"""Casualties on the desk."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from displacement.admin.casualty_forms import (
    CorroboratedForm,
    InformedForm,
    RefutedForm,
    ReportedForm,
    SourceForm,
    VerifiedForm,
)
from displacement.models import Casualty, CasualtySource, CasualtyStep
from displacement.models.casualty import TRANSITIONS, Rung
from regions.admin import RegionSearch, region_filter


class SourceInline(DeskInline):
    """Who tells of it, and what each supports."""

    model = CasualtySource
    fields = (
        "source",
        "origin",
        "occurred_at",
        "supports_who",
        "supports_what",
        "supports_when",
        "supports_where",
        "voided_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the sources' names."""
        return super().get_queryset(request).select_related("source", "origin")


class StepInline(DeskInline):
    """How it came to where it stands."""

    model = CasualtyStep
    fields = ("rung", "occurred_at", "recorded_at", "reason")
    readonly_fields = fields
    ordering = ("recorded_at",)
    show_change_link = False


def _leads_to(rung: Rung) -> Callable[[Casualty], bool]:
    return lambda casualty: not casualty.is_void and rung in TRANSITIONS[Rung(casualty.rung)]


def _stands(casualty: Casualty) -> bool:
    return not casualty.is_void


def _waits(casualty: Casualty) -> bool:
    return not casualty.is_void and casualty.next_of_kin_informed_at is None


@admin.register(Casualty)
class CasualtyAdmin(RegionSearch, AuditedAdmin):
    """Victims and how far each is established. Names of victims are not in the list."""

    list_display = ("occurred_at", "region", "outcome", "people", "civilian_status", "sex", "age", "rung")
    list_display_links = ("occurred_at", "region")
    list_filter = (
        "rung",
        "outcome",
        region_filter("incident__region", _("region")),
        "civilian_status",
        StandingFilter,
    )
    list_select_related = ("incident__region",)
    region_lookups = ("incident__region_id",)
    ordering = ("-occurred_at",)
    reach_organisation = "incident__organisation_id"
    reach_region = "incident__region"
    inlines = (SourceInline, StepInline)
    reads = {"region": ("incident__region",), "people": ("people_min", "people_max")}
    change_form_template = "admin/casualty.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("incident", "occurred_at"),
                    ("outcome", "people", "died_on"),
                    ("civilian_status", "sex", "age"),
                    ("rung", "verified_at"),
                    ("victim_name", "next_of_kin_informed_at"),
                )
            },
        ),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    readonly_fields = (
        "people",
        "rung",
        "verified_at",
        "next_of_kin_informed_at",
        "recorded_at",
        "voided_at",
        "void_reason",
    )
    acts = (
        Act("source", _("Attach a source"), "view", SourceForm, is_open=_stands),
        Act("reported", _("Reported"), "change", ReportedForm, is_open=_leads_to(Rung.REPORTED)),
        Act(
            "corroborated",
            _("Corroborated"),
            "change",
            CorroboratedForm,
            is_open=_leads_to(Rung.CORROBORATED),
        ),
        Act("verified", _("Verify"), "verify", VerifiedForm, is_open=_leads_to(Rung.VERIFIED)),
        Act("refuted", _("Refute"), "verify", RefutedForm, is_open=_leads_to(Rung.REFUTED), is_grave=True),
        Act("informed", _("Next of kin are informed"), "change", InformedForm, is_open=_waits, is_grave=True),
        voiding(),
    )

    @admin.display(description=_("region"))
    def region(self, casualty: Casualty) -> str:
        """Where it happened."""
        return str(casualty.incident.region)

    @admin.display(description=_("people"))
    def people(self, casualty: Casualty) -> str:
        """One number, or the range that sources leave open."""
        if casualty.people_min == casualty.people_max:
            return str(casualty.people_min)
        return f"{casualty.people_min}–{casualty.people_max}"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With the sentence that says who is not told the name, and why."""
        casualty = kwargs.get("obj")
        if casualty is not None and _waits(casualty):
            site: Any = self.admin_site
            is_told = site.shows_of(request.user, casualty, "victim_name")
            context["who_waits"] = "others" if is_told else "reader"
        return super().render_change_form(request, context, *args, **kwargs)

    def label(self, record: Casualty) -> str:
        """What happened, when, and how far it is established; no name."""
        return f"{record.get_outcome_display()}, {record.occurred_at:%Y-%m-%d}, {record.get_rung_display()}"


@admin.register(CasualtySource)
class CasualtySourceAdmin(AuditedAdmin):
    """Sources of casualties: reached from a casualty's page."""

    list_display = ("casualty", "source", "occurred_at")
    list_select_related = ("casualty", "source")
    ordering = ("-id",)
    reach_organisation = "casualty__incident__organisation_id"
    reach_region = "casualty__incident__region"
    acts = (voiding(),)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not among the lists of the site."""
        return {}
