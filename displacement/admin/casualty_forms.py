"""Recording casualties, attaching sources, and moving along the verification ladder."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, DayField, MomentField, RecordField
from displacement.actions import casualties
from displacement.models import Casualty, CasualtySource
from displacement.models.casualty import CivilianStatus, Outcome, Rung, VictimAge, VictimSex


class CasualtyForm(ActForm):
    """Records one victim of the incident, or a group."""

    explanation = _("One entry per victim where you can; a group where only a number is known.")
    done = _("The casualty is recorded as alleged. Attach its sources now.")
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    died_on = DayField(label=_("Died on"), required=False, help_text=_("Only for those who died later."))
    occurred_at = MomentField(
        label=_("When"), required=False, help_text=_("Blank: at the time of the incident.")
    )
    people_min = forms.IntegerField(label=_("People, at least"), min_value=1, initial=1)
    people_max = forms.IntegerField(label=_("People, at most"), min_value=1, initial=1)
    civilian_status = forms.ChoiceField(
        label=_("Civilian status"), choices=CivilianStatus.choices, initial=CivilianStatus.UNKNOWN
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=VictimSex.choices, initial=VictimSex.UNKNOWN)
    age = forms.ChoiceField(label=_("Age"), choices=VictimAge.choices, initial=VictimAge.UNKNOWN)
    victim_name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_(
            "Only if you need it to tell victims apart. Other organisations see it once the next of kin are informed."
        ),
    )
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("outcome", "died_on", "occurred_at"),
                    ("people_min", "people_max"),
                    ("civilian_status", "sex", "age"),
                    "victim_name",
                ]
            },
        ),
    )

    def perform(self) -> Model:
        """Record it."""
        return casualties.record(incident=self.record, by=self.by, **self.cleaned_data)


class SourceForm(ActForm):
    """Attaches a source that tells of the victim."""

    explanation = _(
        "Two sources that repeat the same third one are one source. Tick only what this source itself says."
    )
    done = _("The source is attached.")
    source = RecordField(CasualtySource.source)
    origin = RecordField(
        CasualtySource.origin, required=False, help_text=_("Blank: it speaks from its own knowledge.")
    )
    occurred_at = MomentField(label=_("When it said so"), initial=timezone.now)
    supports_who = forms.BooleanField(label=_("says who"), required=False)
    supports_what = forms.BooleanField(label=_("says what happened"), required=False)
    supports_when = forms.BooleanField(label=_("says when"), required=False)
    supports_where = forms.BooleanField(label=_("says where"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("source", "origin"),
                    "occurred_at",
                    ("supports_who", "supports_what", "supports_when", "supports_where"),
                    "note",
                ]
            },
        ),
    )

    def perform(self) -> Model:
        """Attach it and go back to the casualty."""
        casualties.attach_source(casualty=self.record, by=self.by, **self.cleaned_data)
        return Casualty.objects.get(pk=self.record.pk)


class _RungForm(ActForm):
    """Puts the casualty on another rung, or says in a sentence why it cannot go there."""

    rung: Rung
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it rests on. No names."),
    )

    def perform(self) -> Model:
        """Take the step."""
        return casualties.step(
            casualty=self.record, rung=self.rung, by=self.by, reason=self.cleaned_data["reason"]
        )


class ReportedForm(_RungForm):
    """From hearsay to a report."""

    rung = Rung.REPORTED
    explanation = _("Somebody who can be named reports it.")


class CorroboratedForm(_RungForm):
    """A second, independent source agrees."""

    rung = Rung.CORROBORATED
    explanation = _("A second source, which does not repeat the first, agrees.")
    done = _("Corroborated. Somebody else than its recorder can verify it now.")


class VerifiedForm(_RungForm):
    """Who, what, when and where are established."""

    rung = Rung.VERIFIED
    explanation = _(
        "Who, what, when and where must each rest on two independent sources, and you must not be the one who recorded it."
    )
    done = _("Verified. It counts as verified from the next figures on.")


class RefutedForm(_RungForm):
    """It did not happen, or not to this victim."""

    rung = Rung.REFUTED
    explanation = _("It did not happen, or not so. It stays on file and is counted nowhere.")
    done = _("Refuted.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = True


class InformedForm(ActForm):
    """The family knows."""

    explanation = _(
        "Confirm it only when somebody has told the next of kin. From then on verifiers of other organisations in the region "
        "and partners' systems see who it was. This cannot be taken back."
    )
    done = _("Recorded. Who it was is no longer held back.")
    at = MomentField(label=_("When they were told"), initial=timezone.now)

    def perform(self) -> Model:
        """Write it down."""
        return casualties.inform_next_of_kin(casualty=self.record, by=self.by, at=self.cleaned_data["at"])
