"""The pages on which somebody sets up a webhook and mends it."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from accounts.models import User
from accounts.visibility import within_reach
from core.admin import ActForm, show_once
from exchange.actions import endpoints
from exchange.kinds import NAMES
from exchange.webhooks.guard import LONGEST_URL

_KINDS = {
    "household": _("households"),
    "person": _("people"),
    "movement": _("movements"),
    "shelter": _("shelters"),
    "stay": _("stays"),
    "headcount": _("headcounts"),
    "incident": _("incidents"),
    "casualty": _("casualties"),
    "batch": _("lists sent in"),
}


def _kinds_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Kinds of record"),
        choices=[(name, _KINDS[name]) for name in NAMES],
        widget=forms.CheckboxSelectMultiple,
    )


class NewEndpointForm(ActingForm):
    """Tells a partner's system of changes."""

    acting_as = ("exchange.endpoint", "add")
    explanation = _(
        "The address gets a message when records change: their ids and what happened, nothing of what they say. The next page "
        "shows the secret with which its messages are signed. It is shown once."
    )
    done = _("The webhook is added. Send a test when the secret is entered there.")

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        help_text=_("Such as https://hooks.example.org/musterpoint"),
    )
    account = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Account of the partner's system"),
        help_text=_("It is told of what this account may see, and of nothing else."),
    )
    kinds = _kinds_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["account"]
        systems = User.objects.filter(is_active=True, client__organisation__in=self.choices)
        here = within_reach(self.request.user, *self.acting_as, organisation="", reader="pk")
        field.queryset = systems.filter(here, client__ended_at=None).order_by("username")

    def perform(self) -> Model:
        """Add it."""
        told = {name: self.cleaned_data[name] for name in ("url", "account", "kinds")}
        endpoint, secret = endpoints.add_endpoint(organisation=self.organisation, by=self.by, **told)
        show_once(self, secret)
        return endpoint


class KindsForm(ActForm):
    """Chooses of what it is told."""

    explanation = _("From now on. Messages that wait are sent as they are.")
    kinds = _kinds_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].initial = self.record.kinds

    def perform(self) -> Model:
        """Choose them."""
        return endpoints.choose_kinds(endpoint=self.record, kinds=self.cleaned_data["kinds"], by=self.by)


class RotateForm(ActForm):
    """Gives it a new secret."""

    explanation = _(
        "The next page shows the new secret, once. For the hours below messages are signed with both, so that nothing is lost "
        "while the partner enters it. With 0 hours the former one ends now: do that where somebody else has learned it."
    )
    done = _("The webhook has a new secret.")

    overlap_hours = forms.IntegerField(
        label=_("Hours for which the former secret holds"),
        min_value=0,
        max_value=endpoints.LONGEST_OVERLAP_HOURS,
        initial=endpoints.USUAL_OVERLAP_HOURS,
    )

    def perform(self) -> Model:
        """Rotate."""
        hours = self.cleaned_data["overlap_hours"]
        endpoint, secret = endpoints.rotate_secret(endpoint=self.record, by=self.by, overlap_hours=hours)
        show_once(self, secret)
        return endpoint


class TestForm(ActForm):
    """Sends a message that tells of no record."""

    explanation = _(
        "A message of the kind “test”, signed like any other. Reload the page of the webhook to see the answer."
    )
    done = _("The test is on its way. Reload this page in a few seconds.")

    def perform(self) -> Model:
        """Send it."""
        return endpoints.send_test(endpoint=self.record, by=self.by)


class SwitchOffForm(ActForm):
    """Stops telling it."""

    explanation = _(
        "Nothing more is sent. When it is switched on again, it goes on where it was: nothing is left out."
    )
    done = _("Switched off.")

    def perform(self) -> Model:
        """Switch it off."""
        return endpoints.switch_off(endpoint=self.record, by=self.by)


class SwitchOnForm(ActForm):
    """Tells it again."""

    explanation = _("It is told of everything that has changed since it was switched off.")
    done = _("Switched on.")

    def perform(self) -> Model:
        """Switch it on."""
        return endpoints.switch_on(endpoint=self.record, by=self.by)
