"""Asking that somebody be erased, doing so, and leaving it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.admin import shown_on
from core.admin import ActForm, ReasonField
from core.admin.acts import Words
from displacement.identity.phones import phone_digits
from intake.models import Batch
from intake.waiting.found import Found, Place
from intake.waiting.search import is_much
from retention.actions.erasures import approve, ask, look, withdraw
from retention.actions.waiting import answer, unanswered
from retention.models import Answer, ErasureState, Ground

#: Characters of a row that are shown: enough to compare a name and a day.
_LONGEST = 200


STARTED = _(
    "Much waits here, so a worker looks through it first. This page says what came of it: reload it in some minutes."
)


class AskForm(ActForm):
    """Asks that the person or household of the page be erased."""

    explanation = _(
        "Another person decides. Then names, telephone, number and notes are gone for good, here and in the lists and files "
        "from which they came, and cannot be brought back, not even from a backup. Movements stay without a name, so that "
        "reports keep their numbers. A wrong entry is voided, and a person registered twice is merged: neither needs this."
    )
    done = _("Asked for. Tell a colleague who may erase.")
    ground = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose why")), *Ground.choices])

    def perform(self) -> Model:
        """Ask for it."""
        return ask(subject=self.record, ground=self.cleaned_data["ground"], by=self.by)


class ApproveForm(ActForm):
    """Erases."""

    explanation = _(
        "Open the record once more: is it the person who is meant? All records that were merged with it go, too, and the "
        "household of whoever is the last in it. This cannot be undone. Partners are told to remove their copies."
    )
    done = _("Erased. What is left names nobody.")

    def perform(self) -> Model:
        """Erase, or have a worker look first."""
        erasure = approve(erasure=self.record, by=self.by)
        if erasure.state == ErasureState.LOOKING:
            self.done = STARTED
        return erasure


class LookForm(ActForm):
    """Says of rows of lists and forms that wait whether they are theirs."""

    explanation = _(
        "These rows of lists and forms that wait look like whom you erase. Compare them with the record, and say of each "
        "whether it is them. What is surely theirs goes without asking and is not here. Where a file cannot be read, look at "
        "the file itself: discard the list, or say that they are not in it."
    )
    of_worker = _(
        "Much waits here: a worker looks through it, and nobody is erased yet. The page of the erasure says what was found."
    )
    done: Words = _("Noted. Nothing was taken out yet: that happens when you erase.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._keys: dict[str, str] = {}
        try:
            found = unanswered(erasure=self.record)
        except ValidationError as refusal:
            self.problem: ValidationError | None = refusal
            return
        self.problem = None
        self.is_for_worker = not found and is_much([self.record.organisation_id])
        if self.is_for_worker:
            self.explanation, self.done = self.of_worker, STARTED
        shown_on(self.request, [each.holder for each in found])
        named = self._named({each.holder for each in found})
        for place, each in enumerate(found):
            whole = each.place is Place.FILE
            offered = [Answer.LOOKED] if whole else [Answer.SAME, Answer.OTHER]
            name = f"row_{place}"
            self._keys[name] = each.key
            self.fields[name] = forms.ChoiceField(
                label=_words(each, named),
                choices=[(answer.value, answer.label) for answer in offered],
                widget=forms.RadioSelect,
                required=False,
            )

    def _named(self, holders: Collection[UUID]) -> Collection[UUID]:
        """Of these the lists that the reader sees otherwise, too: what others call theirs may say what is in them."""
        return set(Batch.objects.visible_to(self.by).filter(pk__in=holders).values_list("pk", flat=True))

    def perform(self) -> Model:
        """Note the answers; rows that were left blank wait on."""
        if self.problem is not None:
            raise self.problem
        if self.is_for_worker:
            return look(erasure=self.record, by=self.by)
        told = {
            self._keys[name]: value
            for name, value in self.cleaned_data.items()
            if name in self._keys and value
        }
        return answer(erasure=self.record, answers=told, by=self.by)


def _words(each: Found, named: Collection[UUID]) -> str:
    """Where it stands and what is in it, telephones and numbers by their ends only; lists out of reach by their ids."""
    name = each.name if each.place is Place.FORM or each.holder in named else str(each.holder)
    if each.place is Place.FILE:
        return gettext("The list “%(name)s” cannot be looked through") % {"name": name}
    cells = " · ".join(_masked(cell) for cell in each.shown if cell.strip())[:_LONGEST]
    if each.place is Place.FORM:
        return gettext("A form of “%(name)s”: %(cells)s") % {"name": each.name, "cells": cells}
    told = {"name": name, "row": each.number, "cells": cells}
    return gettext("The list “%(name)s”, row %(row)s: %(cells)s") % told


def _masked(cell: str) -> str:
    digits = phone_digits(cell)
    is_day = len(digits) == 8 and len(cell.strip()) == 10
    return f"•••• {digits[-2:]}" if digits and not is_day else cell.strip()


class WithdrawForm(ActForm):
    """Leaves it."""

    explanation = _("Nothing is erased. Whoever asked can ask again.")
    done = _("Withdrawn.")
    reason = ReasonField(_("Why nothing is erased"))

    def perform(self) -> Model:
        """Withdraw it."""
        return withdraw(erasure=self.record, reason=self.cleaned_data["reason"], by=self.by)
