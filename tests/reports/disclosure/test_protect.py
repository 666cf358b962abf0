"""What is hidden beside the small numbers, and what stays as it is."""

import pytest

from reports.disclosure.attacker import attack
from reports.disclosure.cells import Cell, Key, Release, total_of
from reports.disclosure.failed import DisclosureFailed
from reports.disclosure.protect import protect
from tests.reports.disclosure.simulation import START

TOTAL = Key("people", ("all",), START)


def part(name: str) -> Key:
    return Key("people", (name,), START)


def release(*numbers: int | None, is_fact: bool = False, **options: bool) -> Release:
    """Parts a, b, c ... and their total."""
    keys = [part("abcdefg"[place]) for place in range(len(numbers))]
    cells = {key: Cell(number, **options) for key, number in zip(keys, numbers, strict=True)}
    cells[TOTAL] = Cell(sum(number or 0 for number in numbers), cost=9, is_fact=is_fact)
    return Release(START, cells, (total_of(TOTAL, tuple(keys)),))


def test_the_cheapest_other_number_is_hidden_too() -> None:
    assert protect(release(3, 40, 200)).hidden == {part("a"), part("b")}


def test_two_small_numbers_that_say_each_other_need_a_third() -> None:
    assert protect(release(1, 1, 60)).hidden == {part("a"), part("b"), part("c")}


def test_a_total_goes_last_and_a_fact_never() -> None:
    assert protect(release(3, 0, 0)).hidden == {part("a"), TOTAL}
    with pytest.raises(DisclosureFailed):
        protect(release(3, 0, 0, is_fact=True))


def test_zero_and_not_reported_stay() -> None:
    shown = protect(release(3, 0, None, 12)).cells
    assert shown[part("b")].value == 0
    assert shown[part("c")].value is None


def test_the_threshold_is_a_setting() -> None:
    assert protect(release(7, 40, 200)).hidden == frozenset()
    assert part("a") in protect(release(7, 40, 200), threshold=10).hidden


def test_hidden_once_is_hidden_in_a_revision_of_the_day() -> None:
    first = protect(release(3, 40, 200))
    second = protect(release(6, 41, 200), [first])
    assert {part("a"), part("b")} <= second.hidden
    assert attack([first, second]) == ()


def test_a_second_release_does_not_open_what_an_earlier_one_hid_beside_a_small_number() -> None:
    """Yesterday 40 was hidden for the sake of 3; in a cumulative column the same 40 today would say so."""
    first = protect(release(3, 40, 200, is_cumulative=True))
    later = START.replace(day=START.day + 1)
    cells = {
        Key("people", ("a",), later): Cell(9, is_cumulative=True),
        Key("people", ("b",), later): Cell(40, is_cumulative=True),
        Key("people", ("c",), later): Cell(200, is_cumulative=True),
        Key("people", ("all",), later): Cell(249, cost=9),
    }
    total, *parts = (Key("people", (name,), later) for name in ("all", "a", "b", "c"))
    second = protect(Release(later, cells, (total_of(total, tuple(parts)),)), [first])
    assert attack([first, second]) == ()
