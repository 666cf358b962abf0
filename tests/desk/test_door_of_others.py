"""That another organisation knows somebody is told at the door to who has somebody in front of them, and not to who tries."""

import json
from datetime import date
from typing import Any

import pytest

from accounts import budgets
from accounts.models import RevealDay, User
from accounts.policy import Role
from audit.actions.reading import OVER_BUDGET
from audit.models import Reading
from displacement.models import Person
from tests.desk.pages import desk_of
from tests.desk.test_door import LIKELY, TYPED
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture(autouse=True)
def _theirs() -> Person:
    made: Person = PersonFactory.create(
        family_name="Савченко",
        given_name="Микола",
        birth_date=date(1990, 5, 12),
        birth_precision="day",
        household__phone="+7 900 555 01 47",
    )
    return made


def _ask(user: User, **typed: str) -> Any:
    answer = desk_of(user).post(LIKELY, json.dumps({**TYPED, **typed}), content_type="application/json")
    told = answer.json()
    assert told["own"] == []
    return {True: "untold", False: told["elsewhere"]}[told["untold"]]


@pytest.mark.parametrize(
    "typed", [{"birth_date": ""}, {"birth_date": "12.0"}, {"family_name": "", "phone": "+7 900 555 01 47"}]
)
def test_a_name_alone_or_a_telephone_alone_asks_nothing(registrar: User, typed: dict[str, str]) -> None:
    assert _ask(registrar, **typed) is False
    assert not RevealDay.objects.exists()


@pytest.mark.parametrize(
    "typed", [{}, {"birth_date": "", "phone": "8 900 555-01-47"}, {"birth_date": "1990"}]
)
def test_a_name_with_something_that_they_know_of_themselves_does(
    registrar: User, typed: dict[str, str]
) -> None:
    assert _ask(registrar, **typed) is True


def test_who_goes_on_typing_is_counted_once_and_who_tries_dates_for_each_that_fits(registrar: User) -> None:
    for typed in ({}, {"patronymic": "Petrovich"}, {"sex": "male"}):
        assert _ask(registrar, **typed) is True
    assert _ask(registrar, birth_date="03.11.1961") is False
    assert len(RevealDay.objects.get().hints) == 1
    assert _ask(registrar, birth_date="1990") is True
    assert len(RevealDay.objects.get().hints) == 2


def test_beyond_the_budget_neither_yes_nor_no_is_told_and_a_yes_leaves_a_trace(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budgets.HINTS_A_DAY, Role.REGISTRAR, 1)
    assert _ask(registrar) is True
    refused = Reading.objects.filter(page=OVER_BUDGET, actor_id=registrar.pk)
    assert _ask(registrar, birth_date="03.11.1961") == "untold"
    assert not refused.exists()
    assert _ask(registrar, birth_date="1990") == "untold"
    assert refused.get().object_id == "no id"
    assert _ask(registrar) is True  # it was told already
    colleague = user_in_role(Role.REGISTRAR, organisation=registrar.memberships.get().organisation)
    assert _ask(colleague, birth_date="1990") is True
