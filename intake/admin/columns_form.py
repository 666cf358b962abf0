"""What the columns of a list mean: the guess, with samples from the file, corrected by a person."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.field_classes import telling_of_people
from core.masking import shaped
from intake.actions import batches
from intake.actions.batches import Preview
from intake.admin.meanings_form import MeaningsForm
from intake.admin.staged import BIRTH_DATE, DIGITS_OF_A_NUMBER
from intake.kinds.registry import KINDS
from intake.models import Mapping

#: Sample values beside a column.
SAMPLES = 3
#: Refusals that ask whether what is saved under a name shall be replaced.
_ASKING = frozenset({"name_taken", "version_conflict"})


class Line(NamedTuple):
    """One column of the file beside the question what it means."""

    column: str
    tag: str
    samples: list[str]
    field: Any


class ColumnsForm(MeaningsForm):
    """Asks of each column of a file what it means."""

    explanation = _(
        "Look at the samples and say what each column means. What has no meaning here is left out of the register; nothing "
        "is changed in your file."
    )
    done = _("The rows are being checked.")
    page = "intake/columns.html"

    save_as = forms.CharField(
        label=_("Save for later as"),
        max_length=100,
        required=False,
        help_text=_(
            "Such as the partner's name. It can be chosen when the next list is sent in. Blank: do not save."
        ),
    )
    #: The version that the page spoke of when it asked whether to replace it.
    replacing = forms.IntegerField(required=False, widget=forms.HiddenInput)
    replace = forms.BooleanField(label=_("Replace what is saved under this name"), required=False)
    fieldsets = ((None, {"fields": ["day_first", "save_as", "replace"]}),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.preview: Preview = batches.columns(self.record)
        self.ask(
            KINDS[self.record.kind],
            [column.name for column in self.preview.columns],
            self.record.columns or self.preview.guess,
            self.record.options,
        )
        self.is_asked = bool(self.is_bound and self.data.get("replacing"))

    def laid_out(self) -> Any:
        """Without the question whether to replace something before there is anything to replace."""
        if not self.is_asked:
            del self.fields["replace"]
        return super().laid_out()

    def column_lines(self) -> Iterator[Line]:
        """The columns in the order of the file."""
        for place, column in enumerate(self.preview.columns):
            seen = [row[place] for row in self.preview.rows if place < len(row) and row[place].strip()]
            least = self._least_digits(column.name)
            samples = [shaped(text, least=least, shown=0) if least else text for text in dict.fromkeys(seen)]
            yield Line(column.name, column.tag, samples[:SAMPLES], self[f"column_{place}"])

    def _least_digits(self, heading: str) -> int:
        """With how many digits a sample of a list of people shows its shape alone, which says what it is; 0: shown whole.

        What has no meaning yet may be a day of birth, also in parts, and so may every long number in the wrong column.
        """
        if KINDS[self.record.kind].permission[0] not in telling_of_people():
            return 0
        meaning = (self.record.columns or self.preview.guess).get(heading, "")
        return 1 if meaning in ("", BIRTH_DATE) else DIGITS_OF_A_NUMBER

    def perform(self) -> Model:
        """Have the list read with these meanings."""
        told = self.cleaned_data
        return batches.map_columns(
            batch=self.record,
            columns=self.chosen(),
            options={"day_first": self.order()},
            save_as=told["save_as"],
            replacing=told["replacing"] if told["replace"] else None,
            by=self.by,
        )

    def land(self, refusal: ValidationError) -> None:
        """Where the name is taken, ask whether to replace what is saved under it, and remember which version was shown."""
        super().land(refusal)
        if self.has_error("save_as") and _ASKING & {error.code for error in self.errors.as_data()["save_as"]}:
            saved = Mapping.objects.in_use().filter(
                organisation=self.record.organisation,
                kind=self.record.kind,
                name=self.data["save_as"].strip(),
            )
            sent: Any = self.data
            sent = sent.copy()
            sent["replacing"] = str(saved.values_list("version", flat=True).first() or "")
            sent.pop("replace", None)
            self.data, self.is_asked = sent, True
