"""The report as a workbook."""

from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from reports.editions.report import SituationReport
from reports.rendering.workbook.figures import all_figures
from reports.rendering.workbook.sheet import inert
from reports.rendering.xlsx import render_xlsx
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

SHEETS = [
    "Figures",
    "Districts",
    "Shelters",
    "Sex and age",
    "Needs",
    "Casualties",
    "Claims",
    "Days",
    "Revisions",
    "Notes",
]


@lru_cache(maxsize=4)
def workbook(report: SituationReport) -> Workbook:
    return load_workbook(BytesIO(render_xlsx(report)))


def rows(report: SituationReport, sheet: str) -> list[dict[str, Any]]:
    """Each row of a sheet by its headings."""
    lines = list(workbook(report)[sheet].iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["kursk", "sparse", "ugly"])
def test_every_sheet_is_there(report: SituationReport) -> None:
    assert workbook(report).sheetnames == SHEETS
    assert all(sheet.freeze_panes for sheet in workbook(report).worksheets)


def test_every_figure_is_one_row_with_all_that_is_known_of_it() -> None:
    found = rows(kursk(), "Figures")
    assert len(found) == len(all_figures(kursk()))
    claim = next(row for row in found if row["indicator"] == "evacuated" and row["region"] == "RU-KRS")
    assert (claim["Value"], claim["qualifier"], claim["In words"]) == (121000, "about", "about 121,000")
    assert (claim["basis"], claim["kind"], claim["unit"]) == ("claimed", "cumulative", "individuals")
    assert (claim["Source"], claim["As of"]) == ("Acting governor", "2024-08-12T12:00:00+03:00")
    assert (claim["reliability"], claim["credibility"], claim["Change"]) == ("C", "3", 45000)


def test_a_range_has_two_ends_and_no_value() -> None:
    row = next(row for row in rows(kursk(), "Figures") if row["indicator"] == "killed_corroborating")
    assert (row["Value"], row["Lowest"], row["Highest"], row["In words"]) == (None, 3, 5, "3–5")


def test_silence_is_an_empty_cell_and_named_and_nobody_is_zero() -> None:
    found = {row["Region"]: row for row in rows(kursk(), "Districts")}
    silent, nobody = found["Zheleznogorsk"], found["Dmitriyevsky District"]
    assert (silent["Displaced"], nobody["Displaced"]) == (None, 0)
    assert "Displaced" in silent["Not reported"]
    assert "Displaced" not in nobody["Not reported"]


def test_a_claimed_number_has_its_words_and_source_beside_it() -> None:
    row = rows(kursk(), "Districts")[0]
    assert row["To evacuate (claimed)"] == 25000
    assert row["To evacuate, as said"].startswith("about 25,000; Acting governor, as of")


def test_claims_are_claims_only() -> None:
    assert {row["basis"] for row in rows(kursk(), "Claims")} == {"claimed"}
    assert "claimed" not in {row["basis"] for row in rows(sparse(), "Figures")}


def test_no_cell_is_a_formula_and_none_becomes_one() -> None:
    with ZipFile(BytesIO(render_xlsx(ugly()))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheets = [content for name, content in parts.items() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in content or b"<hyperlink" in content for content in sheets)
    for sheet in workbook(ugly()).worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in ("s", "n")
                assert not (cell.data_type == "s" and cell.value.startswith(("=", "+", "-", "@")))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+1", "'+1+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("about 121,000", "about 121,000"),
        ("a" * 40_000, "a" * 32_000),
    ],
)
def test_texts_are_inert(text: str, made: str) -> None:
    assert inert(text) == made


def test_who_may_read_it_goes_with_the_file() -> None:
    book = workbook(kursk())
    assert book.properties.description == "Internal: contains exact figures, not for publication"
    notes = [row["Note"] for row in rows(kursk(), "Notes")]
    assert "Internal: contains exact figures, not for publication" in notes
    assert set(kursk().unknowns) | set(kursk().method) <= set(notes)
