"""Forms of KoboToolbox and ODK on the desk, and batches made of what has come in from them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from audit.actions.record import record
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, RecordField
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from intake.actions import submissions
from intake.models import KoboForm, Mapping
from regions.admin import RegionSearch

_FIELDS = ("name", "registered_in", "server", "asset", "mapping")


class NewFormForm(ActingForm):
    """Writes down a form whose submissions shall come in."""

    acting_as = ("intake.koboform", "add")
    placed_by = "registered_in"
    explanation = _(
        "A form of KoboToolbox or ODK with which families are registered. Its server sends submissions to the address that is "
        "shown on the next page, or they are pulled. Nothing is registered before somebody has looked at a batch of them."
    )
    done = _("The form is written down. Its address for submissions is below.")

    name = forms.CharField(label=_("Name"), max_length=100)
    registered_in = RecordField(KoboForm.registered_in, label=_("Where its families are registered"))
    server = forms.URLField(
        label=_("Server"),
        required=False,
        assume_scheme="https",
        help_text=_("Only to pull: https://kf.kobotoolbox.org, for example."),
    )
    asset = forms.CharField(
        label=_("Id of the form on the server"), max_length=60, required=False, help_text=_("Only to pull.")
    )
    mapping = forms.ModelChoiceField(
        Mapping.objects.none(),
        label=_("What its questions mean"),
        required=False,
        empty_label=_("asked for with each batch"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        saved: Any = self.fields["mapping"]
        usable = Mapping.objects.in_use().filter(organisation__in=self.choices, kind="people")
        saved.queryset = usable.order_by("name")

    @whole_or_refused()
    def perform(self) -> Model:
        """Write it down."""
        told = {name: self.cleaned_data[name] for name in _FIELDS}
        form = KoboForm(organisation=self.organisation, recorded_by=self.by.pk, **told)
        refusals = Refusals()
        refusals.check_fields(form)
        refusals.raise_any()
        form.save()
        record("add", form, by=self.by)
        return form


class GatherForm(ActForm):
    """Makes a batch of the submissions that wait."""

    explanation = _(
        "The oldest submissions that wait become a batch: you look at its rows, and accept them or not. An edited submission "
        "stands in the place of the one that it replaces."
    )
    done = _("The batch is made.")

    def perform(self) -> Model:
        """Make it, and go on to it."""
        return submissions.gather(form=self.record, by=self.by)


def _has_waiting(form: KoboForm) -> bool:
    return form.submissions.waiting().exists()


@admin.register(KoboForm)
class KoboFormAdmin(RegionSearch, AuditedAdmin):
    """Forms of the own organisation."""

    list_display = ("name", "registered_in", "organisation", "waiting")
    list_select_related = ("registered_in", "organisation")
    ordering = ("name",)
    region_lookups = ("registered_in_id",)
    reach_organisation = "organisation_id"
    reach_region = "registered_in"
    adding = Act("add", _("Write down a form"), "add", NewFormForm)
    acts = (Act("gather", _("Make a batch of what waits"), "change", GatherForm, is_open=_has_waiting),)
    fieldsets = (
        (None, {"fields": (("name", "registered_in"), ("organisation", "mapping"), ("waiting", "address"))}),
        (_("Pulling"), {"fields": (("server", "asset"), "pulled_through")}),
    )
    readonly_fields = ("waiting", "address", "pulled_through")

    @admin.display(description=_("waiting for a batch"))
    def waiting(self, form: KoboForm) -> int:
        """How many of its submissions; one query."""
        return form.submissions.waiting().count()

    @admin.display(description=_("address for submissions"))
    def address(self, form: KoboForm) -> str:
        """What to write into the form's REST service, beside a user name and a password of a partner system."""
        return format_html("<code>{}</code>", reverse("api:kobo-form-submissions", args=[form.pk]))
