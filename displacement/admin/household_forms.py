"""What can be done to a household, and with its people's steps."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, MaskedInput, MomentField, RecordField, RowsOf
from displacement.actions import consents, households, movements, naming, people
from displacement.admin.register_form import LANGUAGES
from displacement.admin.rows import GroupRow, PersonRow
from displacement.models import Household, Movement, Person
from displacement.models.consent import Obtained, Purpose
from displacement.models.movement import Cause, Means, MovementKind, PlaceKind


class HouseholdChangeForm(MaskedInput):
    """Corrects what is known of the household."""

    masked_fields = ("phone",)

    explanation = _(
        "Where it was registered and by whom stays: void the household and register it anew if that is wrong."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    origin = RecordField(Household.origin, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Preferred language"), choices=LANGUAGES, required=False)
    people_declared = forms.IntegerField(label=_("People, as declared"), min_value=0, required=False)

    def __init__(self, *args: Any, record: Household, initial: Any = None, **options: Any) -> None:
        stored = {name: getattr(record, name) for name in ("version", "phone", "language", "people_declared")}
        super().__init__(*args, record=record, initial={**stored, "origin": record.origin_id}, **options)

    def perform(self) -> Model:
        """Save the next version."""
        told = dict(self.cleaned_data)
        return households.change(household=self.record, version=told.pop("version"), by=self.by, **told)


class AnswerForm(ActForm):
    """Writes down what the household answered for one purpose: agreed, refused, or withdrawn."""

    explanation = _(
        "The latest answer for a purpose holds, from now on: who reads shared records finds them gone with the next request. "
        "Earlier answers stay on the page. Read the text out first."
    )
    done = _("The answer is recorded, and holds at once.")
    purpose = forms.ChoiceField(label=_("For"), choices=[("", _("Choose what for")), *Purpose.choices])
    is_given = forms.TypedChoiceField(
        label=_("They"),
        choices=[("", _("Choose")), ("yes", _("agree")), ("no", _("do not agree, or no longer"))],
        coerce=lambda told: told == "yes",
    )
    obtained = forms.ChoiceField(
        label=_("How it was obtained"), choices=[("", _("Not known")), *Obtained.choices], required=False
    )

    def perform(self) -> Model:
        """Write it down and go back to the household."""
        consents.answer(household=self.record, by=self.by, **self.cleaned_data)
        return Household.objects.get(pk=self.record.pk)


class PersonAddForm(PersonRow, ActForm):
    """Registers one more person of the household."""

    done = _("The person is registered.")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("family_name", "given_name", "patronymic"),
                    ("sex", "birth_date", "relationship"),
                    "needs",
                ]
            },
        ),
    )

    def perform(self) -> Model:
        """Write the person down."""
        return people.add(household=self.record, person=self.as_told(), by=self.by)


class NamePeopleForm(ActForm):
    """Writes down the names of people who were only counted."""

    explanation = _("The counted groups end and the named people take their place: nobody is counted twice.")
    done = _("The people are named.")
    tables = {
        "people": RowsOf(PersonRow, _("People by name"), _("Another person"), extra=4),
        "remaining": RowsOf(
            GroupRow, _("Still without names"), _("Another group"), _("Those of them who are not named yet.")
        ),
    }
    reason = forms.CharField(
        label=_("Why the number differs"),
        max_length=300,
        required=False,
        help_text=_("Only where named and remaining people are not as many as were counted."),
    )

    def perform(self) -> Model:
        """Name them."""
        naming.name_people(
            household=self.record,
            people=[row.as_told() for row in self.told("people")],
            remaining=[row.as_told() for row in self.told("remaining")],
            reason=self.cleaned_data["reason"],
            by=self.by,
        )
        return Household.objects.get(pk=self.record.pk)


class _StepForm(ActForm):
    """What happened, when, and where people are now."""

    done = _("The step is recorded.")
    kind = forms.ChoiceField(
        label=_("What happened"), choices=MovementKind.choices, initial=MovementKind.ARRIVED
    )
    occurred_at = MomentField(label=_("When"), initial=timezone.now)
    destination = RecordField(Movement.destination, label=_("Where they are now"), required=False)
    place = forms.ChoiceField(
        label=_("Where they stay"), choices=PlaceKind.choices, initial=PlaceKind.UNKNOWN
    )
    means = forms.ChoiceField(label=_("How they went"), choices=Means.choices, initial=Means.UNKNOWN)
    cause = forms.ChoiceField(label=_("Why"), choices=Cause.choices, initial=Cause.UNKNOWN)


class MovePersonForm(_StepForm):
    """Records a step of one person."""

    def perform(self) -> Model:
        """Record it and go back to the person."""
        movements.record(person=self.record, by=self.by, **self.cleaned_data)
        return Person.objects.get(pk=self.record.pk)


class MoveHouseholdForm(_StepForm):
    """Records a step of a household that is only counted."""

    def perform(self) -> Model:
        """Record it and go back to the household."""
        movements.record(household=self.record, by=self.by, **self.cleaned_data)
        return Household.objects.get(pk=self.record.pk)


class ArrivalForm(_StepForm):
    """Records the same step for every named person of the household."""

    explanation = _("The step is recorded for each person of the household who is registered by name.")

    def perform(self) -> Model:
        """Record it for each of them, all or nothing."""
        for person in self.record.people.filter(voided_at=None, merged_into=None, erased_at=None).order_by(
            "pk"
        ):
            movements.record(person=person, by=self.by, **self.cleaned_data)
        return Household.objects.get(pk=self.record.pk)
