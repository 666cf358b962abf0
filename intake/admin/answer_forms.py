"""The answers to a list that was checked: accept it, throw it away, or take back what it wrote."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import ActForm, ReasonField
from intake.actions import batches
from intake.admin.numbers import BadNumbers, read_numbers, ticked, write_numbers
from intake.models import Batch
from intake.words import written_in_words

FINE, WARNED = "fine", "warnings"


class AcceptForm(ActForm):
    """Writes the rows into the register, telling first how many."""

    explanation = _(
        "Refused rows stay outside: they can be downloaded, mended and sent in again. All that is written now can be taken "
        "back together, until somebody has changed any of it."
    )
    done = _("The rows are being written.")
    page = "intake/accept.html"

    which = forms.ChoiceField(label=_("Write into the register"), widget=forms.RadioSelect)
    leaving_out = forms.CharField(
        label=_("Leave out these rows"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Row numbers of your file, such as 3, 17-20. The rows of the page before are here when they were ticked."
        ),
    )
    #: Since when the list was ready that the page shows.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    fieldsets = ((None, {"fields": ["leaving_out"]}),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = batches.summary(self.record)
        offers = []
        if found.fine:
            words = _("%(rows)s without a warning: %(written)s")
            offers.append(
                (FINE, words % {"rows": _rows(found.fine), "written": written_in_words(found.fine_only)})
            )
        if found.warned:
            words = _("%(rows)s, those with a warning too: %(written)s")
            rows = _rows(found.fine + found.warned)
            offers.append((WARNED, words % {"rows": rows, "written": written_in_words(found.with_warnings)}))
        which: Any = self.fields["which"]
        which.choices = offers
        which.initial = offers[0][0] if offers else None
        self.initial["seen"] = self.record.state_since.isoformat()
        self.initial["leaving_out"] = write_numbers(ticked(self.request.GET))

    def clean_leaving_out(self) -> set[int]:
        """The rows, or a sentence that says how to write them."""
        try:
            return read_numbers(self.cleaned_data["leaving_out"])
        except BadNumbers:
            words = _("Write row numbers with commas between them, such as 3, 17-20.")
            raise ValidationError(words, code="bad_rows") from None

    def clean_seen(self) -> datetime | None:
        """The moment; a page from before there was one says none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    def perform(self) -> Model:
        """Have them written."""
        told = self.cleaned_data
        return batches.accept(
            batch=self.record,
            by=self.by,
            with_warnings=told["which"] == WARNED,
            leaving_out=told["leaving_out"],
            seen=told["seen"],
        )


class RetryForm(ActForm):
    """Has the work on a list that failed done again, from where it stopped."""

    explanation = _("What was written stays and is not written twice. Try again where the reason is gone.")
    done = _("The list is worked on again.")
    page = "intake/act.html"

    def perform(self) -> Model:
        """Ask a worker."""
        return batches.retry(batch=self.record, by=self.by)


class DiscardForm(ActForm):
    """Throws a list away that was not accepted."""

    explanation = _(
        "Nothing of it reaches the register, and the file is removed from here. It can be sent in again."
    )
    done = _("Discarded.")
    page = "intake/act.html"

    def perform(self) -> Model:
        """Throw it away and go back to it, where it says so."""
        return batches.discard(batch=self.record, by=self.by)


class UndoForm(ActForm):
    """Takes back what a list wrote."""

    explanation = _(
        "All that this list wrote is voided: it stays readable and no longer counts. Earlier reports keep their numbers. What "
        "somebody has changed since is not touched: then the page says what, and nothing is taken back unless you say so."
    )
    done = _("What the list wrote is taken back.")
    page = "intake/act.html"

    reason = ReasonField(_("Why"))
    partly = forms.BooleanField(
        label=_("Keep what was changed since, and take back the rest"), required=False
    )

    def perform(self) -> Model:
        """Take it back."""
        told = self.cleaned_data
        batches.undo(batch=self.record, by=self.by, reason=told["reason"], partly=told["partly"])
        return Batch.objects.get(pk=self.record.pk)


def _rows(number: int) -> str:
    words = ngettext("%(number)s row", "%(number)s rows", number)
    return words % {"number": number_format(number, force_grouping=True)}
