"""Recording an incident."""

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from core.admin import MomentField, RecordField
from displacement.actions import casualties
from displacement.models import Incident
from displacement.models.incident import IncidentCause, IncidentPlace, TimePrecision


class IncidentForm(ActingForm):
    """Records when, where and how; its victims follow."""

    acting_as = ("displacement.incident", "add")
    placed_by = "region"
    explanation = _(
        "Neutral words: what hurt people, not whose it was. Record the victims on the incident's page."
    )
    done = _("The incident is recorded. Add its casualties now.")
    region = RecordField(Incident.region)
    occurred_at = MomentField(label=_("When"))
    occurred_until = MomentField(label=_("Until"), required=False)
    precision = forms.ChoiceField(
        label=_("How exactly the time is known"), choices=TimePrecision.choices, initial=TimePrecision.DAY
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=IncidentCause.choices, initial=IncidentCause.UNKNOWN)
    place = forms.ChoiceField(
        label=_("Kind of place"), choices=IncidentPlace.choices, initial=IncidentPlace.UNKNOWN
    )
    description = forms.CharField(
        label=_("What happened"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("No names of victims here."),
    )
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "organisation",
                    "region",
                    ("occurred_at", "occurred_until", "precision"),
                    ("cause", "place"),
                    "description",
                ]
            },
        ),
    )

    def perform(self) -> Model:
        """Record it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
        return casualties.record_incident(organisation=self.organisation, by=self.by, **told)
