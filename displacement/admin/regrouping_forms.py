"""Splitting and joining households, and what their pages show of it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, DeskInline, RecordField, RowsOf
from displacement.actions import joining, splitting
from displacement.admin.rows import GroupRow
from displacement.models import Household, HouseholdChange, HouseholdJoin, Person


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Persons of the household, ticked by name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        """Name and number."""
        return f"{obj.full_name} · {obj.number}"


class _Head(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """One of the persons."""

    def label_from_instance(self, obj: Person) -> str:
        """Name and number."""
        return f"{obj.full_name} · {obj.number}"


class SplitForm(ActForm):
    """Lets some people leave the household."""

    explanation = _(
        "Those who leave keep their registration numbers. They get a household number of their own, unless you"
        " choose a household that they go to. Reports of earlier days do not change."
    )
    done = _("The household is split.")
    tables = {
        "groups": RowsOf(GroupRow, _("Who leaves of those only counted"), _("Another group"), is_folded=True),
    }
    people = _People(label=_("Who leaves"), queryset=Person.objects.none(), required=False)
    head = _Head(label=_("Head of the new household"), queryset=Person.objects.none(), required=False)
    into = RecordField(
        HouseholdJoin.into,
        action="change",
        label=_("They go to household"),
        required=False,
        help_text=_("Blank: a household of their own."),
    )
    phone = forms.CharField(
        label=_("Telephone of the new household"),
        max_length=30,
        required=False,
        help_text=_("The number known so far stays with those who stay."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, record: Household, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        people = Person.objects.current().unmerged().filter(household=record).order_by("pk")
        for name in ("people", "head"):
            field: Any = self.fields[name]
            field.queryset = people

    def perform(self) -> Model:
        """Split, and go to the household in which they are."""
        told = self.cleaned_data
        return splitting.split(
            household=self.record,
            people=list(told["people"]),
            groups=[row.as_told() for row in self.told("groups")],
            into=told["into"],
            head=told["head"],
            phone=told["phone"],
            reason=told["reason"],
            by=self.by,
        )


class JoinForm(ActForm):
    """Puts everybody of the household into another one."""

    explanation = _(
        "Everybody of this household goes into the other one. This household stays as a record that says where its"
        " people are; it is no household any more in reports from now on."
    )
    done = _("The households are joined.")
    into = RecordField(HouseholdJoin.into, action="change", label=_("Join into household"))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def perform(self) -> Model:
        """Join, and go to the household in which all are."""
        return joining.join(household=self.record, by=self.by, **self.cleaned_data)


class _ChangeInline(DeskInline):
    model = HouseholdChange
    readonly_fields = ("who", "from_household", "to_household", "occurred_at")
    show_change_link = False
    ordering = ("occurred_at", "pk")

    @admin.display(description=_("who"))
    def who(self, change: HouseholdChange) -> str:
        """A person by name, or so many counted people."""
        return change.person.full_name if change.person else str(change.group)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With names and numbers."""
        rows = super().get_queryset(request)
        return rows.select_related("person", "group", "from_household", "to_household")


class WentInline(_ChangeInline):
    """Who left for other households, also by earlier splits."""

    fk_name = "from_household"
    verbose_name_plural = _("went to other households")
    fields = ("who", "to_household", "occurred_at")


class CameInline(_ChangeInline):
    """Who came from other households."""

    fk_name = "to_household"
    verbose_name_plural = _("came from other households")
    fields = ("who", "from_household", "occurred_at")
