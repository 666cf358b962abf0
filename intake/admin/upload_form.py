"""Sending in a list: for whom, what it holds, where it was taken down, and the file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.admin import ActingForm
from accounts.visibility import may
from core.admin import RecordField
from intake.actions import batches
from intake.kinds.registry import KINDS
from intake.models import Batch, Mapping

#: What the browser's own file picker offers first; whether a file can be read is decided by its content.
ENDINGS = ".csv,.tsv,.txt,.xlsx,.json,.xml"


class UploadForm(ActingForm):
    """Takes a file into staging. Nothing reaches the register before somebody has looked at it and accepted it."""

    acting_as = ("intake.batch", "add")
    placed_by = "registered_in"
    explanation = _(
        "A table as CSV or XLSX, with one row of headings. Nothing is written into the register yet: you see first what "
        "would be written, which rows are refused and why, and accept it or not."
    )
    done = _("The file is here.")
    page = "intake/act.html"

    kind = forms.ChoiceField(label=_("What the list holds"))
    registered_in = RecordField(Batch.registered_in, label=_("Region where it was taken down"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, up to 256 MB. Choose it, or drop it on this box."),
        error_messages={
            "required": _("Choose the file to send in."),
            "empty": _("This file is empty. Choose the one that holds the list."),
        },
    )
    mapping = forms.ModelChoiceField(
        Mapping.objects.none(),
        label=_("Saved meaning of the columns"),
        required=False,
        empty_label=_("guess from the headings"),
        help_text=_("Kept from an earlier list of the same partner."),
    )
    fieldsets = (
        (None, {"fields": ["organisation", ("kind", "registered_in"), "file"]}),
        (_("Columns"), {"fields": ["mapping"]}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [kind for kind in KINDS.values() if may(self.by, *kind.permission)]
        field: Any = self.fields["kind"]
        field.choices = [(kind.name, kind.label) for kind in kinds]
        attrs = {"accept": ENDINGS, "data-sending": _("Sending …")}
        self.fields["file"].widget.attrs |= attrs
        saved: Any = self.fields["mapping"]
        saved.queryset = Mapping.objects.in_use().filter(organisation__in=self.choices).order_by("name")
        if not saved.queryset.exists():
            del self.fields["mapping"]

    def clean(self) -> dict[str, Any]:
        """A saved meaning is one of a kind of list and of an organisation."""
        cleaned = super().clean()
        mapping = cleaned.get("mapping")
        if mapping is None or "kind" in self.errors:
            return cleaned
        if mapping.kind != cleaned.get("kind"):
            raise ValidationError(
                {"mapping": _("This was saved for another kind of list. Choose another one, or guess.")}
            )
        if mapping.organisation_id != self.organisation.pk:
            raise ValidationError(
                {"mapping": _("This was saved by another organisation. Choose another one, or guess.")}
            )
        return cleaned

    def perform(self) -> Model:
        """Keep the file; a worker reads it."""
        told = self.cleaned_data
        return batches.receive(
            organisation=self.organisation,
            kind=told["kind"],
            file=told["file"],
            name=told["file"].name,
            by=self.by,
            registered_in=told["registered_in"],
            mapping=told.get("mapping"),
        )
