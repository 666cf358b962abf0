"""How many records colleagues opened, one by one, and granting somebody more for today."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.revealing import days_of, grant, grantable_days
from accounts.budgets import MOST_REVEALS_GRANTED
from accounts.models import RevealDay, User
from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, ReasonField


class GrantForm(ActForm):
    """Lets a colleague open more records today."""

    explanation = _(
        "They can open so many records more until the day ends. Ask what the work is: an account that somebody else has taken "
        "over asks for this, too. It is in the audit trail with your name."
    )
    done = _("Granted for today.")
    more = forms.IntegerField(
        label=_("How many more"), min_value=1, max_value=MOST_REVEALS_GRANTED, initial=20
    )
    reason = ReasonField(_("For what work"))

    def perform(self) -> Model:
        """Grant it."""
        return grant(day=self.record, by=self.by, **self.cleaned_data)


def _is_today(day: RevealDay) -> bool:
    return day.day == timezone.now().date()


@admin.register(RevealDay)
class RevealDayAdmin(AuditedAdmin):
    """The latest day first, and whoever opened most. Which records they were, the list of readings says to auditors."""

    list_display = ("day", "user", "used", "granted")
    list_filter = ("day",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    ordering = ("-day", "-used")
    fields = (("day", "user"), ("used", "granted"))
    acts = (Act("grant", _("Grant more for today"), "change", GrantForm, is_open=_is_today),)

    def label(self, record: Any) -> str:
        """Who, and on which day."""
        return f"{record.user} · {record}"

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Of those who work for the own organisation; nobody's own day to change it."""
        user = request.user
        assert isinstance(user, User)
        found = days_of(user, action) if action == "view" else grantable_days(user)
        return rows.filter(pk__in=found.values("pk"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only through its act."""
        return False
