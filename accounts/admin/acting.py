"""For which organisation somebody acts, and in which regions."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.admin import ActForm
from regions.models import Region


class ActingForm(ActForm):
    """An act whose record will belong to one of the actor's organisations.

    The question is asked only of those who may act for several. `placed_by` names the field with the region that must
    lie within the scope of the membership, so that nobody makes a record that they could not see afterwards.
    """

    acting_as: ClassVar[tuple[str, str]]  # (resource, action) of the policy
    placed_by: ClassVar[str] = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choices = self._organisations()
        if len(self.choices) > 1:
            field = forms.ModelChoiceField(
                queryset=Organisation.objects.filter(pk__in=self.choices), label=_("For which organisation")
            )
            self.fields = {"organisation": field, **self.fields}

    def _organisations(self) -> list[Any]:
        user = self.request.user
        if not isinstance(user, User):
            return []
        resource, action = self.acting_as
        fitting = {s.organisation_id for s in user.scopes() if s.reach(resource, action)}
        return sorted(key for key in fitting if key is not None)

    @property
    def organisation(self) -> Organisation:
        """The organisation that was chosen, or the only one."""
        chosen = self.cleaned_data.get("organisation")
        return chosen if chosen is not None else Organisation.objects.get(pk=self.choices[0])

    def clean(self) -> dict[str, Any]:
        """Refuse a region outside the scope, and somebody who acts for nobody."""
        cleaned = super().clean() or self.cleaned_data
        if not self.choices:
            raise ValidationError(
                _(
                    "No organisation is set up for which you could do this. Ask your administrator for a membership."
                )
            )
        region = cleaned.get(self.placed_by)
        if isinstance(region, Region) and not self._is_in_scope(region):
            self.add_error(
                self.placed_by,
                _(
                    "This region is outside the area that you work in. Choose one inside it, or ask your administrator."
                ),
            )
        return cleaned

    def _is_in_scope(self, region: Region) -> bool:
        user = self.request.user
        assert isinstance(user, User)
        resource, action = self.acting_as
        chosen = self.cleaned_data.get("organisation")
        return any(
            scope.reach(resource, action)
            and (chosen is None or chosen.pk == scope.organisation_id)
            and region.path.startswith(scope.region_path)
            for scope in user.scopes()
        )
