"""Alarms on the desk, and answering them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm
from roster.actions.alarms import answer
from roster.alarms.letters import sentence
from roster.models import Alarm, AlarmState


class AnswerForm(ActForm):
    """Says whether an alarm is explained."""

    explanation = _(
        "Ask the person what the work was, face to face or by the number that you know: the account may be in other hands. "
        "What is confirmed signs the account out everywhere at once; close it besides where it must not come back."
    )
    done = _("Answered.")
    state = forms.ChoiceField(
        label=_("It is"),
        choices=[(state.value, state.label) for state in AlarmState if state != AlarmState.OPEN],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What explains it, or what was done"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors will read this. No names of people in it."),
    )

    def perform(self) -> Model:
        """Answer it."""
        return answer(alarm=self.record, by=self.by, **self.cleaned_data)


def _is_open(alarm: Alarm) -> bool:
    return alarm.state == AlarmState.OPEN


@admin.register(Alarm)
class AlarmAdmin(AuditedAdmin):
    """The latest first. Nobody sees one about themselves."""

    list_display = ("found_at", "about", "what", "state")
    list_filter = ("state", "rule")
    list_select_related = ("about",)
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    fields = (("about", "rule", "day"), "what", ("state", "answered_at"), "reason")
    readonly_fields = ("what",)
    acts = (Act("answer", _("Answer"), "change", AnswerForm, is_open=_is_open),)

    @admin.display(description=_("what was unusual"))
    def what(self, alarm: Alarm) -> str:
        """In one sentence, with its numbers."""
        return sentence(alarm)

    def label(self, record: Any) -> str:
        """Whose readings, and what was unusual."""
        return f"{record.about} · {record}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only through its act."""
        return False
