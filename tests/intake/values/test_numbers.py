"""Counts, measures, ages, and numbers that sources say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.values import (
    Quantity,
    quantity_of,
    read_age,
    read_age_band,
    read_count,
    read_number,
    read_quantity,
)
from tests.intake.values.readings import READING, said

BLANK = ["", "  ", "-", "—", "N/A", "n/a", "н/д", "нет данных", "…"]


@pytest.mark.parametrize("cell", BLANK)
def test_blank_is_never_zero(cell: str) -> None:
    for read in (read_count, read_number, read_quantity, read_age, read_age_band):
        assert said(read, cell) == ""


@pytest.mark.parametrize(
    "cell",
    ["1234", "1 234", "1\u00a0234", "1\u202f234", "1'234", "1’234", "1,234", "1_234", "1234.0", "+1234"],
)
def test_one_count_in_many_spellings(cell: str) -> None:
    assert said(read_count, cell) == "1234"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("NaN", "not_a_number"), ("inf", "not_a_number"), ("1e309", "not_a_number"), ("1E+05", "not_a_number"),
        ("-5", "count_negative"), ("−5", "count_negative"), ("12.5", "count_decimal"), ("12,5", "count_decimal"),
        ("1.234", "count_dots"), ("999999999", "count_too_large"), ("9" * 400, "count_too_large"), ("1 23 4", "count"),
        ("много", "count"), ("12 чел", "count"), ("0x10", "count"), ("1,2,3", "count"), ("½", "count"),
    ],
)  # fmt: skip
def test_what_is_no_count(cell: str, code: str) -> None:
    assert said(read_count, cell) == f"!{code}"


def test_zero_is_zero() -> None:
    assert said(read_count, "0") == said(read_count, "0.0") == said(read_number, "-0") == "0"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12,50", "12.5"),
        ("-51.7", "-51.7"),
        ("1 234", "1234"),
        ("100", "100"),
        (".5", "0.5"),
        ("-,5", "-0.5"),
        ("NaN", "!not_a_number"),
        ("1e5", "!not_a_number"),
        ("x", "!number"),
        ("1.2.3", "!number"),
    ],
)
def test_measures(cell: str, number: str) -> None:
    assert said(read_number, cell) == number


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        ("7", "7"),
        ("7.0", "7"),
        ("7 лет", "7"),
        ("7 років", "7"),
        ("7 y.o.", "7"),
        ("12 years old", "12"),
        ("0", "0"),
        ("3 months", "0"),
        ("14 мес.", "1"),
        ("5 місяців", "0"),
        ("2 недели", "0"),
        ("400 days", "1"),
        ("newborn", "0"),
        ("новорождённый", "0"),
        ("140", "!age_too_high"),
        ("-1", "!count_negative"),
        ("м", "!age"),
        ("60+", "!age"),
    ],
)
def test_ages(cell: str, years: str) -> None:
    assert said(read_age, cell) == years


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        ("0-4", "0-4"),
        ("5 – 11", "5-11"),
        ("60+", "60+"),
        ("60 и старше", "60+"),
        ("33", "18-59"),
        ("4", "0-4"),
        ("11", "5-11"),
        ("17", "12-17"),
        ("60", "60+"),
        ("3 мес", "0-4"),
        ("невідомо", "unknown"),
        ("0-17", "!age_band_word"),
    ],
)
def test_age_bands(cell: str, band: str) -> None:
    assert said(read_age_band, cell) == band


@pytest.mark.parametrize(
    ("cell", "said_so"),
    [
        ("121 000", "121000"), ("более 121 000", "more_than 121000"), ("more than 121,000", "more_than 121000"),
        ("около 76 тыс.", "about 76000"), ("близько 76 тис.", "about 76000"), ("~300", "about 300"),
        ("не менее 12", "at_least 12"),
        ("5000+", "at_least 5000"), (">= 5", "at_least 5"), ("> 5", "more_than 5"), ("до 40 чел.", "up_to 40"),
        ("not more than 50", "up_to 50"), ("не більше 50 осіб", "up_to 50"), ("менее 7", "less_than 7"),
        ("понад 1000 осіб", "more_than 1000"),
        ("180-200", "range 180 200"), ("от 180 до 200 тыс.", "range 180000 200000"), ("between 10 and 20", "range 10 20"),
        ("1,5 млн", "1500000"), ("12-12", "12"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers_as_sources_say_them(cell: str, said_so: str) -> None:
    assert said(read_quantity, cell) == said_so


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("200-180", "range_reversed"),
        ("NaN", "not_a_number"),
        ("1e309", "not_a_number"),
        ("-3", "count_negative"),
        ("много", "count"),
        ("около", "count"),
        ("5 кг", "count"),
        ("12.000", "count_dots"),
        ("до", "count"),
    ],
)
def test_what_nobody_can_count(cell: str, code: str) -> None:
    assert said(read_quantity, cell) == f"!{code}"


def test_a_quantity_is_taken_apart() -> None:
    assert quantity_of("") is None
    assert quantity_of("121000") == Quantity("exact", 121_000, None, None)
    assert quantity_of("more_than 121000") == Quantity("more_than", 121_000, None, None)
    assert quantity_of("range 180 200") == Quantity("range", None, 180, 200)


@given(st.integers(0, 200_000_000))
def test_every_count_is_read_back(number: int) -> None:
    for written in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number}.0"):
        assert said(read_count, written) == str(number)
    assert quantity_of(read_quantity(f"about {number}", READING)) == Quantity("about", number, None, None)


@given(st.text(list("0123456789 .,'-+eENaтыс½٣"), max_size=9))
def test_nothing_but_digits_comes_out(cell: str) -> None:
    read = said(read_count, cell)
    assert read.startswith("!") or read == "" or (read.isascii() and read.isdecimal())
