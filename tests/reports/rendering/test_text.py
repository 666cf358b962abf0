"""The report as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.editions.report import SituationReport
from reports.rendering.lines import WIDTH, beside, width, wrap
from reports.rendering.text import render_text
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk


def lines(report: SituationReport) -> list[str]:
    return render_text(report).decode().splitlines()


@pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["kursk", "sparse", "ugly"])
def test_no_line_is_longer_than_72_columns(report: SituationReport) -> None:
    assert max(width(line) for line in lines(report)) <= WIDTH
    assert render_text(report).endswith(b"\n")


def test_it_begins_with_counts_and_claims_side_by_side() -> None:
    text = lines(kursk())
    start = text.index("COUNTED BY US                      | CLAIMED")
    assert start < 20
    assert text[start + 2] == "Displaced                          | Evacuated or left"
    assert text[start + 3] == "  registered: 98,412 (+14,203)     |   about 121,000 (+45,000)"
    assert "Acting governor," in text[start + 4]
    assert text.index("HIGHLIGHTS") > start


def test_who_may_read_it_stands_at_the_top_and_at_the_end() -> None:
    text = lines(kursk())
    assert text[2] == text[-1] == "Internal: contains exact figures, not for publication"
    assert text[4] == "As of             12 August 2024, 24:00 Moscow time (UTC+3)"


def test_counted_and_claimed_columns_never_stand_in_one_part() -> None:
    heads = [line for line in lines(kursk()) if "Displaced" in line or "Evacuated" in line]
    assert heads
    assert not any("Displaced" in line and "Evacuated" in line for line in heads if "|" not in line)


def test_everything_that_the_report_says_is_there() -> None:
    report = kursk()
    text = " ".join(" ".join(lines(report)).split())
    for sentence in (*report.highlights, *report.unknowns, *report.flags, *report.method):
        assert sentence in text
    for name in [*(row.name for row in report.regions), *(row.name for row in report.shelters)]:
        assert name in text


def test_a_right_to_left_name_does_not_turn_its_line() -> None:
    assert "\u2068מחוז קורסק 5\u2069" in "\n".join(lines(ugly()))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))), st.integers(8, 40))
def test_wrapping_keeps_every_word_within_the_width(text: str, columns: int) -> None:
    wrapped = wrap(text, columns, indent="  ")
    assert all(width(line) <= columns for line in wrapped)
    kept = "".join("".join(wrapped).split())
    assert kept == "".join(text.replace("\u00a0", " ").split())


def test_wide_and_combining_characters_are_measured_as_they_are_shown() -> None:
    assert width("地区") == 4
    assert width("е\u0301") == 1
    assert width("\u2068a\u2069") == 1


def test_blocks_stand_side_by_side() -> None:
    made = beside((["a", "b"], ["1"]), (3, 4), (False, True), "|")
    assert made == ["a  |   1", "b  |"]
