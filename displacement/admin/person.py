"""Persons on the desk."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import revealing
from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from displacement.admin.document import DocumentForm, DocumentInline
from displacement.admin.finding import DocumentSearch, person_meant
from displacement.admin.household_forms import MovePersonForm
from displacement.admin.merge import MergeByHandForm, merges_of
from displacement.admin.person_forms import PersonChangeForm, PersonRevealForm
from displacement.models import Movement, Person, PersonNeed, SpecificNeed
from regions.admin import region_filter


class NeedInline(DeskInline):
    """Specific needs."""

    model = PersonNeed
    fields = ("need", "occurred_at", "voided_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the needs' names."""
        return super().get_queryset(request).select_related("need")


class MovementInline(DeskInline):
    """The steps of the person, the first one first."""

    model = Movement
    fields = ("kind", "occurred_at", "origin", "destination", "place", "means", "voided_at")
    readonly_fields = fields
    ordering = ("occurred_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the regions' names."""
        return super().get_queryset(request).select_related("origin", "destination")


class PersonStandingFilter(StandingFilter):
    """People who stand on their own; merged records are shown to those who ask for them."""

    title = _("voided or merged")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Merged records beside voided ones."""
        return [*super().lookups(request, model_admin), ("merged", _("Merged"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Without merged records unless they or all were asked for. No query."""
        if self.value() == "merged":
            return queryset.filter(merged_into__isnull=False)
        found = super().queryset(request, queryset)
        return found.filter(merged_into=None) if self.value() is None else found


def _stands(person: Person) -> bool:
    return not person.is_void and person.merged_into_id is None


@admin.register(Person)
class PersonAdmin(DocumentSearch, AuditedAdmin):
    """People by name, the latest registered first."""

    list_display = ("number", "full_name", "sex", "birth_date", "home", "registered_in", "registered_at")
    list_filter = (
        region_filter("household__origin", _("home region")),
        region_filter("household__registered_in", _("registered in")),
        "sex",
        PersonStandingFilter,
    )
    list_select_related = ("household__origin", "household__registered_in", "organisation")
    search_help_text = _(
        "Registration number, names in either alphabet, a whole telephone or document number, or the home region"
    )
    phone_lookup = "household__phone"
    region_lookups = ("household__origin_id",)
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    reach_region = "household__registered_in"
    reads = {
        "number": ("serial",),
        "home": ("household__origin",),
        "registered_in": ("household__registered_in",),
        "registered_at": ("occurred_at",),
    }
    inlines = (DocumentInline, MovementInline, NeedInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "household"),
                    ("family_name", "given_name", "patronymic"),
                    ("sex", "birth_date", "birth_precision"),
                    ("relationship", "home"),
                )
            },
        ),
        (
            _("Record"),
            {
                "fields": (
                    ("organisation", "occurred_at", "recorded_at"),
                    ("voided_at", "void_reason"),
                    "merges",
                )
            },
        ),
    )
    readonly_fields = ("number", "home", "recorded_at", "voided_at", "void_reason", "merges")
    acts = (
        Act("move", _("Record an arrival or another step"), "change", MovePersonForm, is_open=_stands),
        Act("document", _("Record a document"), "change", DocumentForm, is_open=_stands),
        Act("change", _("Change"), "change", PersonChangeForm, is_open=_stands),
        Act("merge", _("Merge with another record"), "change", MergeByHandForm, is_open=_stands),
        voiding(),
        revealing(PersonRevealForm),
    )

    @admin.display(description=_("number"))
    def number(self, person: Person) -> str:
        """The registration number."""
        return person.number

    @admin.display(description=_("name"))
    def full_name(self, person: Person) -> str:
        """Family name first."""
        return person.full_name

    @admin.display(description=_("home region"))
    def home(self, person: Person) -> str:
        """Where the household is from."""
        return str(person.household.origin or _("not known"))

    @admin.display(description=_("registered in"))
    def registered_in(self, person: Person) -> str:
        """Where the household was registered."""
        return str(person.household.registered_in)

    @admin.display(description=_("registered"))
    def registered_at(self, person: Person) -> datetime:
        """When that was."""
        return person.occurred_at

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record, with who asks, since what a page says of merges depends on whom they may see."""
        person = super().get_object(request, object_id, from_field)
        if person is not None:
            person.asked_by = request.user
        return person

    @admin.display(description=_("merges"))
    def merges(self, person: Any) -> str:
        """Which records were merged into this one, or where it went on, as far as this user may see them."""
        found = merges_of(person, person.asked_by)
        if not found and person.merged_into_id:
            return gettext("merged into a record of another organisation")
        return found or "—"

    def label(self, record: Person) -> str:
        """Name and number."""
        return f"{record.full_name} · {record.number}"

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Number or names, by index."""
        return person_meant(text, "pk")


@admin.register(PersonNeed)
class NeedAdmin(AuditedAdmin):
    """Needs of people: reached from a person's page."""

    list_display = ("person", "need", "occurred_at")
    list_filter = ("need", StandingFilter)
    list_select_related = ("person", "need")
    ordering = ("-id",)
    reach_organisation = "person__organisation_id"
    reach_region = "person__household__registered_in"
    acts = (voiding(),)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not among the lists of the site."""
        return {}


@admin.register(SpecificNeed)
class SpecificNeedAdmin(AuditedAdmin):
    """The table of needs, loaded from a file."""

    list_display = ("code", "name_en", "name_ru", "name_uk", "group")
    list_filter = ("group",)
    search_fields = ("code", "name_en", "name_ru", "name_uk")
