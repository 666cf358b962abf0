"""The tables of the report in words."""

from dataclasses import replace

from reports.editions.report import CasualtyRow, NeedRow, SituationReport
from reports.figures.figure import Qualifier
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Cell, Origin, Section, Table
from tests.reports.rendering.hostile import sparse
from tests.reports.rendering.places import code_of
from tests.reports.rendering.sample import claimed, kursk


def section(name: str, report: SituationReport | None = None) -> Section:
    return next(found for found in compose(report or kursk()).sections if found.name == name)


def cells(table: Table, row: str) -> dict[str, Cell]:
    found = next(line for line in table.rows if line.cells[0].text == row)
    return {column.label: cell for column, cell in zip(table.columns, found.cells, strict=True)}


def test_silence_is_a_dash_and_nobody_is_zero() -> None:
    districts = section("districts").tables[0]
    silent, nobody = cells(districts, "Zheleznogorsk"), cells(districts, "Dmitriyevsky District")
    assert (silent["Displaced"].text, silent["Displaced"].is_reported) == ("–", False)
    assert (nobody["Displaced"].text, nobody["Displaced"].is_reported) == ("0", True)
    assert (nobody["Change"].text, silent["Change"].text) == ("0", "–")
    assert districts.notes[0] == "–  not reported, which is not zero."


def test_a_column_of_which_nothing_is_known_goes_and_is_named() -> None:
    rows = tuple(replace(row, in_transit=None, remaining=None) for row in kursk().regions)
    districts = section("districts", replace(kursk(), regions=rows)).tables[0]
    labels = [column.label for column in districts.columns]
    assert not {"In transit", "Remaining"} & set(labels)
    assert "Left out, since nothing is known of any region: Remaining, In transit." in districts.notes


def test_each_claimed_number_has_the_letter_of_its_source() -> None:
    districts = section("districts").tables[0]
    row = cells(districts, "Sudzhansky District")
    assert (row["To evacuate"].text, row["To evacuate"].mark) == ("~25,000", "a")
    assert (row["Remaining"].text, row["Remaining"].mark) == ("~2,500", "b")
    assert districts.notes[-2].startswith("a  Acting governor, as")
    assert districts.notes[-1].startswith("b  District administration, as")


def test_letters_go_on_after_z() -> None:
    base = kursk().regions[0]
    rows = tuple(
        replace(base, region=code_of(n), evacuated=claimed("evacuated", n, Qualifier.EXACT, f"Source {n}"))
        for n in range(30)
    )
    notes = section("districts", replace(kursk(), regions=rows)).tables[0].notes
    letters = [note.partition(" ")[0] for note in notes if ", as\u00a0of" in note]
    assert len(letters) == len(set(letters)) >= 30
    assert "a1" in letters


def test_claimed_columns_are_marked_as_such() -> None:
    origins = {column.label: column.origin for column in section("districts").tables[0].columns}
    assert origins["Evacuated"] is Origin.CLAIMED
    assert origins["Unexplained"] is Origin.CLAIMED
    assert origins["Displaced"] is Origin.COUNTED
    assert origins["Population"] is Origin.NONE


def test_totals_and_people_of_unknown_district_are_marked() -> None:
    rows = section("districts").tables[0].rows
    assert [row.cells[0].text for row in rows if row.is_total] == ["Kursk Oblast"]
    assert [row.cells[0].text for row in rows if row.is_rest] == ["District not known"]


def test_shelters_keep_stays_and_headcounts_apart() -> None:
    table = section("shelters").tables[0]
    silent = cells(table, "Rylsky District")
    assert (silent["Stays"].text, silent["Headcount"].text) == ("122", "–")
    assert silent["Sites that reported"].text == "0 of 4"


def test_casualties_show_three_columns_and_who_claims() -> None:
    row = cells(section("casualties").tables[0], "Killed")
    assert (row["Verified"].text, row["Being corroborated"].text) == ("7", "3–5")
    assert row["Claimed by others"].text.startswith("at least 12 (Acting governor, as")
    silent = cells(section("casualties").tables[0], "Missing")
    assert silent["Claimed by others"] == Cell("no claim known", is_reported=False)


def test_a_verified_range_stays_a_range() -> None:
    report = replace(kursk(), casualties=(CasualtyRow("killed", "Killed", 2, 4, 0, 0, 0),))
    assert cells(section("casualties", report).tables[0], "Killed")["Verified"].text == "2–4"


def test_a_claim_shows_scope_children_grade_and_both_dates() -> None:
    row = cells(section("claims").tables[0], "In shelters")
    assert row["Claimed"].text == "about 7,000"
    details = "100 centres in 7 regions; of whom children: 2,000; at that moment"
    assert row["Details"].text == details
    assert (row["Published"].text, row["Grade"].text) == ("12\u00a0Aug,\u00a015:30", "B3")


def test_bars_are_in_proportion_to_the_longest() -> None:
    sex_age = section("people").tables[0]
    shares = [cell.permille for row in sex_age.rows for cell in row.cells if cell.permille is not None]
    assert max(shares) == 1000
    assert cells(sex_age, "18-59")["Male"].permille == 19022 * 1000 // 28110


def test_only_the_most_frequent_needs_are_printed() -> None:
    needs = tuple(NeedRow(f"N{n}", f"Need {n}", n) for n in range(20))
    table = section("people", replace(kursk(), needs=needs)).tables[1]
    assert [row.cells[0].text for row in table.rows] == [f"Need {n}" for n in range(19, 7, -1)]
    assert table.notes[-1] == "Less frequent needs are in the workbook."


def test_brief_tables_keep_brief_columns_and_the_total() -> None:
    brief = section("districts").tables[0].brief(3)
    assert [column.label for column in brief.columns] == [
        "Region",
        "Evacuated",
        "Displaced",
        "Change",
        "Hosted here",
    ]
    assert [row.cells[0].text for row in brief.rows][-1] == "Kursk Oblast"
    assert len(brief.rows) == 4


def test_every_section_says_so_where_it_has_nothing_to_say() -> None:
    for found in compose(sparse()).sections:
        assert found.sentences, found.name
        assert not found.tables


def test_silences_and_revisions_in_sentences() -> None:
    assert section("silences").items[0] == (
        "4 shelters in Rylsky District: last report 10 August 2024, 20:00, 2 days old"
    )
    assert section("silences").items[-1] == "Zheleznogorsk: never reported"
    assert section("revisions").sentences[0].startswith("1,952 people were registered late")
    one = section("revisions", replace(kursk(), late_registrations=1))
    assert one.sentences[0].startswith("1 person was registered late")
    assert section("revisions", sparse()).sentences[0] == "Nobody was registered late."


def test_a_late_report_says_so() -> None:
    assert compose(sparse()).warnings[0].startswith("This report was written late.")
    assert compose(kursk()).warnings == ()


def test_an_unheard_of_audience_is_treated_as_internal() -> None:
    internal = compose(kursk()).marking
    assert internal == "Internal: contains exact figures, not for publication"
    assert compose(replace(kursk(), audience="friends")).marking == internal
    assert compose(replace(kursk(), audience="public")).marking == "Public"
