"""Households on the desk."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import revealing
from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from displacement.admin.door import DoorPages
from displacement.admin.finding import TelephoneSearch, serial_meant
from displacement.admin.household_forms import (
    AnswerForm,
    ArrivalForm,
    HouseholdChangeForm,
    MoveHouseholdForm,
    NamePeopleForm,
    PersonAddForm,
)
from displacement.admin.register_form import RegisterForm
from displacement.admin.regrouping_forms import CameInline, JoinForm, SplitForm, WentInline
from displacement.models import Consent, Household, HouseholdGroup, HouseholdJoin, Movement, Person
from regions.admin import region_filter


class PersonInline(DeskInline):
    """The people of the household who are named."""

    model = Person
    fields = ("full_name", "relationship", "sex", "birth_date", "birth_precision", "is_standing")
    readonly_fields = fields
    ordering = ("pk",)

    @admin.display(description=_("name"))
    def full_name(self, person: Person) -> str:
        """Family name first."""
        return person.full_name

    @admin.display(description=_("standing"), boolean=True)
    def is_standing(self, person: Person) -> bool:
        """Neither voided nor merged into the record of the same person in another household."""
        return person.voided_at is None and person.merged_into_id is None


class GroupInline(DeskInline):
    """The people of the household who are only counted."""

    model = HouseholdGroup
    fk_name = "household"
    fields = ("people", "sex", "age_band", "voided_at")
    readonly_fields = fields


class ConsentInline(DeskInline):
    """What the household agreed to; the latest answer per purpose holds."""

    model = Consent
    fields = ("purpose", "is_given", "obtained", "occurred_at", "text_version", "voided_at")
    readonly_fields = fields


class HouseholdMovementInline(DeskInline):
    """Steps of the household as a whole, while it is only counted."""

    model = Movement
    verbose_name_plural = _("movements of the counted household")
    fields = ("kind", "occurred_at", "origin", "destination", "place", "voided_at")
    readonly_fields = fields
    ordering = ("occurred_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the regions' names."""
        return super().get_queryset(request).select_related("origin", "destination")


def _is_counted(household: Household) -> bool:
    return not household.is_void and household.groups.filter(voided_at=None).exists()


def _is_joined(household: Household) -> bool:
    return bool(HouseholdJoin.objects.current().filter(household=household).exists())


def _stands(household: Household) -> bool:
    return not household.is_void and not _is_joined(household)


def _can_be_split(household: Household) -> bool:
    """Whether there are at least two people, one to go and one to stay."""
    if not _stands(household):
        return False
    named = Person.objects.current().unmerged().filter(household=household).count()
    counted = HouseholdGroup.objects.current().filter(household=household).values_list("people", flat=True)
    return bool(named + sum(counted) > 1)


@admin.register(Household)
class HouseholdAdmin(DoorPages, TelephoneSearch, AuditedAdmin):
    """Families and groups, the latest registered first."""

    list_display = (
        "number",
        "origin",
        "registered_in",
        "people_named",
        "people_counted",
        "registered_at",
        "organisation__short_name",
    )
    list_filter = (
        region_filter("origin", _("home region"), occurs_in=(Household, "origin")),
        region_filter("registered_in", _("registered in"), occurs_in=(Household, "registered_in")),
        "method",
        StandingFilter,
    )
    list_select_related = ("origin", "registered_in", "organisation")
    search_help_text = _(
        "Registration number of the household, its whole telephone number, or its region in any alphabet or by code"
    )
    region_lookups = ("origin_id", "registered_in_id")
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    reach_region = "registered_in"
    reads = {
        "number": ("serial",),
        "people_named": ("id",),
        "people_counted": ("id",),
        "registered_at": ("occurred_at",),
        "joined_into": ("id",),
    }
    inlines = (PersonInline, GroupInline, HouseholdMovementInline, ConsentInline, WentInline, CameInline)
    fieldsets = (
        (None, {"fields": (("number", "occurred_at"), ("origin", "registered_in"), ("phone", "language"))}),
        (
            _("Record"),
            {
                "fields": (
                    ("organisation", "method"),
                    ("people_declared", "recorded_at"),
                    "joined_into",
                    ("voided_at", "void_reason"),
                )
            },
        ),
    )
    readonly_fields = ("number", "recorded_at", "joined_into", "voided_at", "void_reason")
    adding = Act("add", _("Register a household"), "add", RegisterForm)
    acts = (
        Act("add-person", _("Add a person"), "change", PersonAddForm, is_open=_stands),
        Act("name", _("Name the people"), "change", NamePeopleForm, is_open=_is_counted),
        Act("arrival", _("Record an arrival or another step"), "change", ArrivalForm, is_open=_stands),
        Act(
            "move",
            _("Record a step of the counted household"),
            "change",
            MoveHouseholdForm,
            is_open=_is_counted,
        ),
        Act("split", _("Split"), "change", SplitForm, is_open=_can_be_split),
        Act("join", _("Join into another household"), "change", JoinForm, is_open=_stands),
        Act("change", _("Change"), "change", HouseholdChangeForm, is_open=_stands),
        Act("answer", _("Record an answer of consent"), "change", AnswerForm, is_open=_stands),
        voiding(),
        revealing(),
    )

    @admin.display(description=_("joined into"))
    def joined_into(self, household: Household) -> str:
        """The number of the household in which its people are now, where it lies within one's regions."""
        joins = HouseholdJoin.objects.current().filter(household=household).values_list("into")
        for (into,) in joins[:1]:
            there = Household.objects.filter(pk=into).first()
            return there.number if there else str(_("a household of another region"))
        return "-"

    @admin.display(description=_("number"))
    def number(self, household: Household) -> str:
        """The registration number."""
        return household.number

    @admin.display(description=_("named"))
    def people_named(self, household: Any) -> int:
        """How many of its people are registered by name."""
        return int(household.named)

    @admin.display(description=_("only counted"))
    def people_counted(self, household: Any) -> int:
        """How many of its people are only counted."""
        return int(household.counted)

    @admin.display(description=_("registered"))
    def registered_at(self, household: Household) -> datetime:
        """When that was."""
        return household.occurred_at

    def label(self, record: Household) -> str:
        """The number and where it is from."""
        return f"{record.number} · {record.origin}" if record.origin_id else record.number

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the sizes of the rows that are shown: an index scan each."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(named=_named(), counted=_counted())
        return rows

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """Its registration number."""
        serial = serial_meant(text)
        return Q(serial=serial) if serial is not None else super().matching(rows, text)


def _named() -> Any:
    named = Person.objects.current().unmerged().filter(household=OuterRef("pk"))
    sizes = named.order_by().values("household").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(sizes, output_field=IntegerField()), 0)


def _counted() -> Any:
    groups = (
        HouseholdGroup.objects.filter(household=OuterRef("pk"), voided_at=None).order_by().values("household")
    )
    return Coalesce(Subquery(groups.annotate(n=Sum("people")).values("n"), output_field=IntegerField()), 0)


class _Part(AuditedAdmin):
    """Facts of a household that have no list in the menu: reached from its page, voided on their own."""

    list_select_related = ("household",)
    reach_organisation = "household__organisation_id"
    reach_region = "household__registered_in"
    acts = (voiding(),)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not among the lists of the site."""
        return {}


@admin.register(HouseholdGroup)
class GroupAdmin(_Part):
    """Counted groups."""

    list_display = ("household", "people", "sex", "age_band", "occurred_at")
    list_filter = (StandingFilter,)
    ordering = ("-id",)


@admin.register(Consent)
class ConsentAdmin(_Part):
    """Answers of households."""

    list_display = ("household", "purpose", "is_given", "occurred_at")
    list_filter = ("purpose", StandingFilter)
    ordering = ("-id",)
