"""Correcting what is known of a person."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin import RevealForm
from core.admin import DayField, MaskedInput
from displacement.actions import people
from displacement.models import IdentityDocument, Person
from displacement.models.codes import Sex
from displacement.models.person import BirthPrecision, Relationship

FIELDS = ("family_name", "given_name", "patronymic", "sex", "birth_date", "birth_precision", "relationship")


class PersonRevealForm(RevealForm):
    """Opens a person, with how to reach the household and with the documents."""

    def besides(self) -> Iterable[Model]:
        """The household's telephone is the person's, and the documents that stand are."""
        documents = IdentityDocument.objects.visible_to(self.by).current().filter(person=self.record)
        return (self.record.household, *documents.order_by("pk"))


class PersonChangeForm(MaskedInput):
    """Corrects a person's data."""

    masked_fields = ("birth_date",)

    explanation = _("For another human being altogether, void this record and register the right one.")
    version = forms.IntegerField(widget=forms.HiddenInput)
    family_name = forms.CharField(label=_("Family name"), max_length=200, required=False)
    given_name = forms.CharField(label=_("Given name"), max_length=200, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=200, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices)
    birth_date = DayField(label=_("Birth date"), required=False)
    birth_precision = forms.ChoiceField(
        label=_("What of it is known"), choices=[("", "—"), *BirthPrecision.choices], required=False
    )
    relationship = forms.ChoiceField(label=_("Relationship to head"), choices=Relationship.choices)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("family_name", "given_name", "patronymic"),
                    ("sex", "birth_date", "remove_birth_date", "birth_precision"),
                    "relationship",
                ]
            },
        ),
    )

    def __init__(self, *args: Any, record: Person, initial: Any = None, **options: Any) -> None:
        stored = {name: getattr(record, name) for name in (*FIELDS, "version")}
        super().__init__(*args, record=record, initial=stored, **options)

    def perform(self) -> Model:
        """Save the next version."""
        told = dict(self.cleaned_data)
        if told.get("birth_date", self.record) is None:
            told["birth_precision"] = ""
        return people.change(person=self.record, version=told.pop("version"), by=self.by, **told)
