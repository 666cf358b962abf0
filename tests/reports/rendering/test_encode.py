"""A report as JSON and back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.editions.report import MapPoint, SituationReport
from reports.figures.figure import Figure
from reports.rendering.encode import NotAReport, from_json, to_json, to_plain
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

# A column of the database cannot hold a NUL or half a character, and neither can UTF-8.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, zone), st.integers(-(10**9), 10**10), OFFSETS
)
COUNTS = st.none() | st.integers(0, 10**9)
FIGURES = st.builds(
    Figure,
    as_of=MOMENTS,
    source=TEXTS,
    value=COUNTS,
    value_min=COUNTS,
    change=COUNTS,
    published_at=st.none() | MOMENTS,
    note=TEXTS,
)
COORDINATES = st.floats(-180, 180)
POINTS = st.builds(MapPoint, name=TEXTS, latitude=COORDINATES, longitude=COORDINATES)
REPORTS = st.builds(
    lambda **parts: replace(kursk(), **parts),
    title=TEXTS,
    as_of=MOMENTS,
    local_day=st.dates(),
    next_due_at=st.none() | MOMENTS,
    is_late=st.booleans(),
    key_figures=st.lists(FIGURES, max_size=2).map(tuple),
    highlights=st.lists(TEXTS, max_size=2).map(tuple),
    map_points=st.lists(POINTS, max_size=2).map(tuple),
)


@pytest.mark.parametrize("report", [kursk(), sparse(), ugly()], ids=["kursk", "sparse", "ugly"])
def test_a_report_comes_back_equal(report: SituationReport) -> None:
    assert from_json(to_json(report)) == report


@settings(max_examples=50)
@given(REPORTS)
def test_any_report_comes_back_equal(report: SituationReport) -> None:
    data = to_json(report)
    again = from_json(data)
    assert again == report
    assert to_json(again) == data


def test_the_same_bytes_after_a_column_that_forgets_the_order_of_keys() -> None:
    data = to_json(kursk())
    shuffled = json.loads(json.dumps(json.loads(data), sort_keys=True))
    assert to_json(from_json(shuffled)) == data
    assert to_plain(kursk()) == json.loads(data)


def test_the_bytes_are_readable() -> None:
    data = to_json(replace(kursk(), title="Суджа")).decode()
    assert data.endswith("}\n")
    assert '"title": "Суджа"' in data
    assert '"as_of": "2024-08-12T20:59:59.999999+00:00"' in data


def test_none_is_null_and_zero_is_zero() -> None:
    row = to_plain(kursk())["regions"][-4]  # type: ignore[index]
    assert (row["displaced"], row["sheltered"]) == (None, 302)  # type: ignore[index,call-overload]


def test_a_later_field_with_a_default_may_be_missing() -> None:
    plain: Any = to_plain(kursk())
    for figure in plain["key_figures"]:
        del figure["reliability"]
    report = from_json(plain)
    assert {figure.reliability for figure in report.key_figures} == {""}


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["title"], None, "$.title"),
        (["title"], 7, "$.title"),
        (["number"], "7", "$.number"),
        (["number"], True, "$.number"),
        (["is_late"], 0, "$.is_late"),
        (["as_of"], "2024-08-12T20:59:59", "$.as_of"),
        (["as_of"], "yesterday", "$.as_of"),
        (["local_day"], "2024-13-01", "$.local_day"),
        (["key_figures"], {}, "$.key_figures"),
        (["key_figures", 0], [], "$.key_figures[0]"),
        (["key_figures", 0, "basis"], "guessed", "$.key_figures[0].basis"),
        (["surprise"], 1, "$"),
    ],
)
def test_anything_else_is_refused_with_its_place(path: list[Any], value: Any, where: str) -> None:
    plain: Any = to_plain(kursk())
    at = plain
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(NotAReport, match="This is not a situation report") as refused:
        from_json(plain)
    assert f"expected at {where}." in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_what_is_no_report_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReport):
        from_json(data)


def test_a_missing_field_is_refused() -> None:
    plain: Any = to_plain(kursk())
    del plain["zone"]
    with pytest.raises(NotAReport, match=r"\$\.zone"):
        from_json(plain)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(NotAReport, match="a time with its zone"):
        to_json(replace(kursk(), known_at=datetime.fromisoformat("2024-08-12T21:04:10")))


def test_times_are_written_in_utc() -> None:
    moscow = timezone(timedelta(hours=3))
    report = replace(kursk(), known_at=datetime(2024, 8, 13, 0, 4, tzinfo=moscow))
    assert to_plain(report)["known_at"] == "2024-08-12T21:04:00+00:00"
    assert from_json(to_json(report)).known_at == datetime(2024, 8, 12, 21, 4, tzinfo=UTC)
