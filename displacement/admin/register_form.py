"""Registering a household on one page: who came, from where, when, and what they agreed to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.admin import ActingForm
from core.admin import MomentField, RecordField, RowsOf
from core.refusals import refusal
from displacement.actions import households, movements
from displacement.actions.flagging import flag_likely
from displacement.actions.repeats import registered_before
from displacement.admin.rows import GroupRow, PersonRow
from displacement.models import Household
from displacement.models.consent import Purpose
from displacement.models.movement import Means, MovementKind, PlaceKind

ANSWERS = [("", _("not asked")), ("yes", _("yes")), ("no", _("no"))]
LANGUAGES = [("", _("not known")), ("ru", _("Russian")), ("uk", _("Ukrainian")), ("en", _("English"))]


#: What stays the same from one family to the next at one desk, and is no personal data: kept for the session.
_REMEMBERED = ("organisation", "registered_in", "origin", "means", "place", "language")


class RegisterForm(ActingForm):
    """Takes a household into the register, with the steps of each of its people. Made for a queue and a keyboard.

    The page carries the id that the household will have, so that a second click, or the same page sent again after the
    connection broke, finds the family instead of registering it twice.
    """

    page = "desk/register.html"
    acting_as = ("displacement.household", "add")
    placed_by = "registered_in"
    explanation = _(
        "Write down what people tell you. Leave blank what is not known: a blank says so, a guess does not."
    )
    done = _("The household is registered. Print its card, or write its number on one.")
    tables = {
        "people": RowsOf(
            PersonRow,
            _("People by name"),
            _("Another person"),
            _(
                "One name is enough. Birth: 12.05.1990, 05.1990, 1990 or the age, 34."
                " Enter goes to the next person; Ctrl and Enter registers."
            ),
            extra=2,
        ),
        "groups": RowsOf(
            GroupRow,
            _("People who are only counted"),
            _("Another group"),
            _("In a hurry, count at the door and write down the names later. Nobody is counted twice."),
            is_folded=True,
        ),
    }

    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid7)
    registered_in = RecordField(Household.registered_in, label=_("Registered in"))
    origin = RecordField(Household.origin, label=_("Home region"), required=False)
    left_at = MomentField(
        label=_("Left home at"), required=False, help_text=_("Blank: not left, or not known.")
    )
    means = forms.ChoiceField(label=_("How they left"), choices=Means.choices, initial=Means.UNKNOWN)
    arrived_at = MomentField(label=_("Arrived here at"), required=False, initial=timezone.now)
    place = forms.ChoiceField(
        label=_("Where they stay"), choices=PlaceKind.choices, initial=PlaceKind.UNKNOWN
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Preferred language"), choices=LANGUAGES, required=False)
    consent_service = forms.ChoiceField(label=Purpose.SERVICE.label, choices=ANSWERS, required=False)
    consent_partners = forms.ChoiceField(label=Purpose.PARTNERS.label, choices=ANSWERS, required=False)
    consent_authorities = forms.ChoiceField(label=Purpose.AUTHORITIES.label, choices=ANSWERS, required=False)
    consent_tracing = forms.ChoiceField(label=Purpose.TRACING.label, choices=ANSWERS, required=False)

    fieldsets = (
        (None, {"fields": ["organisation", ("registered_in", "origin")], "classes": ["first"]}),
        (_("The way here"), {"fields": [("left_at", "means"), ("arrived_at", "place")]}),
        (_("Contact"), {"fields": [("phone", "language")]}),
        (
            _("Consent: read the text out, then ask"),
            {"fields": [("consent_service", "consent_partners"), ("consent_authorities", "consent_tracing")]},
        ),
    )

    def __init__(self, *args: Any, request: HttpRequest, initial: Mapping[str, Any], **options: Any) -> None:
        remembered = request.session.get("register", {})
        super().__init__(*args, request=request, initial={**remembered, **initial}, **options)

    def clean(self) -> dict[str, Any]:
        """People who left somewhere need a home region to have left."""
        cleaned = super().clean()
        if cleaned.get("left_at") and not cleaned.get("origin") and "origin" not in self.errors:
            self.add_error("origin", _("Choose the home region that they left, or leave the time blank."))
        left, arrived = cleaned.get("left_at"), cleaned.get("arrived_at")
        if left and arrived and arrived < left:
            self.add_error("arrived_at", _("They cannot arrive before they left. Check both times."))
        return cleaned

    def perform(self) -> Model:
        """Register, then record the steps, all or nothing; once, however often the page is sent."""
        told = self.cleaned_data
        token = told["token"] or uuid7()
        if before := registered_before(token, by=self.by):
            self._refuse_another(before)
            return before
        asked = {purpose: told[f"consent_{purpose}"] for purpose in Purpose.values}
        household = households.register(
            id=token,
            organisation=self.organisation,
            registered_in=told["registered_in"],
            origin=told["origin"],
            by=self.by,
            people=[row.as_told() for row in self.told("people")],
            groups=[row.as_told() for row in self.told("groups")],
            phone=told["phone"],
            language=told["language"],
            consents={purpose: answer == "yes" for purpose, answer in asked.items() if answer},
        )
        self._record_steps(household)
        flag_likely(list(household.people.select_related("household")))
        self._remember()
        return household

    def _refuse_another(self, before: Household) -> None:
        """Where the page was sent before for another family (the way back, and typed over), ask once more."""
        typed = sorted(
            (row.family_name, row.given_name) for row in map(PersonRow.as_told, self.told("people"))
        )
        counted = sum(row.as_told().people for row in self.told("groups"))
        there = sorted(before.people.values_list("family_name", "given_name"))
        if (typed, counted) == (there, sum(before.groups.values_list("people", flat=True))):
            return
        sent: Any = self.data.copy()  # type: ignore[attr-defined]  # a form that was sent holds a QueryDict
        sent[self.add_prefix("token")] = str(uuid7())
        self.data = sent
        sentence = _(
            "Household %(number)s was registered from this page already. What you typed is still below:"
            " press the button once more to register it as another household."
        )
        raise refusal(str(sentence) % {"number": before.number}, code="registered_before")

    def _remember(self) -> None:
        kept = {name: self.cleaned_data.get(name) for name in _REMEMBERED}
        self.request.session["register"] = {
            name: str(value.pk) if isinstance(value, Model) else value
            for name, value in kept.items()
            if value
        }

    def _record_steps(self, household: Household) -> None:
        told = self.cleaned_data
        if told["left_at"] and told["origin"]:
            self._step(household, MovementKind.LEFT, told["left_at"], means=told["means"])
        if told["arrived_at"] and told["origin"]:
            where = {"destination": told["registered_in"], "place": told["place"], "means": told["means"]}
            self._step(household, MovementKind.ARRIVED, told["arrived_at"], **where)

    def _step(self, household: Household, kind: str, at: datetime, **more: Any) -> None:
        movers: list[dict[str, Any]] = [{"person": person} for person in household.people.order_by("pk")]
        if household.groups.exists():
            movers.append({"household": household})
        for mover in movers:
            movements.record(by=self.by, kind=kind, occurred_at=at, **mover, **more)
