"""Where the table stands in a file."""

import pytest

from tests.intake.files import csv_bytes, read, refused


def test_titles_above_the_header_are_left_out() -> None:
    rows = [
        ["Список эвакуированных", "", ""],
        ["на 12.08.2024", "", ""],
        [],
        ["Фамилия", "Имя", "Пол"],
        ["А", "Б", "ж"],
    ]
    found = read(csv_bytes(rows))
    assert found.names == ["Фамилия", "Имя", "Пол"]
    assert [row.number for row in found.rows] == [5]
    assert "rows_above_header" in found.notices


def test_a_row_that_numbers_the_columns_is_no_person() -> None:
    found = read("Фамилия,Имя,Пол\n1,2,3\nА,Б,ж\n1,2,3\n")
    assert found.values == [("А", "Б", "ж"), ("1", "2", "3")]
    assert "numbering_left_out" in found.notices


def test_a_header_printed_on_every_page_is_no_person() -> None:
    found = read("Фамилия,Имя\nА,Б\nФамилия,Имя\nВ,Г\n")
    assert found.values == [("А", "Б"), ("В", "Г")]
    assert found.notices == ["header_repeated"]


def test_doubled_headers_are_numbered() -> None:
    found = read("Имя,Имя,Имя (2),Имя\nа,б,в,г\n")
    assert found.names == ["Имя", "Имя (2)", "Имя (2) (2)", "Имя (3)"]
    assert found.notices == ["header_doubled"]


def test_columns_without_header_are_called_by_their_letter() -> None:
    found = read("Имя,,Пол\nа,б,в\nг,д,е\n")
    assert found.names == ["Имя", "(column B)", "Пол"]
    assert found.notices == ["column_without_header"]
    assert read("Имя,Пол\nа,б,в\nг,д,е\n").names == ["Имя", "Пол", "(column C)"]
    assert read("Имя,Пол,,\nа,б,,\n").names == ["Имя", "Пол"]


def test_a_number_where_a_heading_belongs_is_not_kept_as_one() -> None:
    """Of a list without headings the first person is taken for them, and headings are kept in clear."""
    person = ["Петренко", "Іван", "Петрович", "чол", "Суджа", "+7 955 731-42-86", "голова", "так", "ні"]
    found = read(csv_bytes([person, ["Коваленко", *person[1:]]]))
    assert found.names[4:7] == ["Суджа", "(column F)", "голова"]
    assert "column_without_header" in found.notices


@pytest.mark.parametrize(
    "first", ["Иванова,1980-05-03,ж", "Иванова,03.05.1980,ж", "Иванова,+7 919 123-45-67,ж"]
)
def test_a_person_where_the_header_belongs_is_refused(first: str) -> None:
    assert refused(f"{first}\nПетрова,1981-01-01,ж\n") == "header_missing"


@pytest.mark.parametrize(
    "cell",
    [
        "тел. +7 955 731-10-86",
        "8 (955) 731-10-86 моб",
        "АВ 864157",
        "паспорт МС864157",
        "2004 864157",
        "№86415731012",
    ],
)
def test_a_number_with_words_around_it_is_no_heading(cell: str) -> None:
    """Of a list without headings the first person would stand in clear as long as the list is kept."""
    source = read(f"Фамилия,Имя,Отчество,Село,{cell}\nИванова,Анна,Ивановна,Суджа,МС 975246\n")
    assert source.names[4:] == ["(column E)"]
    assert refused(f"Иванова,Анна,{cell},ж\nПетрова,Ольга,МС 975246,ж\n") == "header_missing"


@pytest.mark.parametrize(
    "heading",
    [
        "Дети 5-11 12-17",
        "Прибыли 12.08.2024",
        "Arrived 2024-08-12 (of 2023-2024)",
        "Женщины 18-59, 60+",
        "Форма 12345",
        "Учебный год 2023-2024",
    ],
)
def test_a_heading_may_name_days_years_and_ages(heading: str) -> None:
    assert read(f'Фамилия,"{heading}"\nИванова,1\n').names[1] == heading


def test_blank_rows_count_but_are_no_rows() -> None:
    assert [row.number for row in read("a,b\n,\n 1 ,2\n , \n3,4\n").rows] == [3, 5]
