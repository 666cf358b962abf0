"""Every level of every comparison, on invented people."""

from datetime import date
from typing import Any

import pytest

from displacement.identity.identity import Identity, features_of
from displacement.identity.levels import COMPARISONS, is_relative, levels_of
from tests.displacement.identity.people import olena

BORN = "birth_date"


@pytest.mark.parametrize(
    ("comparison", "changed", "level"),
    [
        ("family", {"family_name": "Kovalchuk"}, "exact"),
        ("family", {"family_name": "Ковалчук"}, "exact"),
        ("family", {"family_name": "Ковалчуг"}, "near"),
        ("family", {"family_name": "Кавальчюк"}, "close"),
        ("family", {"family_name": "Бондаренко"}, "different"),
        ("family", {"family_name": ""}, ""),
        ("family", {"given_name": "Ковальчук", "family_name": "Олена"}, "swapped"),
        ("family", {"given_name": "Ковальчук", "family_name": ""}, "misplaced"),
        ("family", {"given_name": "", "family_name": "Олена"}, "misplaced"),
        ("given", {"given_name": "Olena"}, "exact"),
        ("given", {"given_name": "О."}, "initial"),
        ("given", {"given_name": "Т."}, "another"),
        ("given", {"given_name": "Тетяна"}, "another"),
        ("given", {"given_name": ""}, ""),
        ("given", {"given_name": "Ковальчук", "family_name": "Олена"}, ""),
        ("given", {"given_name": "Ковальчук", "family_name": ""}, ""),
        ("given", {"given_name": "О.", "sex": "male"}, "another"),
        ("patronymic", {"patronymic": "Ivanivna"}, "exact"),
        ("patronymic", {"patronymic": "І."}, "initial"),
        ("patronymic", {"patronymic": "Іваннвна"}, "near"),
        ("patronymic", {"patronymic": "Петрівна"}, "different"),
        ("patronymic", {"patronymic": ""}, ""),
        ("birth", {BORN: date(1984, 5, 17)}, "exact"),
        ("birth", {BORN: date(1984, 5, 18)}, "part"),
        ("birth", {BORN: date(1984, 7, 17)}, "part"),
        ("birth", {BORN: date(1985, 5, 17)}, "near_year"),
        ("birth", {BORN: date(1948, 5, 17)}, "near_year"),
        ("birth", {BORN: date(1984, 1, 1)}, "year"),
        ("birth", {BORN: date(1984, 6, 1), "birth_precision": "year"}, "year"),
        ("birth", {BORN: date(1984, 8, 2)}, "same_year"),
        ("birth", {BORN: date(1985, 1, 1), "birth_precision": "year"}, "around"),
        ("birth", {BORN: date(1988, 1, 1), "birth_precision": "estimated"}, "around"),
        ("birth", {BORN: date(1991, 1, 1), "birth_precision": "estimated"}, "different"),
        ("birth", {BORN: date(1990, 9, 3)}, "different"),
        ("birth", {BORN: None, "birth_precision": ""}, ""),
        ("sex", {"sex": "male"}, "different"),
        ("sex", {"sex": "not_collected"}, ""),
        ("place", {"place": "13"}, "different"),
        ("place", {"place": ""}, ""),
        ("phone", {"phone": "050 123 45 67"}, "same"),
        ("phone", {"phone": "050 765 43 21"}, "different"),
    ],
)
def test_how_alike_two_people_are_in_one_thing(comparison: str, changed: dict[str, Any], level: str) -> None:
    assert levels_of(olena(), olena(**changed))[comparison] == level
    assert levels_of(olena(**changed), olena())[comparison] == level


def test_day_and_month_may_be_swapped() -> None:
    one, other = olena(birth_date=date(1984, 5, 7)), olena(birth_date=date(1984, 7, 5))
    assert levels_of(one, other)["birth"] == "swapped"


@pytest.mark.parametrize("form", ["Лена", "Елена", "Lena"])
def test_a_form_of_the_given_name_is_an_alias(form: str) -> None:
    assert levels_of(olena(), olena(given_name=form))["given"] == "alias"


@pytest.mark.parametrize(
    ("one", "other"), [("Мария", "Марина"), ("Алексей", "Александр"), ("Ирина", "Инна"), ("Яна", "Анна")]
)
def test_names_of_twins_may_look_alike(one: str, other: str) -> None:
    a, b = olena(given_name=one), olena(given_name=other)
    assert levels_of(a, b)["given"] == "another"
    assert is_relative(a, b, levels_of(a, b))


@pytest.mark.parametrize(
    ("initial", "name", "level"),
    [
        ("О.", "Олена", "initial"),
        ("Е.", "Олена", "initial"),
        ("Л.", "Олена", "another"),
        ("К.", "Катя", "initial"),
    ],
)
def test_an_initial_may_be_of_the_name_in_any_language_but_not_of_a_short_form(
    initial: str, name: str, level: str
) -> None:
    a, b = olena(given_name=initial), olena(given_name=name)
    assert levels_of(a, b)["given"] == levels_of(b, a)["given"] == level


def test_ivan_is_no_ivanov_in_the_wrong_field() -> None:
    one = features_of(Identity(given_name="Иван", family_name="Ромов"))
    other = features_of(Identity(given_name="Рома", family_name="Иванов"))
    assert levels_of(one, other)["family"] == "different"


def test_parent_and_child_of_one_name_are_relatives() -> None:
    father, son = olena(birth_date=date(1960, 2, 3)), olena()
    assert is_relative(father, son, levels_of(father, son))
    cousin = olena(birth_date=date(1976, 2, 3))
    assert not is_relative(cousin, son, levels_of(cousin, son))


def test_every_level_that_is_reached_is_a_known_one() -> None:
    known = {comparison.name: {"", *comparison.levels} for comparison in COMPARISONS}
    nobody = features_of(Identity())
    for a in (olena(), nobody):
        assert all(level in known[name] for name, level in levels_of(a, nobody).items())
    assert set(levels_of(nobody, olena()).values()) == {""}
