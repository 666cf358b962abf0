"""Reporting how many people are in tonight."""

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, MomentField, RecordField
from shelters.actions import headcounts
from shelters.models import Headcount, Shelter


class HeadcountForm(ActForm):
    """Reports a headcount of one shelter."""

    explanation = _("Count on site. It stands beside what check-ins say; neither replaces the other.")
    done = _("The headcount is recorded. Thank you.")
    shelter = RecordField(Headcount.shelter, action="change")
    people = forms.IntegerField(label=_("People in"), min_value=0)
    children = forms.IntegerField(
        label=_("of which children"),
        min_value=0,
        required=False,
        help_text=_("Leave blank if nobody counted them."),
    )
    places_free = forms.IntegerField(label=_("Places free"), min_value=0, required=False)
    occurred_at = MomentField(label=_("Counted at"), initial=timezone.now)
    fieldsets = ((None, {"fields": ["shelter", ("people", "children", "places_free"), "occurred_at"]}),)

    def perform(self) -> Model:
        """Record it."""
        return headcounts.report(by=self.by, **self.cleaned_data)


class HeadcountHereForm(HeadcountForm):
    """Reports a headcount of the shelter whose page it is."""

    shelter = None  # type: ignore[assignment]  # Django's way to take a field away
    fieldsets = ((None, {"fields": [("people", "children", "places_free"), "occurred_at"]}),)

    def perform(self) -> Model:
        """Record it and go back to the shelter."""
        headcounts.report(shelter=self.record, by=self.by, **self.cleaned_data)
        return Shelter.objects.get(pk=self.record.pk)
