"""Which column is which field, as real lists name them."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from intake.guessing import guess, guess_columns
from intake.headings import likeness, words_of
from intake.kinds.registry import KINDS
from intake.sources import Column
from intake.values import Reader, read_count, read_date, read_name, read_phone, read_sex, read_text


class Wanted(NamedTuple):
    """A field as a guess sees it."""

    name: str
    read: Reader
    words: Sequence[str] = ()
    tags: Sequence[str] = ()


FIELDS = (
    Wanted(
        "full_name",
        read_name,
        ("full name", "фио", "п.і.б.", "фамилия имя отчество", "прізвище ім'я по батькові"),
    ),
    Wanted("family_name", read_name, ("surname", "фамилия", "прізвище"), ("#name+family",)),
    Wanted("given_name", read_name, ("first name", "имя", "ім'я")),
    Wanted(
        "birth_date",
        read_date,
        ("date of birth", "d.o.b.", "дата рождения", "год рождения", "дата народження", "рік народження"),
    ),
    Wanted("sex", read_sex, ("gender", "пол", "стать"), ("#meta+sex",)),
    Wanted("phone", read_phone, ("telephone", "номер телефона", "телефон")),
    Wanted("women", read_count, ("женщины 18-59", "women 18-59"), ("#affected+f",)),
    Wanted("household", read_text, ("household id", "№ семьи", "номер родини")),
)


def _guess(*headings: str, tags: Sequence[str] = (), sample: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    columns = [Column(heading, tags[i] if tags else "") for i, heading in enumerate(headings)]
    return guess(columns, FIELDS, sample)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("ФИО", "full_name"), ("Ф.И.О.", "full_name"), ("Ф. И. О. полностью", "full_name"), ("П.І.Б.", "full_name"),
        ("Прізвище, ім'я та по батькові", "full_name"), ("Фамилия, имя, отчество", "full_name"), ("Full Name *", "full_name"),
        ("ФАМИЛИИ", "family_name"), ("familyName", "family_name"), ("1. Фамилия", "family_name"), ("Прізвища", "family_name"),
        ("group_hh/people/given_name", "given_name"), ("First_Name", "given_name"), ("Ім’я", "given_name"),
        ("Дата рождения", "birth_date"), ("дата  рожд.", "birth_date"), ("Год рожд.", "birth_date"), ("DOB", "birth_date"),
        ("Дата народження (дд.мм.рррр)", "birth_date"), ("Дату рождения", "birth_date"), ("Дата рожденя", "birth_date"),
        ("пол (м/ж)", "sex"), ("Пол:", "sex"),
        ("Gender", "sex"), ("Контактный телефон", "phone"), ("Номера телефонов", "phone"), ("date_of_birth", "birth_date"),
        ("Ж 18–59", "women"), ("Women 18-59", "women"), ("Женщин, 18-59 лет", "women"), ("номер  РОДИНИ", "household"),
        ("household_id", "household"), ("Household ID:", "household"),
    ],
)  # fmt: skip
def test_headings_of_real_lists(heading: str, field: str) -> None:
    assert _guess(heading) == {heading: field}


@pytest.mark.parametrize(
    "heading",
    [
        "№ п/п",
        "№",
        "Дата",
        "Примечание",
        "Паспорт",
        "email",
        "Мужчины 18-59",
        "Женщины 60+",
        "Номер паспорта",
        "(column B)",
    ],
)
def test_what_means_nothing_here_is_left_to_people(heading: str) -> None:
    assert _guess(heading) == {}


def test_one_field_is_given_one_column_and_doubles_are_told() -> None:
    found = guess_columns([Column("Телефон"), Column("Номер телефона"), Column("Скидка")], FIELDS)
    assert found.columns == {"Телефон": "phone"}
    assert found.doubled == {"Номер телефона": "phone"}
    assert found.unknown == ("Скидка",)


def test_the_very_words_win_over_like_ones() -> None:
    assert _guess("Дата рождения матери", "Дата рождения") == {"Дата рождения": "birth_date"}


def test_hashtags_win_over_headings() -> None:
    found = _guess("Имя", "x", "y", tags=["#name+family+ru", "#meta+sex", "#affected+f+adults"])
    assert found == {"Имя": "family_name", "x": "sex", "y": "women"}
    assert _guess("x", tags=["#affected"]) == {}


def test_cells_speak_against_a_heading() -> None:
    assert _guess("Имя", "Пол", sample=[["Иван", "дощатый"], ["Олена", "плитка"]]) == {"Имя": "given_name"}
    assert _guess("Имя", "Пол", sample=[["Иван", ""], ["Олена", "?"]]) == {"Имя": "given_name", "Пол": "sex"}


def test_cells_speak_for_a_field_where_the_heading_says_nothing() -> None:
    sample = [["м", "03.05.1980", "ул. Ленина"], ["ж", "04.05.1980", "ул. Мира"]] * 3
    assert _guess("a", "b", "c", sample=sample) == {"a": "sex", "b": "birth_date"}
    assert _guess("a", "b", "c", sample=sample[:2]) == {}


def test_words_of_headings() -> None:
    assert words_of("Q3_Дата прибытия в ПВР (если известна)*") == ("дата", "прибытия", "пвр")
    assert words_of("") == words_of("***") == ()
    assert likeness("", "пол") == likeness("***", "пол") == 0


LISTS = {
    "people": (
        {"№ п/п": None, "ФИО": "full_name", "Дата рождения": "birth_date", "Пол": "sex", "Телефон": "phone"}
        | {
            "Откуда прибыл": "origin",
            "Степень родства": "relationship",
            "№ семьи": "household",
            "Паспорт": "document_number",
        },
        {
            "№": None,
            "П.І.Б.": "full_name",
            "Рік народж.": "birth_date",
            "Стать": "sex",
            "Звідки прибули": "origin",
        }
        | {"Ж 0-4": "female_0-4", "Чоловіки 60+": "male_60+"},
        {"given_name": "given_name", "familyName": "family_name", "hh_id": "household", "dob": "birth_date"}
        | {
            "people/relationship_to_head": "relationship",
            "phone_number": "phone",
            "Arrival date": "arrived_on",
        },
    )
}


@pytest.mark.parametrize("kind", LISTS)
def test_fields_of_our_kinds_are_found(kind: str) -> None:
    for wanted in LISTS[kind]:
        found = guess([Column(heading) for heading in wanted], KINDS[kind].fields)
        assert {heading: found.get(heading) for heading in wanted} == wanted


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_field_of_a_kind_is_known_by_its_own_words(kind: str) -> None:
    """By each fourth, to be quick. Two fields may share one (a district's column may hold an oblast): either is fair then."""
    meant: dict[str, set[str]] = {}
    for field in KINDS[kind].fields:
        for word in (field.name, *field.words):
            meant.setdefault(word, set()).add(field.name)
    guessed = {word: guess([Column(word)], KINDS[kind].fields).get(word) for word in list(meant)[::4]}
    assert {word: name for word, name in guessed.items() if name not in meant[word]} == {}
