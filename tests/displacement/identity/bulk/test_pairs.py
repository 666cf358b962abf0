"""Pairs within a list and between two, with the weights of the register."""

from datetime import date

from displacement.identity.bulk import pairs
from displacement.identity.identity import Identity
from tests.displacement.identity.people import OLENA

AGAIN = OLENA._replace(given_name="Olena", family_name="Kovalchuk", patronymic="")
TWIN = OLENA._replace(given_name="Тетяна")
STRANGER = Identity("Микола", "Іванович", "Бойко", "male", date(1961, 2, 3), "day", "+380671112233", "8")


def test_within_one_list() -> None:
    ((one, other, probability),) = pairs(
        [("a", OLENA), ("b", STRANGER), ("c", AGAIN), ("d", TWIN)], threshold=0.5
    )
    assert ({one, other}, probability > 0.9) == ({"a", "c"}, True)


def test_between_two_lists_nobody_is_compared_with_their_own() -> None:
    found = list(pairs([("a", OLENA), ("b", OLENA)], [("c", AGAIN), ("d", STRANGER)], threshold=0.5))
    assert [(one, other) for one, other, _ in found] == [("a", "c"), ("b", "c")]


def test_the_likeliest_come_first_and_below_the_threshold_nobody() -> None:
    left, right = [("a", OLENA)], [("b", AGAIN), ("c", OLENA)]
    found = list(pairs(left, right, threshold=0.01))
    assert [other for _, other, _ in found] == ["c", "b"]
    assert list(pairs(left, right, threshold=1.0)) == []


def test_relatives_are_no_pair_even_where_everything_is_asked_for() -> None:
    assert list(pairs([("a", OLENA)], [("d", TWIN)], threshold=0.0)) == []


def test_empty_lists_have_no_pairs() -> None:
    assert list(pairs([], threshold=0.5)) == []
    assert list(pairs([("a", OLENA)], [], threshold=0.5)) == []
