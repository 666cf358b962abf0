"""Legal holds on the desk: only for who sets or lifts them, and for auditors."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.two_persons import why_another
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, MomentField, ReasonField, RecordField
from displacement.models import Incident
from retention.actions.holds import ask_to_lift, lift, set_hold
from retention.models import Authority, Hold


class SetHoldForm(ActForm):
    """Keeps the records of somebody from erasures."""

    explanation = _(
        "Whoever asks that these people be erased is not told of the hold: the request is recorded and waits. Nothing of "
        "them is removed by the schedule either, wherever they go by merges and splits. Choose a person, a household or an "
        "incident."
    )
    done = _("The hold is set.")

    person = RecordField(Hold.person, required=False, label=_("Person"))
    household = RecordField(Hold.household, required=False, label=_("Household"))
    incident = forms.UUIDField(
        label=_("Incident"),
        required=False,
        help_text=_("The id in the address of its page. All whom its casualties name are held."),
    )
    authority = forms.ChoiceField(
        label=_("Who wants them kept"), choices=[("", _("Choose who")), *Authority.choices]
    )
    case = forms.CharField(
        label=_("Number of the case"),
        max_length=100,
        help_text=_("No names: others ask the authority by it."),
    )
    starts_at = MomentField(label=_("From"), required=False, help_text=_("Blank: from now on."))
    ends_at = MomentField(
        label=_("Until"), required=False, help_text=_("Blank: until it is lifted by two persons.")
    )

    def clean_incident(self) -> Incident | None:
        """The incident, of an organisation for which this person sets holds; whether others have it is not told."""
        pk = self.cleaned_data["incident"]
        if pk is None:
            return None
        found: Incident | None = Incident.objects.filter(
            pk=pk, organisation__in={s.organisation_id for s in self.by.scopes()}
        ).first()
        if found is None:
            raise ValidationError(_("No incident of your organisation has this id."), code="unknown_incident")
        return found

    def clean(self) -> dict[str, Any]:
        """Exactly one record."""
        told = super().clean() or {}
        chosen = [told[name] for name in ("person", "household", "incident") if told.get(name)]
        if not self.errors and len(chosen) != 1:
            raise ValidationError(_("Choose one person, one household or one incident."), code="one_record")
        return {**told, "subject": chosen[0] if chosen else None}

    def perform(self) -> Model:
        """Set it."""
        told = {
            name: self.cleaned_data[name] for name in ("subject", "authority", "case", "starts_at", "ends_at")
        }
        return set_hold(by=self.by, **told)


class AskToLiftForm(ActForm):
    """Asks that it end."""

    explanation = _("Another person lifts it. Until then everything stays held.")
    done = _("Asked for. Tell a colleague who may lift it.")
    reason = ReasonField(_("Why it can end"))

    def perform(self) -> Model:
        """Ask for it."""
        return ask_to_lift(hold=self.record, reason=self.cleaned_data["reason"], by=self.by)


class LiftForm(ActForm):
    """Ends it."""

    explanation = _(
        "The hold ends now. Erasures that were asked for meanwhile wait for a person who carries them out."
    )
    done = _("The hold has ended.")

    def perform(self) -> Model:
        """End it."""
        return lift(hold=self.record, by=self.by)


def _in_force(hold: Hold) -> bool:
    return hold.lifted_at is None and (hold.ends_at is None or hold.ends_at > timezone.now())


def _is_asked(hold: Hold) -> bool:
    return _in_force(hold) and hold.lift_asked_by is not None


def _for_another(hold: Hold, person: User) -> str:
    return why_another(hold.lift_asked_by, person.pk)


@admin.register(Hold)
class HoldAdmin(AuditedAdmin):
    """Which records are kept for whom, the latest first."""

    list_display = (
        "set_at",
        "what",
        "authority",
        "case",
        "starts_at",
        "ends_at",
        "lift_asked_at",
        "lifted_at",
    )
    list_filter = ("authority",)
    list_select_related = ("region", "organisation")
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("what", "held"),
                    ("authority", "case"),
                    ("starts_at", "ends_at"),
                    ("organisation", "region"),
                )
            },
        ),
        (
            _("Who"),
            {
                "fields": (
                    ("set_at", "set_by"),
                    ("lift_asked_at", "lift_asked_by", "lift_reason"),
                    ("lifted_at", "lifted_by"),
                )
            },
        ),
    )
    readonly_fields = ("what", "held")
    reads = {"what": ("person", "household", "incident"), "held": ("people",)}
    adding = Act("add", _("Set a legal hold"), "add", SetHoldForm)
    acts = (
        Act("ask_to_lift", _("Ask to lift it"), "change", AskToLiftForm, is_open=_in_force),
        Act(
            "lift",
            _("Lift"),
            "approve",
            LiftForm,
            is_open=_is_asked,
            is_grave=True,
            withheld=_for_another,
        ),
    )

    @admin.display(description=_("what"))
    def what(self, hold: Hold) -> str:
        """The kind of record and its id: who may see whom it is, finds them by it."""
        kinds = {
            _("person"): hold.person_id,
            _("household"): hold.household_id,
            _("incident"): hold.incident_id,
        }
        return next(f"{kind} {pk}" for kind, pk in kinds.items() if pk is not None)

    @admin.display(description=_("people held when it was set"))
    def held(self, hold: Hold) -> int:
        """How many records of people."""
        return len(hold.people)

    def label(self, record: Any) -> str:
        """For whom, and since when."""
        return f"{record.get_authority_display()} · {timezone.localtime(record.set_at):%Y-%m-%d %H:%M}"
