"""A family of whom something stands nearly everywhere, and the two who may erase. All people are invented."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.models import Organisation, User
from displacement.actions.merging import merge
from displacement.models import Household, Person, PossibleDuplicate
from retention.actions.erasures import approve, ask
from retention.models import Erasure
from tests.factories.accounts import almighty
from tests.factories.displacement import (
    ArrivedMovementFactory,
    ChildFactory,
    GivenConsentFactory,
    HouseholdFactory,
    MovementFactory,
    PersonFactory,
    PersonNeedFactory,
    RefutedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.shelters import EndedStayFactory, RoomFactory

#: Words that stand nowhere else, in both alphabets; every one of them names somebody of the family.
CANARIES = ("Зимородок", "Zymorodok", "Кульбаба", "Вальдшнеп", "Щурка", "KN-77-0031", "KN-HOUSE-5")
PHONE = "+7 919 555 83 21"


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    """A ledger of the test's own."""
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    settings.HOLDS_FILE = tmp_path / "holds.jsonl"
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def house(own: Organisation) -> Household:
    """Reached by one telephone."""
    made: Household = HouseholdFactory.create(
        organisation=own, phone=PHONE, reference="KN-HOUSE-5", language="uk"
    )
    GivenConsentFactory.create(household=made)
    return made


@pytest.fixture
def mother(house: Household) -> Person:
    """Registered twice, and merged; she slept in a shelter, needs something, and somebody wrote of her what nobody should."""
    names = {"family_name": "Зимородок", "given_name": "Кульбаба", "patronymic": "Вальдшнеп"}
    both: dict[str, Any] = {"household": house, "birth_date": date(1983, 5, 17), **names}
    her: Person = PersonFactory.create(reference="KN-77-0031", **both)
    twin = PersonFactory.create(
        household=HouseholdFactory.create(organisation=house.organisation),
        **{**names, "family_name": "Zymorodok", "given_name": "Щурка"},
        birth_date=date(1983, 5, 19),
    )
    MovementFactory.create(person=her)
    ArrivedMovementFactory.create(person=her, occurred_at=KURSK_MORNING + timedelta(hours=1))
    MovementFactory.create(person=her, voided=True, void_reason="Зимородок was at work.")
    PersonNeedFactory.create(person=her)
    room = RoomFactory.create()
    EndedStayFactory.create(person=twin, shelter=room.shelter, room=room, override_reason="Зимородок begged.")
    other = PersonFactory.create(household__organisation=house.organisation)
    first, second = sorted([her, other], key=lambda person: person.pk)
    PossibleDuplicate.objects.create(first=first, second=second, probability=0.8, run=uuid4())
    RefutedCasualtyFactory.create(person=her, victim_name="Зимородок К.")
    take = ["family_name", "birth_date"]
    merge(kept=her, merged=twin, by=almighty(), reason="Both Щурка.", take=take)
    return Person.objects.get(pk=her.pk)


@pytest.fixture
def son(mother: Person) -> Person:
    """He stays."""
    made: Person = ChildFactory.create(household=mother.household)
    return made


def erased(subject: Person | Household, clerk: User, officer: User, ground: str = "asked") -> Erasure:
    """The erasure of somebody, asked for by one and done by the other."""
    return approve(erasure=ask(subject=subject, ground=ground, by=clerk), by=officer)


def everything_kept() -> str:
    """All rows of all tables, as text."""
    held = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{table}\" t")
            held.append(cursor.fetchone()[0])
    return "\n".join(held)


def canaries_in(text: str, canaries: tuple[str, ...] = CANARIES) -> set[str]:
    """Which of them stand in it, however they are written."""
    return {canary for canary in canaries if canary.casefold() in text.casefold()}
