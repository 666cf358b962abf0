"""Asking that somebody be erased, doing so, and leaving it."""

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm, ReasonField
from retention.actions.erasures import approve, ask, withdraw
from retention.models import Ground


class AskForm(ActForm):
    """Asks that the person or household of the page be erased."""

    explanation = _(
        "Another person decides. Then names, telephone, number and notes are gone for good, here and in the lists and files "
        "from which they came, and cannot be brought back, not even from a backup. Movements stay without a name, so that "
        "reports keep their numbers. A wrong entry is voided, and a person registered twice is merged: neither needs this."
    )
    done = _("Asked for. Tell a colleague who may erase.")
    ground = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose why")), *Ground.choices])

    def perform(self) -> Model:
        """Ask for it."""
        return ask(subject=self.record, ground=self.cleaned_data["ground"], by=self.by)


class ApproveForm(ActForm):
    """Erases."""

    explanation = _(
        "Open the record once more: is it the person who is meant? All records that were merged with it go, too, and the "
        "household of whoever is the last in it. This cannot be undone. Partners are told to remove their copies."
    )
    done = _("Erased. What is left names nobody.")

    def perform(self) -> Model:
        """Erase."""
        return approve(erasure=self.record, by=self.by)


class WithdrawForm(ActForm):
    """Leaves it."""

    explanation = _("Nothing is erased. Whoever asked can ask again.")
    done = _("Withdrawn.")
    reason = ReasonField(_("Why nothing is erased"))

    def perform(self) -> Model:
        """Withdraw it."""
        return withdraw(erasure=self.record, reason=self.cleaned_data["reason"], by=self.by)
