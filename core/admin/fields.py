"""Form fields of the desk: records found by typing, counts as people write them, moments on its clock, and reasons."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A record that is found by typing. `relation` is a foreign key to it, which says where to look.

    Only records with which the person may do `action` are accepted; the page's form calls `offer` to say which. With
    `is_addable`, who may add such a record can do so in a second window, and nothing of what is typed here is lost.
    """

    offers: ClassVar[type[AutocompleteSelect | AutocompleteSelectMultiple]] = AutocompleteSelect

    def __init__(
        self, relation: Any, *, action: str = "view", is_addable: bool = False, **options: Any
    ) -> None:
        self.relation: models.ForeignKey[Any, Any] = relation.field
        self.action, self.is_addable = action, is_addable
        self.model_admin: Any = None
        options.setdefault("label", self.relation.verbose_name)
        super().__init__(queryset=self.relation.related_model._default_manager.none(), **options)

    def offer(self, records: models.QuerySet[Any], model_admin: Any, *, may_add: bool = False) -> None:
        """Let the field take these records, looked up and named as their own list does."""
        self.model_admin = model_admin
        widget = self.offers(
            self.relation, model_admin.admin_site, attrs={"data-placeholder": _("Type to search")}
        )
        widget.is_required = self.required
        site, related = model_admin.admin_site, self.relation.remote_field
        self.widget = (
            RelatedFieldWidgetWrapper(widget, related, site, can_add_related=True) if may_add else widget
        )
        self.queryset = records  # also hands the choices to the widget

    def label_from_instance(self, obj: models.Model) -> str:
        """What the list of matches says too."""
        return str(self.model_admin.label(obj))


class RecordsField(RecordField, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Several such records, each found by typing; at least one."""

    offers = AutocompleteSelectMultiple


class CountField(forms.IntegerField):
    """How many: digits, with blanks between thousands as people write and paste them ("121 000")."""

    default_error_messages = {
        "invalid": _(
            "Write the number in digits; blanks between thousands are fine: 121 000. "
            "Words, commas and points are not read here."
        )
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 12})
        super().__init__(widget=widget, min_value=0, **options)

    def to_python(self, value: Any) -> int | None:
        """The count without its blanks, of whichever width they are."""
        return super().to_python(re.sub(r"\s", "", value) if isinstance(value, str) else value)


class ReasonField(forms.CharField):
    """Why somebody does this: needed, kept with what was done, and read by others."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Others will read this. No names."),
        )


class MomentField(forms.DateTimeField):
    """Date and time on the clock that the page names; the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        # With a latest year of four digits, a browser goes on to the hour after the fourth.
        attrs = {"type": "datetime-local", "max": "9999-12-31T23:59"}
        widget = forms.DateTimeInput(attrs=attrs, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)


class DayField(forms.DateField):
    """A calendar day; the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
