"""What the columns of a list mean: the guess, with samples from the file, corrected by a person."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm
from intake.actions import batches
from intake.actions.batches import Preview
from intake.kinds.registry import KINDS

#: Sample values beside a column.
SAMPLES = 3
_ORDERS = [
    ("", _("as the file shows; 01/02/2003 is refused")),
    ("day", _("day first: 31/12/1990")),
    ("month", _("month first: 12/31/1990")),
]
_DAY_FIRST = {"": None, "day": True, "month": False}


class Line(NamedTuple):
    """One column of the file beside the question what it means."""

    column: str
    tag: str
    samples: list[str]
    field: Any


class ColumnsForm(ActForm):
    """Asks of each column what it means. A column without a meaning is not taken in."""

    explanation = _(
        "Look at the samples and say what each column means. What has no meaning here is left out of the register; nothing "
        "is changed in your file."
    )
    done = _("The rows are being checked.")
    page = "intake/columns.html"

    day_first = forms.ChoiceField(
        label=_("Dates written with slashes or hyphens"), choices=_ORDERS, required=False
    )
    save_as = forms.CharField(
        label=_("Save for later as"),
        max_length=100,
        required=False,
        help_text=_(
            "Such as the partner's name. It can be chosen when the next list is sent in. Blank: do not save."
        ),
    )
    fieldsets = ((None, {"fields": ["day_first", "save_as"]}),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = KINDS[self.record.kind]
        self.preview: Preview = batches.columns(self.record)
        choices: list[tuple[str, Any]] = [("", _("means nothing here"))]
        choices += [(field.name, field.label) for field in self.kind.fields]
        chosen = self.record.columns or self.preview.guess
        self.names = {f"column_{place}": column.name for place, column in enumerate(self.preview.columns)}
        for name, column in self.names.items():
            self.fields[name] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=chosen.get(column, "")
            )
        self.fields["day_first"].initial = _written(self.record.options.get("day_first"))

    def column_lines(self) -> Iterator[Line]:
        """The columns in the order of the file."""
        for place, column in enumerate(self.preview.columns):
            seen = [row[place] for row in self.preview.rows if place < len(row) and row[place].strip()]
            yield Line(column.name, column.tag, list(dict.fromkeys(seen))[:SAMPLES], self[f"column_{place}"])

    def clean(self) -> dict[str, Any]:
        """One column for each field, and none missing that the list cannot do without."""
        cleaned = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for name in self.names:
            meaning = cleaned.get(name)
            if meaning and meaning in taken:
                words = _("Another column has this meaning already. Keep it at one of them.")
                self.add_error(name, words)
            elif meaning:
                taken[meaning] = name
        lacking = [str(f.label) for f in self.kind.fields if f.is_required and f.name not in taken]
        if lacking:
            needed = _("Say which column holds: %(fields)s.") % {"fields": ", ".join(lacking)}
            self.add_error(None, needed)
        if not taken:
            self.add_error(None, _("Say at least of one column what it means."))
        return cleaned

    def perform(self) -> Model:
        """Have the list read with these meanings."""
        told = self.cleaned_data
        return batches.map_columns(
            batch=self.record,
            columns={column: told[name] for name, column in self.names.items() if told[name]},
            options={"day_first": _DAY_FIRST[told["day_first"]]},
            save_as=told["save_as"],
            by=self.by,
        )


def _written(day_first: bool | None) -> str:
    return next(word for word, value in _DAY_FIRST.items() if value is day_first)
