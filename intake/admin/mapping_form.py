"""A saved mapping on the desk: changed as the columns of a list are, renamed, taken out of use and put back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm
from intake.actions import mappings
from intake.admin.meanings_form import Answer, MeaningsForm
from intake.guessing import guess
from intake.kinds.registry import KINDS
from intake.meanings import MOST_COLUMNS
from intake.models import Batch
from intake.sources import Column

#: Blank lines for headings that no list had yet.
BLANK = 3
_LONGEST_HEADING = 200
_DELIMITERS = [
    ("", _("found out from each file")),
    (",", _("comma")),
    (";", _("semicolon")),
    ("\t", _("tab")),
    ("|", _("vertical bar")),
]
_ENCODINGS = [
    ("", _("found out from each file")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1251", "Windows-1251"),
    ("cp1252", "Windows-1252"),
    ("cp866", "CP866 (DOS)"),
    ("koi8-r", "KOI8-R"),
    ("koi8-u", "KOI8-U"),
    ("mac-cyrillic", "Mac Cyrillic"),
]


class HeadingLine(NamedTuple):
    """One heading beside the question what it means; `hint` is what it reads like where it means nothing yet."""

    heading: str
    hint: str
    field: Any


class NewLine(NamedTuple):
    """A blank line for a heading and what it means."""

    heading: Any
    field: Any


class MappingForm(MeaningsForm):
    """Says anew what the columns of a partner's lists mean."""

    explanation = _(
        "What you say here counts for the lists to come. Lists that were read by this mapping before keep what they were read "
        "by."
    )
    page = "intake/mapping.html"

    version = forms.IntegerField(widget=forms.HiddenInput)
    #: The headings of the page as it was opened, so that an answer belongs to its heading whatever has happened since.
    headings = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=100)
    delimiter = forms.ChoiceField(label=_("Cells of CSV divided by"), choices=_DELIMITERS, required=False)
    encoding = forms.ChoiceField(label=_("Letters of CSV encoded as"), choices=_ENCODINGS, required=False)
    sheet = forms.CharField(
        label=_("Sheet of a workbook"),
        max_length=100,
        required=False,
        help_text=_("Its name. Blank: the first that is shown."),
    )
    fieldsets = (
        (None, {"fields": ["name", "day_first"]}),
        (_("How the files are written"), {"fields": [("delimiter", "encoding"), "sheet"]}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        record = self.record
        known = self._headings()
        self.ask(KINDS[record.kind], known, record.columns, record.options)
        for place in range(BLANK):
            self.fields[f"new_{place}"] = forms.CharField(
                label=_("Heading in the file"), max_length=_LONGEST_HEADING, required=False
            )
            self.fields[f"means_{place}"] = self.question(_("means"))
        self.fields["headings"].initial = json.dumps(known, ensure_ascii=False)
        for name in ("version", "name"):
            self.fields[name].initial = getattr(record, name)
        for name in ("delimiter", "encoding", "sheet"):
            self.fields[name].initial = record.options.get(name, "")

    def _headings(self) -> list[str]:
        """Those of the page as it was sent; else those of the newest list read by the mapping; then others, by their fields."""
        slots = KINDS[self.record.kind].slots
        columns = sorted(self.record.columns, key=lambda heading: slots.get(self.record.columns[heading], 0))
        if self.is_bound:
            return list(dict.fromkeys([*_told(self.data.get("headings", "")), *columns]))
        lists = Batch.objects.visible_to(self.by).filter(mapping=self.record).order_by("-id")
        newest: list[str] = lists.values_list("headings", flat=True).first() or []
        return list(dict.fromkeys([*newest, *columns]))

    def heading_lines(self) -> Iterator[HeadingLine]:
        """Each heading with its question, and the guess where it means nothing."""
        free = [name for name in self.names.values() if name not in self.record.columns]
        taken = set(self.record.columns.values())
        fields = [field for field in self.kind.fields if field.name not in taken]
        like = guess([Column(heading) for heading in free], fields)
        for name, heading in self.names.items():
            hint = self.meaning_in_words(like[heading]) if heading in like else ""
            yield HeadingLine(heading, hint, self[name])

    def new_lines(self) -> Iterator[NewLine]:
        """The blank lines."""
        for place in range(BLANK):
            yield NewLine(self[f"new_{place}"], self[f"means_{place}"])

    def answers(self, cleaned: Mapping[str, Any]) -> Iterator[Answer]:
        """With the headings that were added."""
        yield from super().answers(cleaned)
        for place in range(BLANK):
            heading = " ".join((cleaned.get(f"new_{place}") or "").split())
            if heading:
                yield Answer(f"means_{place}", heading, cleaned.get(f"means_{place}") or "")

    def clean(self) -> dict[str, Any]:
        """A heading once, and none that is added without its meaning or the other way round."""
        cleaned = super().clean()
        seen = set(self.names.values())
        for place in range(BLANK):
            heading = " ".join((cleaned.get(f"new_{place}") or "").split())
            if heading in seen:
                self.add_error(f"new_{place}", _("This heading is here already. Say above what it means."))
            if heading and not cleaned.get(f"means_{place}"):
                self.add_error(f"means_{place}", _("Say what this column means, or leave its heading blank."))
            if cleaned.get(f"means_{place}") and not heading:
                self.add_error(f"new_{place}", _("Write the heading as it stands in the file."))
            seen |= {heading} - {""}
        return cleaned

    def perform(self) -> Model:
        """Save the next version."""
        told = self.cleaned_data
        return mappings.change(
            mapping=self.record,
            version=told["version"],
            by=self.by,
            name=told["name"],
            columns=self.chosen(),
            options={
                "day_first": self.order(),
                **{name: told[name] for name in ("delimiter", "encoding", "sheet")},
            },
        )

    def _show_newer(self) -> None:
        """With what each column means by now, and a line for each heading that came meanwhile."""
        super()._show_newer()
        record, typed, nothing = self.record, self.chosen(), gettext("means nothing here")
        known = list(dict.fromkeys([*self.names.values(), *record.columns]))
        for heading in known:
            stored = record.columns.get(heading, "")
            if stored != typed.get(heading, ""):
                self.conflicts.append((heading, self.meaning_in_words(stored) if stored else nothing))
        self.ask(KINDS[record.kind], known, record.columns, record.options)
        sent: Any = self.data
        sent["headings"] = json.dumps(known, ensure_ascii=False)


class RetireForm(ActForm):
    """Takes a mapping out of use."""

    explanation = _(
        "It is offered for no list any more. Lists that were read by it stay as they are; forms of KoboToolbox and ODK that "
        "use it ask with each batch what their questions mean. It can be put back."
    )
    done = _("Taken out of use.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = self.record.version

    def perform(self) -> Model:
        """Take it out."""
        return mappings.retire(mapping=self.record, version=self.cleaned_data["version"], by=self.by)


class RestoreForm(RetireForm):
    """Puts a mapping back into use."""

    explanation = _("It is offered again when a list is sent in.")
    done = _("In use again.")

    def perform(self) -> Model:
        """Put it back."""
        return mappings.restore(mapping=self.record, version=self.cleaned_data["version"], by=self.by)


def _told(text: str) -> list[str]:
    """The headings that the page sent back; none where it sent something else."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    if not isinstance(found, list) or len(found) > MOST_COLUMNS:
        return []
    return [one for one in found if isinstance(one, str) and 0 < len(one) <= _LONGEST_HEADING]
