"""Names in two alphabets and many spellings meet under one key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import search_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("Суджа", "Sudzha", "Sudja", "СУДЖА", " Sudža "),
        ("Курск", "Kursk", "KURSK", "Курськ"),
        ("Глушково", "Glushkovo", "Hlushkovo", "Глушково́"),
        ("Харьков", "Kharkov", "Harkov"),
        ("Щербаков", "Shcherbakov"),
        ("Юрий", "Yuriy", "Yuri", "Iurii", "Jurij"),
        ("Алексеев", "Alekseev", "Alekseyev", "Aleksejev"),
        ("Семёнов", "Семенов", "Semenov", "Semyonov"),
        ("Наталья", "Natalya", "Natalia", "Наталия"),
        ("Пётр", "Петр", "Pyotr", "Petr"),
        ("Мария", "Марія", "Maria", "Mariya", "Mariia", "Marija"),
        ("Виктория", "Viktoria", "Viktoriia"),
        ("Соловьёв", "Соловьев", "Solovyov", "Solovyev", "Соловйов"),
        ("Александр", "Aleksandr", "Alexandr"),
        ("О'Нил", "ОНил", "O’Nil"),
        ("Анна-Мария", "Anna Maria", "АННАМАРИЯ"),
    ],
)
def test_spellings_of_one_name_meet(spellings: tuple[str, ...]) -> None:
    keys = {spelling: search_key(spelling) for spelling in spellings}
    assert len(set(keys.values())) == 1, keys


@pytest.mark.parametrize(
    ("one", "other"), [("Курск", "Курчатов"), ("Иван", "Ирина"), ("Белов", "Беляев"), ("Сумы", "Суджа")]
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text(max_size=60))
def test_a_key_is_plain_letters_whatever_the_name(name: str) -> None:
    key = search_key(name)
    assert key == "" or (key.isascii() and key.isalpha() and key.islower())


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ", min_size=1, max_size=30))
def test_case_and_blanks_make_no_difference(name: str) -> None:
    assert search_key(name) == search_key(f" {name.upper()}  ")


@pytest.mark.parametrize("name", ["", "  ", "123", "7/12", "—"])
def test_a_name_without_letters_has_no_key(name: str) -> None:
    assert search_key(name) == ""
