"""The rows in which people are written down: one each by name, or one for a group that is only counted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from displacement.actions.documents import NewDocument
from displacement.actions.households import NewGroup
from displacement.actions.people import NewPerson
from displacement.admin.born import Born, BornField
from displacement.admin.document import DocumentField
from displacement.models import SpecificNeed
from displacement.models.codes import AgeBand, Sex
from displacement.models.person import Relationship


class PersonRow(forms.Form):
    """A person as told at the door. One name is enough."""

    family_name = forms.CharField(label=_("Family name"), max_length=200, required=False)
    given_name = forms.CharField(label=_("Given name"), max_length=200, required=False)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=200, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.NOT_COLLECTED)
    birth_date = BornField(label=_("Birth date or age"), required=False)
    relationship = forms.ChoiceField(
        label=_("Relationship"), choices=Relationship.choices, initial=Relationship.UNKNOWN
    )
    needs = forms.MultipleChoiceField(label=_("Needs"), required=False, widget=forms.CheckboxSelectMultiple)
    document = DocumentField(label=_("Identity document"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        needs: Any = self.fields["needs"]
        needs.choices = _needs

    def as_told(self) -> NewPerson:
        """What the row says."""
        told = dict(self.cleaned_data)
        born: Born = told.pop("birth_date") or Born()
        paper: NewDocument | None = told.pop("document")
        papers = (paper,) if paper else ()
        return NewPerson(**{**told, **born._asdict(), "needs": tuple(told["needs"]), "documents": papers})


class GroupRow(forms.Form):
    """So many people of one sex and age band."""

    people = forms.IntegerField(label=_("How many"), min_value=1, max_value=500)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.NOT_COLLECTED)
    age_band = forms.ChoiceField(label=_("Age"), choices=AgeBand.choices, initial=AgeBand.UNKNOWN)

    def as_told(self) -> NewGroup:
        """What the row says."""
        return NewGroup(**self.cleaned_data)


def _needs() -> list[tuple[str, str]]:
    """The table of needs; one query per row of the form, since each draws its own list."""
    return [(need.code, need.name_en) for need in SpecificNeed.objects.order_by("name_en")]
