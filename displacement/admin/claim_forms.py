"""Recording what somebody said, and what it does to what was said before."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, CountField, MomentField, RecordField
from displacement.actions import claim_choices, claims
from displacement.models import Claim, ClaimLink
from displacement.models.claim import (
    MEANT,
    ClaimIndicator,
    ClaimKind,
    ClaimQualifier,
    ClaimRelation,
    ClaimUnit,
    Credibility,
)

#: What leaves a question to the indicator.
_AS_USUAL = _("as usual for it")


class ClaimForm(ActForm):
    """Enters one number that one source said about one region. Made for a keyboard: what everybody says of it comes first.

    What is left blank of the rest follows from what was said: at a moment or over time, and of what, from the indicator;
    published, from the moment that it speaks of; as lists of claims that come in as files are read.
    """

    page = "desk/claim_form.html"
    explanation = _(
        "As it was said, not as it should have been. A claim cannot be changed afterwards: a later one corrects or retracts "
        "it. Enter records it; Ctrl and Enter records it and asks for the next one of the same source and time."
    )
    source = RecordField(Claim.source, label=_("Source"), is_addable=True)
    indicator = forms.ChoiceField(label=_("What about"), choices=[("", _("choose")), *ClaimIndicator.choices])
    qualifier = forms.ChoiceField(
        label=_("How exactly"), choices=[("", _("choose")), *ClaimQualifier.choices]
    )
    value = CountField(label=_("Number"), required=False)
    value_min = CountField(label=_("or from"), required=False)
    value_max = CountField(label=_("to"), required=False)
    region = RecordField(Claim.region, label=_("Region"))
    as_of = MomentField(label=_("As of"), initial=timezone.now)
    is_as_of_day = forms.BooleanField(
        label=_("Only the day was said"), required=False, help_text=_("The time beside it is then not read.")
    )
    kind = forms.ChoiceField(
        label=_("At a moment or over time"), choices=[("", _AS_USUAL), *ClaimKind.choices], required=False
    )
    unit = forms.ChoiceField(
        label=_("Of what"), choices=[("", _AS_USUAL), *ClaimUnit.choices], required=False
    )
    children = CountField(label=_("Of which children"), required=False)
    scope = forms.CharField(label=_("Who or what is counted"), max_length=200, required=False)
    published_at = MomentField(
        label=_("Published"), required=False, help_text=_("Blank: at the moment that it speaks of.")
    )
    received_at = MomentField(label=_("Received"), required=False, help_text=_("Blank: now."))
    credibility = forms.ChoiceField(
        label=_("Credibility"), choices=Credibility.choices, initial=Credibility.UNJUDGED
    )
    quote = forms.CharField(label=_("Words used"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    url = forms.URLField(label=_("Where it was said"), required=False, max_length=500, assume_scheme="https")
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    fieldsets = (
        (
            _("What was said"),
            {
                "fields": [
                    ("source", "indicator"),
                    ("qualifier", "value", "value_min", "value_max"),
                    "region",
                    ("as_of", "is_as_of_day"),
                ]
            },
        ),
        (_("More exactly"), {"fields": [("kind", "unit"), ("children", "scope")]}),
        (_("When it reached us"), {"fields": [("published_at", "received_at")]}),
        (_("How we know"), {"fields": ["quote", "url", ("credibility", "note")]}),
    )

    def clean(self) -> dict[str, Any]:
        """What follows from what was said, where nobody said it."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("indicator"):
            kind, unit = MEANT[told["indicator"]]
            told["kind"], told["unit"] = told.get("kind") or kind, told.get("unit") or unit
        if told.get("as_of"):
            if told["is_as_of_day"]:
                told["as_of"] = timezone.localtime(told["as_of"]).replace(hour=0, minute=0)
            if "published_at" not in self.errors:
                told["published_at"] = told["published_at"] or told["as_of"]
        return told

    def perform(self) -> Model:
        """Record it, and say what was understood."""
        claim = claims.record(by=self.by, **self.cleaned_data)
        self.done = _now("Recorded: %(claim)s; %(region)s.") % {
            "claim": self.desk.label(claim),
            "region": claim.region,
        }
        return claim


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
