"""The pages on which somebody lets a partner's system sign in, changes what it may, and ends it."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import clients
from accounts.admin.acting import ActingForm
from accounts.admin.client_asks import waiting, waits
from accounts.client_scopes import client_scopes
from accounts.models import User
from accounts.policy import Role
from accounts.visibility import within_reach
from core.admin import ActForm, MomentField, ReasonField, show_once
from regions.models import Region


def _scopes_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("What it may"),
        choices=[(scope, scope) for scope in client_scopes()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than the policy opens to partners' systems, and only for your organisation."),
    )


def _networks_field() -> forms.CharField:
    return forms.CharField(
        label=_("Networks from which it may ask"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as 192.0.2.0/24 or 2001:db8::/32. From anywhere where there is none."),
    )


def _until_field() -> MomentField:
    return MomentField(
        label=_("Valid until"), required=False, help_text=_("Without an end it is valid until you end it.")
    )


class NewClientForm(ActingForm):
    """Lets a system sign in."""

    acting_as = ("accounts.client", "add")
    placed_by = "region"
    explanation = _(
        "The next page shows its id and its secret, with which it gets tokens for an hour. The secret is shown once. Where it "
        "is to read people, it gets nothing before another administrator or a protection officer has approved it on its page."
    )
    done = _("The client is added.")

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which system it is, such as “Case files”.")
    )
    scopes = _scopes_field()
    region = forms.ModelChoiceField(
        Region.objects.filter(level__lte=2).order_by("path"),
        label=_("Region"),
        required=False,
        empty_label=_("All regions"),
        help_text=_("It sees nothing elsewhere."),
    )
    networks = _networks_field()
    valid_from = MomentField(
        label=_("Valid from"), required=False, help_text=_("From now on where it is left out.")
    )
    valid_until = _until_field()
    account = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Account that it goes on with"),
        required=False,
        empty_label=_("A new one"),
        help_text=_("For a system that was here before there were clients: what it sent stays its own."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["account"]
        systems = User.objects.filter(is_active=True, client=None, memberships__organisation__in=self.choices)
        here = within_reach(self.request.user, *self.acting_as, organisation="", reader="pk")
        found = systems.filter(here, memberships__role=Role.PARTNER_SYSTEM)
        field.queryset = found.distinct().order_by("username")

    def perform(self) -> Model:
        """Add it."""
        names = ("name", "scopes", "region", "valid_from", "valid_until", "account")
        told = {name: self.cleaned_data[name] for name in names}
        networks = self.cleaned_data["networks"].splitlines()
        client, secret = clients.add_client(
            organisation=self.organisation, networks=networks, by=self.by, **told
        )
        if waits(client):
            self.done = _("It waits for a second person. Tell a colleague who may approve it.")
        show_once(self, secret)
        return client


class ChangeForm(ActForm):
    """Changes what it may."""

    explanation = _(
        "What is less holds from its next request on, with the tokens that it has. What is more waits, where it reads people, "
        "until another administrator or a protection officer has approved it. What waits already is replaced by this."
    )
    scopes = _scopes_field()
    networks = _networks_field()
    valid_until = _until_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = waiting(self.record) or self.record
        self.fields["scopes"].initial = wanted.scopes
        self.fields["networks"].initial = "\n".join(wanted.networks)
        self.fields["valid_until"].initial = wanted.valid_until

    def perform(self) -> Model:
        """Change it."""
        told = self.cleaned_data
        client = clients.change_client(
            client=self.record,
            scopes=told["scopes"],
            networks=told["networks"].splitlines(),
            valid_until=told["valid_until"],
            by=self.by,
        )
        if waits(client):
            self.done = _("What is more waits for a second person. Tell a colleague who may approve it.")
        return client


def _in_a_week() -> datetime:
    return timezone.now() + clients.USUAL_OVERLAP


class RotateForm(ActForm):
    """Gives it a new secret."""

    explanation = _(
        "The next page shows the new secret, once. The former one goes on until the moment below, so that nothing stops while "
        "the new one is entered. Leave it empty where somebody else has learned the former one: then it ends now, with all "
        "tokens that it got."
    )
    done = _("The client has a new secret.")

    former_until = MomentField(label=_("The former secret goes on until"), required=False, initial=_in_a_week)

    def perform(self) -> Model:
        """Rotate."""
        until = self.cleaned_data["former_until"]
        client, secret = clients.rotate_secret(client=self.record, former_until=until, by=self.by)
        show_once(self, secret)
        return client


class EndForm(ActForm):
    """Ends it."""

    explanation = _(
        "For good, from its next request on. Its account is closed and its webhooks are told nothing more."
    )
    done = _("The client has ended.")

    reason = ReasonField(_("Why"))

    def perform(self) -> Model:
        """End it."""
        return clients.end_client(client=self.record, reason=self.cleaned_data["reason"], by=self.by)
