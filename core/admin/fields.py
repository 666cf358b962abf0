"""Form fields of the desk: records found by typing, moments on the operation's clock."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A record that is found by typing. `relation` is a foreign key to it, which says where to look.

    Only records with which the person may do `action` are accepted; the page's form calls `offer` to say which.
    """

    def __init__(self, relation: Any, *, action: str = "view", **options: Any) -> None:
        self.relation: models.ForeignKey[Any, Any] = relation.field
        self.action = action
        self.model_admin: Any = None
        options.setdefault("label", self.relation.verbose_name)
        super().__init__(queryset=self.relation.related_model._default_manager.none(), **options)

    def offer(self, records: models.QuerySet[Any], model_admin: Any) -> None:
        """Let the field take these records, looked up and named as their own list does."""
        self.model_admin = model_admin
        widget = AutocompleteSelect(
            self.relation, model_admin.admin_site, attrs={"data-placeholder": _("Type to search")}
        )
        widget.is_required = self.required
        self.widget = widget
        self.queryset = records  # also hands the choices to the widget

    def label_from_instance(self, obj: models.Model) -> str:
        """What the list of matches says too."""
        return str(self.model_admin.label(obj))


class MomentField(forms.DateTimeField):
    """Date and time on the clock that the page names; the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)


class DayField(forms.DateField):
    """A calendar day; the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
