"""Sharing agreements on the desk, for the administrators of both sides."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from accounts.models import Organisation
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, MomentField, ReasonField
from exchange.actions import agreements
from exchange.models import Agreement
from exchange.sharing import OF, shareable_fields
from regions.models import Region


def _named_fields() -> list[tuple[str, str]]:
    """The fields that can be shared, as the pages of people name them."""
    columns = apps.get_model(OF)._meta
    return [(name, capfirst(str(columns.get_field(name).verbose_name))) for name in shareable_fields()]


class SignForm(ActingForm):
    """Offers one."""

    acting_as = ("exchange.agreement", "add")
    explanation = _(
        "Systems of the other organisation read these fields of your people: only of those who agreed to sharing with partner "
        "organisations, and only once an administrator there has accepted. Each reading is in your audit trail. Either side "
        "ends it at any moment."
    )
    done = _("Signed. Nothing is shared before the other side accepts.")

    receiving = forms.ModelChoiceField(Organisation.objects.all(), label=_("With which organisation"))
    purpose = forms.CharField(
        label=_("What for"), max_length=300, help_text=_("Both sides and their auditors read this. No names.")
    )
    shared = forms.MultipleChoiceField(
        label=_("Fields of a person"),
        choices=_named_fields,
        widget=forms.CheckboxSelectMultiple,
    )
    regions = forms.ModelMultipleChoiceField(
        Region.objects.filter(level__lte=2).order_by("path"),
        label=_("Registered in"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("And below. All regions where none is chosen."),
    )
    valid_from = MomentField(label=_("From"))
    valid_until = MomentField(label=_("Until"))

    def perform(self) -> Model:
        """Sign it."""
        names = ("receiving", "purpose", "regions", "valid_from", "valid_until")
        told = {name: self.cleaned_data[name] for name in names}
        return agreements.sign(
            giving=self.organisation, fields=self.cleaned_data["shared"], by=self.by, **told
        )


class AcceptForm(ActForm):
    """Accepts one."""

    explanation = _(
        "From then on your organisation's systems may read what it names, for this purpose and no other."
    )
    done = _("Accepted.")

    def perform(self) -> Model:
        """Accept it."""
        return agreements.accept(agreement=self.record, by=self.by)


class EndForm(ActForm):
    """Ends one."""

    explanation = _("Nothing is shared under it from the next request on.")
    done = _("The agreement has ended.")

    reason = ReasonField(_("Why"))

    def perform(self) -> Model:
        """End it."""
        return agreements.end(agreement=self.record, reason=self.cleaned_data["reason"], by=self.by)


def _waits(agreement: Agreement) -> bool:
    return agreement.accepted_at is None and agreement.ended_at is None


def _goes_on(agreement: Agreement) -> bool:
    return agreement.ended_at is None


@admin.register(Agreement)
class AgreementAdmin(AuditedAdmin):
    """What is given to others, and what others give."""

    list_display = ("giving", "receiving", "purpose", "valid_from", "valid_until", "accepted_at", "ended_at")
    list_select_related = ("giving", "receiving")
    ordering = ("-signed_at",)
    fields = (
        ("giving", "receiving"),
        "purpose",
        ("fields", "regions"),
        ("valid_from", "valid_until"),
        ("signed_at", "accepted_at"),
        ("ended_at", "end_reason"),
    )
    readonly_fields = fields[3] + fields[4] + fields[5]
    adding = Act("add", _("Sign an agreement"), "add", SignForm)
    acts = (
        Act("accept", _("Accept it"), "approve", AcceptForm, is_open=_waits),
        Act("end", _("End it"), "end", EndForm, is_open=_goes_on, is_grave=True),
    )

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Of both sides; the receiving one accepts."""
        site: Any = self.admin_site
        sides = ("receiving_id",) if action == "approve" else ("giving_id", "receiving_id")
        bound = Q(pk__in=[])
        for side in sides:
            bound |= site.reach(request.user, self.resource, action, organisation=side, region="")
        return rows.filter(bound)
