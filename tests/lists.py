"""Lists as partners send them: real files, written by the tests. All people are invented."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

#: Headings of a clerk in a Russian-speaking district.
HEADINGS = (
    "№ п/п",
    "№ семьи",
    "Фамилия",
    "Имя",
    "Отчество",
    "Пол",
    "Дата рождения",
    "Откуда",
    "Дата выезда",
    "Дата прибытия",
    "Телефон",
)
_WAY = ("Суджанский район", "08.08.2024", "09.08.2024")
FINE = (
    ("1", "Ковальчук", "Олена", "Петровна", "ж", "14.03.1980", *_WAY, "+7 900 000 00 01"),
    ("1", "Ковальчук", "Іван", "", "м", "02.05.2017", *_WAY, ""),
    ("2", "Берёзкин", "Пётр", "Ильич", "м", "17.11.1950", *_WAY, ""),
    ("3", "Мельник", "Анна", "", "ж", "30.01.1992", "Глушковский район", "08.08.2024", "08.08.2024", ""),
    ("3", "Мельник", "Мария", "", "ж", "12.06.2020", "Глушковский район", "08.08.2024", "08.08.2024", ""),
)
#: Each cannot be taken for a reason of its own, which stands beside it.
REFUSED = (
    (("4", "Сидоренко", "Павло", "", "м", "31.02.1990", *_WAY, ""), "31.02.1990"),
    (("5", "=HYPERLINK(1)", "Ольга", "", "ж", "05.05.1985", "Нетудаевский район", *_WAY[1:], ""), "region"),
    (("6", "Гончар", "Вера", "", "ж", "01.03.2090", *_WAY, ""), "future"),
    (("7", "", "", "", "ж", "", *_WAY, ""), "name"),
    (
        ("8", "Лысенко", "Оксана", "", "ж", "09.09.1999", "Суджанский район", "10.08.2024", "01.08.2024", ""),
        "before",
    ),
)


def workbook(rows: Sequence[Sequence[str]], *, headings: Sequence[str] = HEADINGS, title: str = "") -> bytes:
    """An XLSX; with a title above the headings, as clerks like it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # typed text, also where it looks like a formula
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def clerks_workbook() -> bytes:
    """Five people in three families who can be taken in, and five rows that cannot."""
    rows = [*FINE, *(row for row, _why in REFUSED)]
    numbered = [(str(number), *row) for number, row in enumerate(rows, start=1)]
    return workbook(numbered, title="Список эвакуированных, 12.08.2024")


def table(*lines: str, delimiter: str = ",") -> bytes:
    """A text file of these lines, whose commas become the delimiter."""
    return ("\r\n".join(line.replace(",", delimiter) for line in lines) + "\r\n").encode()
