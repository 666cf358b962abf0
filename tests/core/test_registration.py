"""Registration numbers: every serial has one, and no slip of the pen goes unnoticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.registration import ALPHABET, CAPACITY, BadRegistrationNumber, format_number, parse_number

serials = st.integers(0, CAPACITY - 1)
characters = st.sampled_from(ALPHABET)


def written(serial: int) -> str:
    """The number without its hyphen."""
    return format_number(serial).replace("-", "")


@given(serials)
def test_a_number_gives_its_serial_back(serial: int) -> None:
    number = format_number(serial)
    assert len(number) == 9
    assert parse_number(number) == serial
    assert parse_number(f" {number.lower().replace('-', ' ')} ") == serial


@given(serials, st.integers(0, 7), characters)
def test_every_wrong_character_is_caught(serial: int, place: int, wrong: str) -> None:
    right = written(serial)
    if right[place] == wrong:
        return
    with pytest.raises(BadRegistrationNumber):
        parse_number(right[:place] + wrong + right[place + 1 :])


@given(serials, st.tuples(st.integers(0, 7), st.integers(0, 7)))
def test_every_swap_of_two_characters_is_caught(serial: int, places: tuple[int, int]) -> None:
    swapped = list(written(serial))
    first, second = places
    if swapped[first] == swapped[second]:
        return
    swapped[first], swapped[second] = swapped[second], swapped[first]
    with pytest.raises(BadRegistrationNumber):
        parse_number("".join(swapped))


@given(serials, st.integers(0, 7))
def test_a_missing_or_doubled_character_is_caught(serial: int, place: int) -> None:
    right = written(serial)
    for wrong in (right[:place] + right[place + 1 :], right[:place] + right[place] + right[place:]):
        with pytest.raises(BadRegistrationNumber):
            parse_number(wrong)


def test_neighbours_in_the_queue_hold_numbers_that_look_unlike() -> None:
    for serial in range(1, 2_000):
        one, next_one = written(serial), written(serial + 1)
        assert sum(a != b for a, b in zip(one, next_one, strict=True)) >= 4


@pytest.mark.parametrize("serial", [-1, CAPACITY])
def test_a_serial_out_of_range_has_no_number(serial: int) -> None:
    with pytest.raises(BadRegistrationNumber):
        format_number(serial)


@pytest.mark.parametrize("text", ["", "-", "0O1I-LLLL", "Суджанск", "2222-22222", "x" * 1000])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadRegistrationNumber):
        parse_number(text)
