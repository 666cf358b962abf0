"""Recording what somebody said, and what it does to what was said before."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, MomentField, RecordField
from displacement.actions import claim_choices, claims
from displacement.models import Claim, ClaimLink
from displacement.models.claim import (
    ClaimIndicator,
    ClaimKind,
    ClaimQualifier,
    ClaimRelation,
    ClaimUnit,
    Credibility,
)


class ClaimForm(ActForm):
    """Enters one number that one source said about one region."""

    explanation = _(
        "As it was said, not as it should have been. A claim cannot be changed afterwards: a later one corrects or retracts it."
    )
    done = _("The claim is recorded.")
    source = RecordField(Claim.source)
    region = RecordField(Claim.region)
    indicator = forms.ChoiceField(label=_("What about"), choices=ClaimIndicator.choices)
    kind = forms.ChoiceField(label=_("At a moment or over time"), choices=ClaimKind.choices)
    unit = forms.ChoiceField(label=_("Of what"), choices=ClaimUnit.choices, initial=ClaimUnit.INDIVIDUALS)
    qualifier = forms.ChoiceField(label=_("How exactly"), choices=ClaimQualifier.choices)
    value = forms.IntegerField(label=_("Number"), min_value=0, required=False)
    value_min = forms.IntegerField(label=_("or from"), min_value=0, required=False)
    value_max = forms.IntegerField(label=_("to"), min_value=0, required=False)
    children = forms.IntegerField(label=_("Of which children"), min_value=0, required=False)
    scope = forms.CharField(label=_("Who or what is counted"), max_length=200, required=False)
    as_of = MomentField(label=_("As of"))
    is_as_of_day = forms.BooleanField(label=_("Only the day was said"), required=False, initial=True)
    published_at = MomentField(label=_("Published"))
    received_at = MomentField(label=_("Received"), initial=timezone.now)
    credibility = forms.ChoiceField(
        label=_("Credibility"), choices=Credibility.choices, initial=Credibility.UNJUDGED
    )
    quote = forms.CharField(label=_("Words used"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    url = forms.URLField(label=_("Where it was said"), required=False, max_length=500, assume_scheme="https")
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    fieldsets = (
        (_("Who said it, and about where"), {"fields": [("source", "region")]}),
        (
            _("What was said"),
            {
                "fields": [
                    ("indicator", "kind", "unit"),
                    ("qualifier", "value", "value_min", "value_max"),
                    ("children", "scope"),
                ]
            },
        ),
        (_("When"), {"fields": [("as_of", "is_as_of_day"), ("published_at", "received_at")]}),
        (_("How we know"), {"fields": ["quote", "url", ("credibility", "note")]}),
    )

    def perform(self) -> Model:
        """Record it."""
        return claims.record(by=self.by, **self.cleaned_data)


class ClaimLinkForm(ActForm):
    """Says what this claim does to an earlier one."""

    done = _("The link is recorded.")
    relation = forms.ChoiceField(label=_("This claim"), choices=ClaimRelation.choices)
    target = RecordField(ClaimLink.target, label=_("the claim"))
    reason = forms.CharField(label=_("Why"), max_length=300)

    def perform(self) -> Model:
        """Link them and go back to the claim."""
        told: dict[str, Any] = self.cleaned_data
        claims.link(claim=self.record, by=self.by, **told)
        return Claim.objects.get(pk=self.record.pk)


class ClaimChoiceForm(ActForm):
    """Lets this claim lead."""

    explanation = _(
        "Reports then show this claim first, with your reason. The others stay beside it, and nothing is added up. It leads "
        "until its source says something newer or another claim is chosen."
    )
    done = _("This claim leads now.")
    reason = forms.CharField(
        label=_("Why this one"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers of the report will see this. No names."),
    )

    def perform(self) -> Model:
        """Choose it and go back to the claim."""
        claim_choices.choose(claim=self.record, by=self.by, reason=self.cleaned_data["reason"])
        return Claim.objects.get(pk=self.record.pk)
