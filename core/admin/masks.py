"""Masked columns on pages: shown by their masks, and asked for anew where an act corrects them."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin.acts import ActForm
from core.masking import Mask, masked

_BEFORE, _REMOVE = "masked_", "remove_"


class MaskedColumns:
    """For lists, pages and rows below a record: whatever column the policy masks is shown by its mask, wherever it is named.

    The value itself never enters the page.
    """

    admin_site: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, mask in self.masks().items():
            setattr(self, f"{_BEFORE}{name}", _shower(self._column(name), mask))

    def masks(self: Any) -> Mapping[str, Mask]:
        """The masked columns of this kind of record."""
        found: Mapping[str, Mask] = self.admin_site.masks(self.model._meta.label_lower)
        return found

    def _column(self: Any, name: str) -> Any:
        return self.model._meta.get_field(name)

    def covered(self: Any, request: HttpRequest, names: Iterable[Any]) -> list[Any]:
        """The same columns, each by its mask that this person is not shown whole. No query."""
        masks = self.masks()
        if not masks or self.admin_site.is_whole(request.user, self.model._meta.label_lower):
            return list(names)
        return [f"{_BEFORE}{name}" if isinstance(name, str) and name in masks else name for name in names]

    def get_readonly_fields(self: Any, request: Any, obj: Any = None) -> list[Any]:
        """Masks are shown and never asked for."""
        named = super().get_readonly_fields(request, obj)  # type: ignore[misc]  # of the page that this is mixed into
        return [*named, *(f"{_BEFORE}{name}" for name in self.masks())]


def _shower(column: Any, mask: Mask) -> Any:
    @admin.display(description=column.verbose_name, empty_value="-")
    def show(record: Any) -> str:
        return masked(getattr(record, column.name), mask) or "-"

    return show


class MaskedInput(ActForm):
    """An act that corrects values which no page shows: what is left blank stays as it is, a tick of its own removes it.

    `masked_fields` names them; each is a field of the form and a column of the record.
    """

    masked_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, record: Any, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.masks: Mapping[str, Mask] = self.desk.admin_site.masks(record._meta.label_lower)
        for name in self.masked_fields:
            self._cover(name, getattr(record, name))

    def _cover(self, name: str, stored: object) -> None:
        """Ask for it blank, with the mask beside it, and whether to remove it where there is something."""
        self.initial.pop(name, None)
        field = self.fields[name]
        if not stored:
            return
        field.help_text = _("Now %(mask)s. Leave blank to keep it.") % {"mask": self._mask(name, stored)}
        removing = forms.BooleanField(label=_("Remove: %(what)s") % {"what": field.label}, required=False)
        after = list(self.fields.items())
        place = [each for each, _field in after].index(name) + 1
        self.fields = dict([*after[:place], (f"{_REMOVE}{name}", removing), *after[place:]])

    def _mask(self, name: str, stored: object) -> str:
        return masked(stored, self.masks[name])

    def clean(self) -> dict[str, Any]:
        """Only what is to be written stays: a blank is no value, and a tick is an empty one."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.masked_fields:
            is_removed = cleaned.pop(f"{_REMOVE}{name}", False)
            if is_removed and cleaned.get(name):
                words = _("Write the new value or tick that it is removed, not both.")
                self.add_error(name, ValidationError(words, code="both"))
            elif is_removed:
                cleaned[name] = getattr(self.fields[name], "empty_value", None)
            elif not cleaned.get(name):
                cleaned.pop(name, None)
        return cleaned

    def stored_words(self, name: str, stored: object) -> str:
        """What was stored meanwhile, by its mask where it has one."""
        if name in self.masked_fields:
            return self._mask(name, stored)
        return super().stored_words(name, stored)
