"""Checking people in and out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, MomentField, RecordField
from displacement.models import Household, Person
from shelters.actions import stays
from shelters.models import Shelter, Stay


class CheckInForm(ActForm):
    """Gives a person, or a whole household, places in a shelter."""

    explanation = _("Choose a person, or a household to check in all of its people together.")
    done = _("Checked in.")
    person = RecordField(Stay.person, required=False)
    household = RecordField(Person.household, required=False, label=_("or the whole household"))
    shelter = RecordField(Stay.shelter)
    at = MomentField(label=_("From"), initial=timezone.now)
    override_reason = forms.CharField(
        label=_("Why over capacity"),
        max_length=300,
        required=False,
        help_text=_(
            "Only where the shelter is full and they must come in all the same. Your name stands behind it."
        ),
    )
    fieldsets = ((None, {"fields": [("person", "household"), ("shelter", "at"), "override_reason"]}),)

    def clean(self) -> dict[str, Any]:
        """One person or one household."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("person")) == bool(cleaned.get("household")):
            raise ValidationError(_("Choose one person or one household, and not both."))
        return cleaned

    def perform(self) -> Model:
        """Check them in; the first stay is shown."""
        told = dict(self.cleaned_data)
        person: Person | None = told.pop("person")
        household: Household | None = told.pop("household")
        if person is not None:
            return stays.check_in(person=person, by=self.by, **told)
        assert household is not None
        return stays.check_in_household(household=household, by=self.by, **told)[0]


class CheckInHereForm(CheckInForm):
    """Checks somebody into the shelter whose page it is."""

    shelter = None  # type: ignore[assignment]  # Django's way to take a field away
    fieldsets = ((None, {"fields": [("person", "household"), "at", "override_reason"]}),)

    def perform(self) -> Model:
        """Check them in and go back to the shelter."""
        self.cleaned_data["shelter"] = self.record
        super().perform()
        return Shelter.objects.get(pk=self.record.pk)


class CheckOutForm(ActForm):
    """Ends a stay."""

    done = _("Checked out.")
    at = MomentField(label=_("Left the shelter at"), initial=timezone.now)

    def perform(self) -> Model:
        """End it."""
        return stays.check_out(stay=self.record, by=self.by, at=self.cleaned_data["at"])
