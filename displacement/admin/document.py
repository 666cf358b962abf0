"""Identity documents on the desk: behind one disclosure at the door, on a person's page, and in the search box."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import revealing
from audit.admin import AuditedAdmin, voiding
from core.admin import ActForm, DayField, DeskInline, StandingFilter
from displacement.actions import documents
from displacement.actions.documents import NewDocument
from displacement.models import IdentityDocument, Person
from displacement.models.document import DocumentKind

_COUNTRY = {"size": 3, "placeholder": "UA", "autocomplete": "off"}
_NUMBER = {"size": 18, "autocomplete": "off", "spellcheck": "false"}


class DocumentWidget(forms.MultiWidget):
    """Kind, country and number in one line; a set of fields, so that rows show it behind a disclosure."""

    use_fieldset = True

    def __init__(self) -> None:
        kind = forms.Select(choices=DocumentKind.choices, attrs={"aria-label": _("Kind of document")})
        country = forms.TextInput(attrs={**_COUNTRY, "aria-label": _("Issued by country, two letters")})
        number = forms.TextInput(attrs={**_NUMBER, "aria-label": _("Series and number")})
        super().__init__({"kind": kind, "country": country, "number": number})

    def decompress(self, value: Any) -> list[Any]:
        """Nothing is put in beforehand but the usual kind."""
        return [DocumentKind.PASSPORT, "", ""]


class DocumentField(forms.MultiValueField):
    """A document as somebody shows it; None where no number is written. What is wrong with it, the action says."""

    widget = DocumentWidget

    def __init__(self, **options: Any) -> None:
        fields = (
            forms.ChoiceField(choices=DocumentKind.choices, required=False),
            forms.CharField(max_length=2, required=False),
            forms.CharField(max_length=40, required=False),
        )
        super().__init__(fields, require_all_fields=False, required=False, **options)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything is written: a row of the door in which a kind stands, and nothing else, is a blank row."""
        _kind, country, number = data or ("", "", "")
        return bool(country or number)

    def compress(self, data_list: list[Any]) -> NewDocument | None:
        """The document, once there is a number."""
        kind, country, number = data_list or ("", "", "")
        return (
            NewDocument(kind=kind or DocumentKind.OTHER, country=country, number=number) if number else None
        )


class DocumentInline(DeskInline):
    """What a person showed; numbers are masked."""

    model = IdentityDocument
    fields = ("kind", "country", "number", "issued_on", "expires_on", "occurred_at", "voided_at")
    readonly_fields = fields


class DocumentForm(ActForm):
    """Records a document of a person."""

    explanation = _(
        "Write series and number as they stand there. They are kept encrypted, and masked on every page."
    )
    done = _("The document is recorded.")
    kind = forms.ChoiceField(label=_("Kind of document"), choices=DocumentKind.choices)
    country = forms.CharField(
        label=_("Issued by country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as UA or RU."),
    )
    number = forms.CharField(label=_("Series and number"), max_length=40, widget=forms.TextInput(_NUMBER))
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(label=_("Valid until"), required=False)

    def perform(self) -> Model:
        """Record it and go back to the person."""
        documents.record(person=self.record, document=NewDocument(**self.cleaned_data), by=self.by)
        return Person.objects.get(pk=self.record.pk)


@admin.register(IdentityDocument)
class DocumentAdmin(AuditedAdmin):
    """Documents of people: reached from a person's page, opened and voided one by one."""

    list_display = ("person", "kind", "country", "number", "occurred_at")
    list_filter = ("kind", StandingFilter)
    list_select_related = ("person",)
    ordering = ("-id",)
    reach_organisation = "person__organisation_id"
    reach_region = "person__household__registered_in"
    acts = (voiding(), revealing())

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not among the lists of the site."""
        return {}
