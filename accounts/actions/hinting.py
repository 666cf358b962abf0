"""Saying to somebody who registers that another organisation knows a person like theirs, against a daily budget."""

from datetime import UTC

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from accounts.budgets import HINTS_A_DAY
from accounts.models import RevealDay, User
from accounts.policy import reach_of
from accounts.reading import organisation_of
from audit.actions.reading import OVER_BUDGET, record_refused
from core.encryption import blind_index

_PURPOSE = "accounts.revealday.hints"


def hint(*, by: User, kind: str, question: str, is_known: bool) -> bool | None:
    """What `by` is told of the question whether others know this person: whether they do, or None: nothing more today.

    Each question that is answered with yes counts, once: who goes on typing pays nothing, and who tries one birth date after
    another pays for each that fits. When the budget is used up no new question is answered, with yes or no, and a yes that
    was not told leaves a trace. One query for a no, four for a new yes.
    """
    # The budget is no lease: the clock of the web server will do, and spares a query while somebody types.
    days = RevealDay.objects.filter(user=by, day=timezone.now().astimezone(UTC).date())
    mark, budget = blind_index(question, _PURPOSE), _budget_of(by, kind)
    told: list[int] = days.values_list("hints", flat=True).first() or []
    if mark in told:
        return True
    if len(told) < budget and (not is_known or _spend(by, mark, budget)):
        return is_known
    if is_known:
        record_refused(by=by, resource=kind, record="", organisation=organisation_of(by), page=OVER_BUDGET)
    return None


def _budget_of(user: User, kind: str) -> int:
    """By those of the user's roles that register. No query."""
    roles = {scope.role for scope in user.scopes() if reach_of(scope.role, kind, "add")}
    return max((HINTS_A_DAY.get(role, 0) for role in roles), default=0)


@transaction.atomic
def _spend(by: User, mark: int, budget: int) -> bool:
    """Count one, unless somebody else used up the last meanwhile."""
    today = timezone.now().astimezone(UTC).date()
    RevealDay.objects.bulk_create([RevealDay(user=by, day=today)], ignore_conflicts=True)
    left = RevealDay.objects.filter(user=by, day=today, hints__len__lt=budget)
    marked = Func(F("hints"), Value(mark), function="array_append")
    return left.update(hints=marked) == 1
