"""HXL 1.1 with its traps: tags in mixed case after titles, notes below, blanks that are no zeros."""

import pytest

from intake.sources.hxl import parts_of, tag_of
from intake.values import read_count
from tests.intake.files import csv_bytes, read, workbook
from tests.intake.values.readings import READING

ROWS = [
    ["Civilian harm, Kursk oblast, 12 August 2024", "", "", "", ""],
    [],
    ["Province", "Killed", "Girls and boys", "", "Source"],
    ["#ADM1 + Name", "#Affected+Killed", "# affected +F+ Children", "", "#meta +source"],
    ["Курская область", "5", "n/a", "x", "OHCHR"],
    ["Province", "Killed", "Girls and boys", "", "Source"],
    ["Белгородская область", "", "-", "", "N/A"],
    [],
    ["* as reported by the regional authorities", "", "", "", ""],
    ["Source: situation room, figures are preliminary and will change", "", "", "", ""],
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_hashtags_say_what_columns_mean(form: str) -> None:
    found = read(csv_bytes(ROWS) if form == "csv" else workbook(ROWS))
    assert found.format == "hxl"
    assert found.names == ["Province", "Killed", "Girls and boys", "(column D)", "Source"]
    assert found.tags == ["#adm1+name", "#affected+killed", "#affected+f+children", "", "#meta+source"]
    assert [row.number for row in found.rows] == [5, 7]
    assert {"rows_above_header", "header_repeated", "footnotes_left_out"} <= set(found.notices)


def test_blank_stays_blank() -> None:
    cells = [cell for row in read(csv_bytes(ROWS)).rows for cell in row.values[1:3]]
    assert [read_count(cell, READING) for cell in cells] == ["5", "", "", ""]


def test_the_tags_stand_within_the_first_25_rows() -> None:
    head = [["", f"remark {number}"] for number in range(24)]
    body = [["#adm1", "#affected"], ["Kursk", "5"]]
    assert read(csv_bytes([*head, *body])).format == "hxl"
    assert read(csv_bytes([*head, ["", "one more"], *body])).format == "csv"


def test_tags_without_a_header_name_the_columns() -> None:
    found = read("#adm1,#affected+killed,#affected+killed\nKursk,5,6\n")
    assert found.names == ["#adm1", "#affected+killed", "#affected+killed (2)"]


def test_a_remark_between_rows_is_kept_for_people_to_see() -> None:
    found = read("#adm1,#affected\nKursk,5\n* a remark,\nBryansk,6\n* another,\n")
    assert found.values == [("Kursk", "5"), ("* a remark", ""), ("Bryansk", "6")]


def test_a_single_short_cell_below_is_data() -> None:
    assert read("#adm1,#affected\nKursk,5\nBryansk,\n").values[-1] == ("Bryansk", "")


@pytest.mark.parametrize(
    ("cell", "tag"),
    [
        ("#Adm1 +Code", "#adm1+code"),
        (" #date+start ", "#date+start"),
        ("#", ""),
        ("# 1", ""),
        ("№", ""),
        ("#a b", ""),
    ],
)
def test_what_a_hashtag_is(cell: str, tag: str) -> None:
    assert tag_of(cell) == tag


def test_the_order_of_attributes_means_nothing() -> None:
    assert parts_of("#affected+f+children") == parts_of("#affected+children+f")
