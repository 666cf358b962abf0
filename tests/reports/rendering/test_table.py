"""The tidy table: each number once, three marks apart, valid HXL, and nothing that a spreadsheet would run."""

import csv
from collections import Counter
from dataclasses import fields, replace
from io import BytesIO, StringIO

import hxl
import pytest

from reports.editions.report import SituationReport
from reports.figures.mark import Mark
from reports.rendering.table import TAGS, render_csv, render_hxl
from reports.rendering.tidy import HIDDEN, NOT_REPORTED, REPORTED, Number, numbers
from reports.rendering.workbook.figures import all_figures
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk


def read(content: bytes) -> list[dict[str, str]]:
    """The rows as a spreadsheet program reads them."""
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def only(rows: list[dict[str, str]], **wanted: str) -> dict[str, str]:
    """The one row with these values."""
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, (wanted, len(found))
    return found[0]


@pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["whole", "sparse", "hostile"])
def test_no_two_rows_say_the_same(report: SituationReport) -> None:
    rows = numbers(report)
    assert [key for key, times in Counter(row.key for row in rows).items() if times > 1] == []
    assert len({row.claim for row in rows if row.claim}) == len(
        {figure.claim for figure in all_figures(report) if figure.claim}
    )


def test_counted_and_claimed_stand_in_rows_of_their_own() -> None:
    rows = read(render_csv(kursk()))
    whole = {"region": "RU-KRS", "day": "2024-08-12", "age": "", "sex": "", "scope": ""}
    verified = only(rows, indicator="killed", basis="registered", **whole)
    pending = only(rows, indicator="killed_corroborating", **whole)
    claimed = only(rows, indicator="killed", basis="claimed", region="RU-KRS")
    assert (verified["value"], pending["value"], pending["lowest"], pending["highest"]) == ("7", "", "3", "5")
    assert (claimed["value"], claimed["qualifier"], claimed["source"]) == (
        "12",
        "at_least",
        "Acting governor",
    )


def test_rows_of_districts_days_ages_and_needs() -> None:
    rows = read(render_csv(kursk()))
    today = {"day": "2024-08-12", "basis": "registered"}
    assert only(rows, indicator="displaced", region="X00", **today)["value"] == "22391"
    assert only(rows, indicator="displaced", region="RU-KRS", day="2024-08-10")["value"] == "70118"
    women = only(rows, indicator="displaced", sex="female", age="18-59")
    assert (women["value"], women["unit"], women["kind"]) == ("28110", "individuals", "stock")
    total = only(rows, indicator="displaced", region="RU-KRS", sex="", age="", need="", scope="", **today)
    assert total["value"] == "98412"
    assert only(rows, indicator="sites_expected", region="S0")["unit"] == "sites"


def test_hidden_not_reported_and_zero_are_three_things() -> None:
    report = kursk()
    first, second, *others = report.regions
    marked = replace(report, regions=(replace(first, displaced=Mark.SUPPRESSED, hosted=0), second, *others))
    rows = read(render_csv(marked))
    today = {"day": "2024-08-12", "region": first.region}
    hidden = only(rows, indicator="displaced", **today)
    zero = only(rows, indicator="hosted", **today)
    silent = only(rows, indicator="unexplained", region=second.region)
    assert [(row["status"], row["value"]) for row in (hidden, zero, silent)] == [
        (HIDDEN, ""),
        (REPORTED, "0"),
        (NOT_REPORTED, ""),
    ]


def test_libhxl_reads_every_row_and_finds_no_fault() -> None:
    content = render_hxl(kursk())
    source = hxl.data(BytesIO(content))
    assert [column.display_tag for column in source.columns] == list(TAGS.values())
    assert len(list(source)) == len(numbers(kursk()))
    faults: list[object] = []
    hxl.schema(None, callback=faults.append).validate(hxl.data(BytesIO(content)))
    assert faults == []
    displaced = hxl.data(BytesIO(content)).with_rows("#indicator+code=displaced")
    assert {row.get("#meta+basis") for row in displaced} == {"registered"}


def test_libhxl_finds_a_fault_where_a_tag_is_wrong() -> None:
    spoiled = render_hxl(kursk()).replace(b"#value+num,", b"value+num,", 1).replace(b"#", b"", 20)
    with pytest.raises(hxl.HXLException):
        list(hxl.data(BytesIO(spoiled)))


def test_every_column_has_a_tag_of_its_own() -> None:
    assert list(TAGS) == [field.name for field in fields(Number)]
    assert len(set(TAGS.values())) == len(TAGS)


def test_no_cell_is_a_formula() -> None:
    for line in csv.reader(StringIO(render_csv(ugly()).decode("utf-8-sig"), newline="")):
        for cell in line:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or cell[1:].isdigit(), cell


def test_letters_survive_spreadsheets_and_lines_end_as_the_standard_says() -> None:
    content = render_csv(replace(kursk(), language="uk"))
    assert content.startswith("\ufeffindicator,".encode())
    assert "Переміщені особи" in content.decode()
    assert content.count(b"\r\n") == content.count(b"\n") == len(numbers(kursk())) + 1
    assert render_hxl(kursk()).startswith(b"indicator,name,")
