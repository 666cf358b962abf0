"""Asking for an export, approving one, withdrawing one."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from core.admin import ActForm, MomentField, ReasonField, RecordField
from roster.actions.exports import approve, ask, withdraw
from roster.exporting.columns import COLUMNS, USUAL
from roster.models import PeopleExport, Recipients


class AskForm(ActingForm):
    """Asks for a file of people."""

    acting_as = ("roster.peopleexport", "add")
    placed_by = "region"
    explanation = _(
        "Somebody else approves it; then a worker makes the file, and only you can download it, for a day at most. Ask for the "
        "fewest people and columns that do: a list of who is where is what somebody with bad intentions looks for."
    )
    done = _("Asked for. Tell a colleague who may approve it.")

    region = RecordField(PeopleExport.region, label=_("Registered in"))
    recipients = forms.ChoiceField(
        label=_("Who gets it"),
        choices=Recipients.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "In a file for partners or authorities are only people whose household said yes to that; in one for ourselves "
            "all but those who want no help from us any more. How many are left out is told when it is made."
        ),
    )
    shelter = RecordField(PeopleExport.shelter, label=_("Only who is in this shelter now"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(column.name, column.label) for column in COLUMNS.values()],
        initial=USUAL,
        widget=forms.CheckboxSelectMultiple,
    )
    has_tags = forms.BooleanField(label=_("With a row of HXL tags"), required=False)
    purpose = forms.CharField(
        label=_("What for"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who exactly gets it, and what they do with it. No names of people in it."),
    )
    needed_until = MomentField(label=_("Needed until"), help_text=_("Within a week. The file is gone then."))
    fieldsets = (
        (None, {"fields": ["organisation", ("region", "shelter"), "columns", "has_tags"]}),
        (_("Why"), {"fields": ["recipients", "purpose", "needed_until"]}),
    )

    def perform(self) -> Model:
        """Ask for it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
        return ask(organisation=self.organisation, by=self.by, **told)


class ApproveForm(ActForm):
    """Lets a worker make the file."""

    explanation = _(
        "Read who gets it, what it is for, how many columns it has and until when it is needed. If less would do, leave it and "
        "say so. Your name stands behind it, and the file can be downloaded only as long as you have this role."
    )
    done = _("Approved. A worker makes the file now.")

    def perform(self) -> Model:
        """Approve it."""
        return approve(export=self.record, by=self.by)


class WithdrawForm(ActForm):
    """Takes the permission back and deletes the file."""

    explanation = _(
        "The file is deleted at once. What was downloaded before is out: the trail says how often."
    )
    done = _("Withdrawn.")
    reason = ReasonField(_("Why"))

    def perform(self) -> Model:
        """Withdraw it."""
        told: dict[str, Any] = self.cleaned_data
        return withdraw(export=self.record, reason=told["reason"], by=self.by)
