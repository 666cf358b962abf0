"""Words: kept as they are, refused where they deceive."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registration import format_number
from intake.values import (
    read_name,
    read_phone,
    read_reference,
    read_registration_number,
    read_text,
)
from intake.values.text import LONGEST_NAME
from tests.intake.values.readings import READING, said

ODD = [
    "O'Brien",
    "Кот'яш",
    "д’Артаньян",
    "Анна-Мария",
    "שלום",
    "محمد",
    "李",
    "Ng",
    "Нет",
    "Null",
    "Sh. I.",
    "X",
]


@pytest.mark.parametrize("name", [*ODD, "а" * LONGEST_NAME, "=HYPERLINK(A1)", "+Анна", "@Олена", "-Иван"])
def test_names_are_kept_as_they_are(name: str) -> None:
    assert said(read_name, name) == name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Анна \u00a0 Мария\t", "Анна Мария"),
        ("'=HYPERLINK(A1)", "=HYPERLINK(A1)"),
        ("'+Анна", "+Анна"),
        ("'т Хоофт", "'т Хоофт"),
        ("Олена\nІванівна", "Олена Іванівна"),
        ("\ufeffОлена\u200b", "Олена"),
        ("И\u0306осиф", "Йосиф"),
        ("Ковальчук\u00ad", "Ковальчук"),
    ],
)
def test_only_blanks_and_composition_change(cell: str, name: str) -> None:
    assert said(read_name, cell) == name


@pytest.mark.parametrize(
    "cell", ["", "  ", "-", "—", "n/a", "N/A", "н/д", "Нет данных", "немає даних.", "...", "?"]
)
def test_what_says_nothing_is_blank(cell: str) -> None:
    assert said(read_name, cell) == said(read_text, cell) == said(read_phone, cell) == ""


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("а" * (LONGEST_NAME + 1), "!too_long"),
        ("12345", "!name_without_letters"),
        ("abc\u202egnp", "!invisible"),
        ("a\0b", "!invisible"),
        ("#REF!", "!cell_error"),
        ("#ДЕЛ/0!", "!cell_error"),
        ("#FORMULA!", "!formula_without_result"),
        ("#MERGED!", "!merged_cell"),
    ],
)
def test_refused_names(cell: str, code: str) -> None:
    assert said(read_name, cell) == code


def test_limits_of_texts() -> None:
    assert said(read_text, "x" * 2_001) == "!too_long"
    assert said(read_reference, "x" * 81) == "!too_long"
    assert said(read_reference, "1.23457E+17") == said(read_reference, "1,2E+16") == "!digits_lost"
    assert said(read_reference, "№ 17/а") == "№ 17/а"


def test_registration_numbers_are_read_however_typed() -> None:
    number = format_number(1234)
    assert said(read_registration_number, number.lower().replace("-", " ")) == number
    assert (
        said(read_registration_number, number[:-1] + ("2" if number[-1] != "2" else "3"))
        == "!registration_number"
    )
    assert said(read_registration_number, "") == ""


def test_telephones_are_kept_as_written() -> None:
    assert said(read_phone, "+7 (919) 123-45-67") == "+7 (919) 123-45-67"
    assert said(read_phone, "123") == "!phone_digits"
    assert said(read_phone, "8 919 123 45 67, 8 919 222 33 44") == "!phone_too_long"
    assert said(read_phone, "7.9191E+10") == "!digits_lost"


LETTERS = st.text(st.characters(categories=["L", "M"], codec="utf-8"), min_size=1, max_size=30)


@settings(max_examples=40)
@given(LETTERS, st.sampled_from(["", " ", "\t ", "\u00a0"]))
def test_text_is_altered_in_blanks_and_composition_only(word: str, blanks: str) -> None:
    assert said(read_text, f"{blanks}{word}{blanks}") == unicodedata.normalize("NFC", word)


@settings(max_examples=40)
@given(LETTERS)
def test_reading_twice_changes_nothing(word: str) -> None:
    once = read_text(word, READING)
    assert read_text(once, READING) == once
