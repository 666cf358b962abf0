"""Likely duplicates at the door, on the real database."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from displacement.identity import lookup
from displacement.identity.frequencies import current, forget
from displacement.identity.identity import Identity
from displacement.identity.lookup import likely_duplicates
from displacement.models import Person
from tests.factories.displacement import HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db

ASKED = Identity("Olena", "", "Kovalchuk", "female", date(1984, 5, 17), "day", "050 123 45 67")


@pytest.fixture(autouse=True)
def _other_register() -> None:
    forget()


def _person(**known: Any) -> Person:
    """Олена Ковальчук, born on 17 May 1984, but for what is given."""
    usual = {
        "given_name": "Олена",
        "family_name": "Ковальчук",
        "birth_date": date(1984, 5, 17),
        "household": HouseholdFactory.create(phone="+380501234567"),
    }
    return PersonFactory.create(**{**usual, **known})


def test_a_person_is_found_in_another_script_and_best_first() -> None:
    same, older = _person(), _person(birth_date=date(1983, 5, 17))
    found = likely_duplicates(ASKED)
    assert [likely.person_id for likely in found] == [same.pk, older.pk]
    assert found[0].probability > 0.95
    assert found[0].levels["birth"] == "exact"


def test_relatives_and_strangers_are_not_shown() -> None:
    _person(given_name="Тетяна")
    _person(family_name="Мельник", given_name="Ганна", birth_date=date(1984, 5, 17))
    assert likely_duplicates(ASKED) == []


def test_records_that_are_void_merged_or_left_out_are_not_shown() -> None:
    kept, merged, void = _person(), _person(), _person(voided=True)
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert [likely.person_id for likely in likely_duplicates(ASKED)] == [kept.pk]
    assert likely_duplicates(ASKED, excluding=[kept.pk]) == []
    assert void.pk not in {likely.person_id for likely in likely_duplicates(ASKED)}


def test_no_more_than_asked_for_and_none_below_the_threshold() -> None:
    people = [_person() for _ in range(4)]
    assert len(likely_duplicates(ASKED, limit=3)) == 3
    assert len(likely_duplicates(ASKED, limit=9)) == len(people)
    assert likely_duplicates(ASKED, threshold=1.01) == []


def test_one_name_and_nothing_else_asks_little_and_finds_nobody_likely() -> None:
    _person()
    assert likely_duplicates(Identity(given_name="Олена")) == []
    assert likely_duplicates(Identity()) == []


def test_a_wrong_year_hides_nobody_though_the_given_name_is_an_initial() -> None:
    slip = _person(birth_date=date(1985, 5, 17), given_name="О.", household=HouseholdFactory.create())
    found = likely_duplicates(ASKED._replace(phone=""), threshold=0)
    assert [likely.person_id for likely in found] == [slip.pk]


def test_of_too_many_candidates_those_who_share_most_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        _person(given_name="Мария", birth_date=date(1984, 2, 3), household=HouseholdFactory.create())
    same = _person()
    _person(given_name="Мария", birth_date=date(1984, 2, 3), household=HouseholdFactory.create())
    monkeypatch.setattr(lookup, "MOST_CANDIDATES", 1)
    assert [likely.person_id for likely in likely_duplicates(ASKED)] == [same.pk]


def test_a_question_is_one_query_once_the_names_are_known() -> None:
    _person()
    likely_duplicates(ASKED)
    with CaptureQueriesContext(connection) as queries:
        likely_duplicates(ASKED)
    assert len(queries) == 1


def test_names_are_sampled_once_and_anew_when_forgotten() -> None:
    for _ in range(3):
        _person()
    first = current()
    key = next(iter(first.family))
    assert first.family[key] == 1.0
    _person(family_name="Мельник")
    assert current() is first
    forget()
    assert current().family[key] == 0.75
