"""Shelters on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from core.names import search_key
from regions.admin import RegionSearch, region_filter
from shelters.admin.headcount_form import HeadcountHereForm
from shelters.admin.shelter_forms import OpenSiteForm, ProtectedPlacesForm, StateForm
from shelters.admin.stay_forms import CheckInHereForm
from shelters.models import Headcount, ProtectedPlace, Room, Shelter, ShelterState
from shelters.models.shelter import RUNNING, Phase


class StateInline(DeskInline):
    """What it offered from when on."""

    model = ShelterState
    fields = (
        "phase",
        "occurred_at",
        "places_announced",
        "places_set_up",
        "places_open",
        "places_blocked",
        "blocked_reason",
        "voided_at",
    )
    readonly_fields = fields
    ordering = ("-occurred_at",)


class HeadcountInline(DeskInline):
    """What its manager said, the latest first."""

    model = Headcount
    fields = ("occurred_at", "people", "children", "places_free", "voided_at")
    readonly_fields = fields
    ordering = ("-occurred_at",)


class ProtectedPlaceInline(DeskInline):
    """What protects whom."""

    model = ProtectedPlace
    fields = (
        "cover",
        "places",
        "exits",
        "minutes_to_reach",
        "is_step_free",
        "is_usable_overnight",
        "occurred_at",
    )
    readonly_fields = fields


class RoomInline(DeskInline):
    """Its rooms."""

    model = Room
    fields = ("name", "beds", "floor_area_m2")
    readonly_fields = fields
    show_change_link = False


class PhaseFilter(admin.SimpleListFilter):
    """What the shelter does now."""

    title = _("phase")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every phase."""
        return list(Phase.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the latest state."""
        return queryset.filter(phase_now=self.value()) if self.value() else queryset


def _is_running(shelter: Any) -> bool:
    return getattr(shelter, "phase_now", None) in RUNNING


@admin.register(Shelter)
class ShelterAdmin(RegionSearch, AuditedAdmin):
    """Sites of every organisation in the region; changed by those who run them."""

    list_display = (
        "name",
        "region",
        "phase",
        "places",
        "last_count",
        "last_count_at",
        "organisation__short_name",
    )
    list_filter = (
        PhaseFilter,
        region_filter("region", _("region"), occurs_in=(Shelter, "region")),
        "site_type",
    )
    list_select_related = ("region", "organisation")
    search_help_text = _("A shelter's name in any alphabet, or a region")
    ordering = ("name", "pk")
    reach_organisation = "organisation_id"
    reach_region = "region"
    inlines = (StateInline, HeadcountInline, ProtectedPlaceInline, RoomInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "region"),
                    ("site_type", "is_step_free"),
                    "address",
                    ("organisation", "phase"),
                )
            },
        ),
    )
    readonly_fields = ("phase",)
    adding = Act("add", _("Enter a shelter"), "add", OpenSiteForm)
    acts = (
        Act("check-in", _("Check in"), "change", CheckInHereForm, is_open=_is_running),
        Act("headcount", _("Report a headcount"), "change", HeadcountHereForm),
        Act("state", _("Change its state"), "change", StateForm),
        Act("protected-places", _("Record protected places"), "change", ProtectedPlacesForm),
    )

    @admin.display(description=_("phase"))
    def phase(self, shelter: Any) -> str:
        """What it does now, or that nobody said."""
        return str(Phase(shelter.phase_now).label) if shelter.phase_now else str(_("not reported"))

    @admin.display(description=_("places open"))
    def places(self, shelter: Any) -> Any:
        """As the latest state says."""
        return shelter.places_open_now

    @admin.display(description=_("latest headcount"))
    def last_count(self, shelter: Any) -> Any:
        """As its manager said."""
        return shelter.people_counted

    @admin.display(description=_("counted at"))
    def last_count_at(self, shelter: Any) -> Any:
        """When that was."""
        return shelter.counted_at

    def label(self, record: Shelter) -> str:
        """Name and place."""
        return f"{record.name} · {record.region}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the latest state and headcount of the rows that are shown."""
        state = ShelterState.objects.filter(shelter=OuterRef("pk"), voided_at=None).order_by(
            "-occurred_at", "-pk"
        )
        count = Headcount.objects.filter(shelter=OuterRef("pk"), voided_at=None).order_by(
            "-occurred_at", "-pk"
        )
        rows = super().get_queryset(request).select_related("region", "organisation")
        annotated: QuerySet[Any] = rows.annotate(
            phase_now=Subquery(state.values("phase")[:1]),
            places_open_now=Subquery(state.values("places_open")[:1]),
            people_counted=Subquery(count.values("people")[:1]),
            counted_at=Subquery(count.values("occurred_at")[:1]),
        )
        return annotated

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Its name, in any alphabet."""
        key = search_key(text)
        found = Q(name__icontains=text)
        return found | Q(name_key__contains=key) if key else found


class _OfShelter(RegionSearch, AuditedAdmin):
    """Dated facts of shelters; new ones are made on the shelter's page."""

    list_filter = (region_filter("shelter__region", _("region")), StandingFilter)
    list_select_related = ("shelter__region",)
    search_help_text = _("A shelter's name, or a region in any alphabet or by code")
    region_lookups = ("shelter__region_id",)
    text_lookups = ("shelter__name",)
    reach_organisation = "shelter__organisation_id"
    reach_region = "shelter__region"
    readonly_fields = ("recorded_at", "voided_at", "void_reason")
    acts = (voiding(),)


@admin.register(ShelterState)
class ShelterStateAdmin(_OfShelter):
    """What shelters offered from when on."""

    list_display = (
        "shelter",
        "phase",
        "occurred_at",
        "places_announced",
        "places_set_up",
        "places_open",
        "places_blocked",
    )
    ordering = ("-occurred_at",)


@admin.register(ProtectedPlace)
class ProtectedPlaceAdmin(_OfShelter):
    """What protects whom, where."""

    list_display = ("shelter", "cover", "places", "exits", "minutes_to_reach", "is_step_free", "occurred_at")
    ordering = ("-occurred_at",)
