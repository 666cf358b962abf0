"""Workbooks as clerks keep them: dates, formulas, merged cells, errors, several sheets, macros."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from intake.values import read_date, read_name, read_reference
from tests.intake.files import read, refused, workbook
from tests.intake.values.readings import said

HEADER = ["Фамилия", "Дата рождения", "Номер", "Пол"]


def _saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_cells_are_text_as_people_read_them() -> None:
    found = read(
        workbook(
            [
                HEADER,
                ["Ковальчук", date(1980, 5, 3), 12345.0, True],
                ["=HYPERLINK(1)", datetime.fromisoformat("2024-08-06T14:30"), 0.1 + 0.2, None],
            ]
        )
    )
    assert found.format == "xlsx"
    assert found.values == [
        ("Ковальчук", "1980-05-03", "12345", "TRUE"),
        ("=HYPERLINK(1)", "2024-08-06T14:30:00", "0.3", ""),
    ]
    assert [row.number for row in found.rows] == [2, 3]


def test_a_day_that_is_no_day_to_the_spreadsheet_is_doubted() -> None:
    ((cell,),) = read(workbook([["Дата рождения"], [29344]])).values
    assert said(read_date, cell) == "!date_serial 1980-05-03"


@pytest.mark.parametrize("number", [12345678901234567, 4.5e20])
def test_a_number_that_lost_digits_is_refused_as_a_reference(number: float) -> None:
    ((_, cell),) = read(workbook([["a", "id"], ["x", number]])).values
    assert said(read_reference, cell) == "!digits_lost"
    assert read(workbook([["a", "id"], ["x", 123456789012345]])).values == [("x", "123456789012345")]


def test_errors_are_blank_with_a_finding() -> None:
    rows: list[list[object]] = [
        ["a", "b"],
        ["x", ("=NA()", "#N/A")],
        ["y", ("=1/0", "#DIV/0!")],
        ["z", ("=A1", "ok")],
    ]
    cells = [row[1] for row in read(workbook(rows)).values]
    assert [said(read_name, cell) for cell in cells] == ["!cell_error", "!cell_error", "ok"]


def test_formulas_without_results_are_refused() -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["x", "=1+1"], ["y", "word"]):
        book.active.append(row)
    cells = [row[1] for row in read(_saved(book)).values]
    assert [said(read_name, cell) for cell in cells] == ["!formula_without_result", "word"]


def test_a_formula_with_an_empty_result_is_blank() -> None:
    rows: list[list[object]] = [["a", "b"], ["x", ('=IF(1,"","")', "")]]
    data = workbook(rows)
    (cell,) = read(data).values[0][1:]
    assert said(read_name, cell) == "!formula_without_result"
    stored = _with_part(data, "xl/worksheets/sheet1.xml", b'<c r="B2"><f>', b'<c r="B2" t="str"><f>')
    assert read(stored).values == [("x", "")]


def test_merged_cells_among_the_data_are_refused_and_those_above_ignored() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range("A1:C1", "Список эвакуированных")
    sheet.write_row(1, 0, ["Семья", "Фамилия", "Имя"])
    sheet.write_row(2, 1, ["Ковальчук", "Олена"])
    sheet.write_row(3, 1, ["Ковальчук", "Марк"])
    sheet.merge_range("A3:A4", "17")
    book.close()
    found = read(target.getvalue())
    assert found.names == ["Семья", "Фамилия", "Имя"]
    assert [said(read_reference, row[0]) for row in found.values] == ["17", "!merged_cell"]


def test_the_first_visible_sheet_is_read_with_a_notice_or_the_named_one() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name in ("Скрытый", "Люди", "Справка"):
        book.add_worksheet(name).write_column(0, 0, ["Имя", name])
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()
    book.worksheets()[0].hide()
    book.close()
    found = read(target.getvalue())
    assert (found.values, found.notices) == ([("Люди",)], ["first_sheet_read"])
    named = read(target.getvalue(), sheet="Справка")
    assert (named.values, named.notices) == ([("Справка",)], [])
    assert refused(target.getvalue(), sheet="Нет такого") == "sheet_unknown"


def test_marks_are_those_of_the_sheet_that_is_read() -> None:
    rows: list[list[object]] = [["a", "b"], ["x", ("=NA()", "#N/A")]]
    found = read(workbook([["a", "b"], ["x", None], ["y", "z"]], rows))
    assert found.values == [("x", ""), ("y", "z")]


def test_macros_are_told_and_not_run() -> None:
    target = io.BytesIO(workbook([["Имя"], ["Олена"]]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    found = read(target.getvalue(), name="list.xlsm")
    assert (found.values, found.notices) == ([("Олена",)], ["macros_ignored"])


def test_blank_rows_and_formats_far_below_are_no_rows() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    colour = book.add_format({"bg_color": "yellow"})
    sheet.write_column(0, 0, ["Имя", "Олена", "", "Марк"])
    for row in range(4, 40_000):
        sheet.write_blank(row, 0, None, colour)
    book.close()
    assert [row.number for row in read(target.getvalue()).rows] == [2, 4]


def test_a_table_may_stand_anywhere_in_the_sheet() -> None:
    shifted: list[list[object]] = [[], [None, None, "Имя", "Пол"], [None, None, "Олена", ("=NA()", "#N/A")]]
    found = read(workbook(shifted))
    assert (found.names, found.values) == (["Имя", "Пол"], [("Олена", "#N/A")])
    assert found.rows[0].number == 3


def test_what_nobody_can_see_refuses_its_row() -> None:
    found = read(workbook([["Имя", "Пол"], ["Олена", "ж"], ["abc\u202egnp", "ж"]]))
    assert found.problems == {3: "invisible"}
    assert read(workbook([["a", "b"], ["x", "two\nlines"]])).values == [("x", "two\nlines")]


def test_a_long_cell_refuses_its_row() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["x", "y" * 32_767])
    assert read(_saved(book)).problems == {}
    data = _with_part(_saved(book), "xl/worksheets/sheet1.xml", b"y" * 32_767, b"y" * 32_768)
    assert read(data).problems == {2: "cell_too_long"}


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something replaced in one of its parts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            body = before.read(part)
            after.writestr(part, body.replace(old, new) if part == name else body)
    return target.getvalue()
