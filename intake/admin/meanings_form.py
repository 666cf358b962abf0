"""Asking of each column what it means: for the columns of one file, and for those of a saved mapping."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from core.admin import ActForm
from intake.kinds.kind import Kind

_ORDERS = [
    ("", _("as the file shows; 01/02/2003 is refused")),
    ("day", _("day first: 31/12/1990")),
    ("month", _("month first: 12/31/1990")),
]
_DAY_FIRST = {"": None, "day": True, "month": False}


class Answer(NamedTuple):
    """What was said of one column; `field` is the form's, for what is wrong with it."""

    field: str
    heading: str
    meaning: str


class MeaningsForm(ActForm):
    """Asks of each column what it means. A column without a meaning is not taken in."""

    day_first = forms.ChoiceField(
        label=_("Dates written with slashes or hyphens"), choices=_ORDERS, required=False
    )

    def ask(
        self, kind: Kind, headings: Iterable[str], chosen: Mapping[str, str], options: Mapping[str, Any]
    ) -> None:
        """Add a question for each heading, answered by what was chosen so far."""
        self.kind = kind
        self.choices: list[tuple[str, Any]] = [("", _("means nothing here"))]
        self.choices += [(field.name, field.label) for field in kind.fields]
        self.names = {f"column_{place}": heading for place, heading in enumerate(headings)}
        for name, heading in self.names.items():
            self.fields[name] = self.question(heading, chosen.get(heading, ""))
        day_first = options.get("day_first")
        self.fields["day_first"].initial = next(
            word for word, each in _DAY_FIRST.items() if each is day_first
        )

    def question(self, label: Any, initial: str = "") -> forms.ChoiceField:
        """What a column means."""
        return forms.ChoiceField(label=label, choices=self.choices, required=False, initial=initial)

    def answers(self, cleaned: Mapping[str, Any]) -> Iterator[Answer]:
        """What was said, column by column."""
        for name, heading in self.names.items():
            yield Answer(name, heading, cleaned.get(name) or "")

    def clean(self) -> dict[str, Any]:
        """One column for each field, and none missing that the list cannot do without."""
        cleaned = super().clean() or self.cleaned_data
        taken: set[str] = set()
        for answer in self.answers(cleaned):
            if answer.meaning and answer.meaning in taken:
                words = _("Another column has this meaning already. Keep it at one of them.")
                self.add_error(answer.field, words)
            elif answer.meaning:
                taken.add(answer.meaning)
        lacking = [str(f.label) for f in self.kind.fields if f.is_required and f.name not in taken]
        if lacking:
            needed = _("Say which column holds: %(fields)s.") % {"fields": ", ".join(lacking)}
            self.add_error(None, needed)
        if not taken:
            self.add_error(None, _("Say at least of one column what it means."))
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Heading and field of each column that means something."""
        return {one.heading: one.meaning for one in self.answers(self.cleaned_data) if one.meaning}

    def order(self) -> bool | None:
        """Whether the day comes first in dates; None where each file shows it."""
        return _DAY_FIRST[self.cleaned_data["day_first"]]

    def meaning_in_words(self, name: str) -> str:
        """What a field is called."""
        return str(dict(self.choices).get(name, name))
