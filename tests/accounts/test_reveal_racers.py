"""Twenty people at one account at once: exactly the budget gets through, and more where the lock is taken away."""

from threading import Barrier, Lock
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.actions.revealing import reveal
from accounts.budgets import REVEALS_A_DAY
from accounts.models import RevealDay, User
from accounts.policy import Role
from displacement.models import Household
from tests.audit.test_writers import in_thread
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, BUDGET = 20, 7


def open_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the racers were shown the record."""
    monkeypatch.setitem(REVEALS_A_DAY, Role.REGISTRAR, BUDGET)
    household: Household = HouseholdFactory.create(phone="+7 900 555 01 47")
    by = user_in_role(Role.REGISTRAR, organisation=household.organisation)
    barrier, lock, through = Barrier(RACERS), Lock(), []

    def work() -> None:
        me = User.objects.get(pk=by.pk)
        barrier.wait(timeout=30)
        try:
            reveal(subject=household, reason="call", by=me, region="registered_in")
        except ValidationError:
            return
        with lock:
            through.append(me)

    for thread in [in_thread(work) for _ in range(RACERS)]:
        thread.join(timeout=60)
    return len(through)


def test_exactly_the_budget_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_at_once(monkeypatch) == BUDGET
    assert RevealDay.objects.get().used == BUDGET


def test_without_the_lock_more_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same race, reading and then writing."""

    def without_lock(self: QuerySet[Any], **_options: object) -> QuerySet[Any]:
        return self

    monkeypatch.setattr(QuerySet, "select_for_update", without_lock)
    assert open_at_once(monkeypatch) > BUDGET
