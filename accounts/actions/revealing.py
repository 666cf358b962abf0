"""Opening one record: what is masked in it, for a reason, against a daily budget, and noted as a reading of it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import require_reach
from accounts.budgets import MOST_REVEALS_GRANTED, REVEALS_A_DAY
from accounts.fields import shows
from accounts.granting import grantable
from accounts.masking import masks_of
from accounts.models import Membership, RevealDay, RevealReason, User
from accounts.policy import reach_of
from accounts.reading import organisation_of
from accounts.visibility import within_reach
from audit.actions.reading import OVER_BUDGET, record_reading, record_refused
from audit.actions.record import record
from core.clock import database_now
from core.refusals import Later, Refusals, refusal
from core.veils import unveiled

#: The policy's word for it.
REVEAL = "reveal"
RESOURCE = "accounts.revealday"


@dataclass(frozen=True, slots=True)
class Opened:
    """One value that was masked: the words of its column, and the value; blank where there is none."""

    label: str
    value: Any


class OverBudget(ValidationError):
    """The day's budget is used up."""


def reveal(
    *,
    subject: models.Model,
    besides: Iterable[models.Model] = (),
    reason: str,
    by: User,
    organisation: str = "organisation_id",
    region: str = "",
) -> list[Opened]:
    """What is masked in a record, and in those `besides` that belong to it, of the classes that `by` sees. Nine queries.

    It costs one of the day's budget, whatever is in it; the budget, the act and the reading are one transaction. Raises
    PermissionDenied out of reach, ValidationError without a reason of the list or, as OverBudget, where the budget is used up;
    that leaves a trace of its own. `organisation` and `region` are lookups as `within_reach` takes them.
    """
    kind = subject._meta.label_lower
    require_reach(by, subject, kind, REVEAL, organisation=organisation, region=region)
    if reason not in RevealReason.values:
        raise refusal(_("Choose why you open this record."), code="reason_needed", field="reason")
    try:
        return _open(subject, besides, reason, by)
    except OverBudget:
        asked, home = str(subject.pk), organisation_of(by)
        record_refused(by=by, resource=kind, record=asked, organisation=home, page=OVER_BUDGET)
        raise


@transaction.atomic
def _open(subject: models.Model, besides: Iterable[models.Model], reason: str, by: User) -> list[Opened]:
    """Budget, act and reading."""
    kind = subject._meta.label_lower
    _spend(by, kind)
    told = [(each, name) for each in (subject, *besides) for name in _seen(each, by)]
    fields = sorted(f"{each._meta.label_lower}.{name}" for each, name in told)
    record(REVEAL, subject, by=by, reason=reason, detail={"fields": fields})
    record_reading(
        by=by,
        page=REVEAL,
        resource=kind,
        record=str(subject.pk),
        ids=[subject.pk],
        organisation=organisation_of(by),
    )
    return [Opened(_label(each, name), unveiled(getattr(each, name))) for each, name in told]


@transaction.atomic
def grant(*, day: RevealDay, more: int, reason: str, by: User) -> RevealDay:
    """Let somebody open so many records more today. Audited. Four queries.

    Raises PermissionDenied for oneself and for whom `by` does not administer, ValidationError for another day and beyond
    what the policy lets be granted.
    """
    locked = RevealDay.objects.select_for_update(of=("self",)).select_related("user").get(pk=day.pk)
    if not grantable_days(by).filter(pk=locked.pk).exists():
        raise PermissionDenied(
            _("Nobody grants this to themselves, or to others' colleagues. Ask another administrator.")
        )
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say what the work is for which more records have to be opened."))
    if locked.day != database_now().astimezone(UTC).date():
        refusals.add("", _("That day is over. Grant more on the day itself."), "over")
    if not 1 <= more <= MOST_REVEALS_GRANTED - locked.granted:
        left = MOST_REVEALS_GRANTED - locked.granted
        words = _("Grant from 1 to %(most)d more today.") if left > 0 else _("No more can be granted today.")
        refusals.add("more", words % {"most": left} if left > 0 else words, "out_of_range")
    refusals.raise_any()
    locked.granted += more
    locked.save(update_fields=["granted"])
    record("grant_reveals", locked, by=by, reason=why, detail={"more": more, "user": str(locked.user_id)})
    return locked


def days_of(user: User, action: str) -> models.QuerySet[RevealDay]:
    """The days of those who work for an organisation with whose days the user may do the action. No query of its own."""
    members = Membership.objects.filter(within_reach(user, RESOURCE, action))
    return RevealDay.objects.filter(user__in=members.values("user"))


def grantable_days(user: User) -> models.QuerySet[RevealDay]:
    """The days to which the user may grant more: of colleagues all of whose roles they give, and never their own."""
    others = Membership.objects.exclude(grantable(user)).values("user")
    return days_of(user, "change").exclude(user__in=others).exclude(user=user)


def budget_of(user: User, kind: str) -> int:
    """How many records a day the user may open, by those of their roles that open this kind (`app.model`). No query."""
    roles = {scope.role for scope in user.scopes() if reach_of(scope.role, kind, REVEAL)}
    return max((REVEALS_A_DAY.get(role, 0) for role in roles), default=0)


def left_today(user: User, kind: str) -> int:
    """How many the user may still open today. Two queries."""
    today = database_now().astimezone(UTC).date()
    found = RevealDay.objects.filter(user=user, day=today).first() or RevealDay(user=user, day=today)
    return max(0, budget_of(user, kind) + found.granted - found.used)


def _spend(by: User, kind: str) -> None:
    """Count one under the lock of the day's row, or refuse."""
    now = database_now().astimezone(UTC)
    RevealDay.objects.bulk_create([RevealDay(user=by, day=now.date())], ignore_conflicts=True)
    day = RevealDay.objects.select_for_update().get(user=by, day=now.date())
    budget = budget_of(by, kind) + day.granted
    if day.used >= budget:
        renews = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        left = math.ceil((renews - now).total_seconds())
        used_up = Later(_used_up(budget, renews), code="budget_used", retry_seconds=left)
        raise OverBudget({NON_FIELD_ERRORS: [used_up]})
    day.used += 1
    day.save(update_fields=["used"])


def _used_up(budget: int, renews: datetime) -> str:
    """When it renews, on the page's clock, and whom to ask."""
    words = ngettext(
        "You have opened the %(n)d record that you may open today. You can go on at %(at)s. If it cannot wait, ask the "
        "administrator of your organisation to grant you more for today.",
        "You have opened the %(n)d records that you may open today. You can go on at %(at)s. If it cannot wait, ask the "
        "administrator of your organisation to grant you more for today.",
        budget,
    )
    return words % {"n": budget, "at": f"{timezone.localtime(renews):%Y-%m-%d %H:%M %Z}"}


def _seen(each: models.Model, by: User) -> list[str]:
    kind = each._meta.label_lower
    return [name for name in masks_of(kind) if shows(by, kind, name)]


def _label(each: models.Model, name: str) -> str:
    field: Any = each._meta.get_field(name)
    return str(field.verbose_name)
