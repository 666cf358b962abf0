"""One spelling of a document's number, however somebody writes it; and what stands for it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from displacement.identity.documents import document_key, number_index, one_spelling
from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_asked_for, keys_of

TWINS = dict(zip("ABEKMHOPCTYXI", "АВЕКМНОРСТУХІ", strict=True))
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZБГДЄЖЗИЛПФЦЧШЩЮЯ", max_size=4)
digits = st.text(string.digits, min_size=5, max_size=12)
breaks = st.sampled_from([" ", "-", " № ", ".", "  ", "\u00a0", "/", ""])


@pytest.mark.parametrize(
    "written",
    [
        "AB 123456",
        "ab123456",
        "АВ 123456",
        "Ав-123456",
        "серия АВ № 123456",
        "Серія АВ номер 123456",
        "AB №123456",
        " a b 12 34 56 ",
    ],
)
def test_one_passport_however_it_is_written(written: str) -> None:
    assert one_spelling(written) == one_spelling("AB123456") == "AB123456"
    assert number_index(written) == number_index("AB123456")


def test_a_birth_certificate_with_a_roman_number() -> None:
    assert one_spelling("II-БВ № 654321") == one_spelling("ІІ-бв 654321") == one_spelling("Ⅱ-БВ 654321")
    assert one_spelling("1-СГ 100200") == one_spelling("I-СГ 100200") != one_spelling("II-СГ 100200")


@given(letters, digits, breaks)
def test_breaks_and_case_change_nothing(series: str, number: str, between: str) -> None:
    whole = one_spelling(series + number)
    assert one_spelling(f" {series.lower()}{between}{number} ") == whole
    assert one_spelling(whole) == whole


@given(letters, digits, st.data())
def test_the_other_alphabet_changes_nothing(series: str, number: str, data: st.DataObject) -> None:
    mixed = "".join(data.draw(st.sampled_from([x, TWINS.get(x, x)])) for x in series)
    assert one_spelling(mixed + number) == one_spelling(series + number)


@given(digits, digits)
def test_other_digits_are_another_number(one: str, other: str) -> None:
    assert (one_spelling(one) == one_spelling(other)) == (one == other)


@given(st.text(max_size=40))
def test_any_text_has_one_spelling_and_no_error(text: str) -> None:
    told = one_spelling(text)
    assert one_spelling(told) == told
    number_index(text)


@pytest.mark.parametrize("short", ["", "1234", "AB 12", "№", "ABCDEF"])
def test_too_little_of_a_number_stands_for_nothing(short: str) -> None:
    assert number_index(short) is None


def test_kind_and_country_tell_documents_of_one_number_apart() -> None:
    index = number_index("AB123456")
    assert index is not None
    keys = {
        document_key(*told, index) for told in (("passport", "UA"), ("passport", "RU"), ("id_card", "UA"))
    }
    assert len(keys) == 3


def test_people_are_kept_and_asked_for_by_their_documents() -> None:
    one = Identity(given_name="Олена", documents=(7,))
    other = Identity(family_name="Ткач", documents=(7, 8))
    assert set(keys_of(one)) & set(keys_asked_for(features_of(other))) == {7}
