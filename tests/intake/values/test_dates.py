"""Days and moments as they are written, and those that cannot be told for certain."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.values import day_first_of, read_date, read_day, read_moment
from tests.intake.values.readings import READING, said

FULL = "1980-05-03"


@pytest.mark.parametrize(
    "cell",
    [
        "1980-05-03", "1980.05.03", "19800503", "03.05.1980", "3.5.1980", "03.05.1980 г.", "03.05.1980 г.р.", "03.05.1980 р.н.",
        "3 мая 1980", "3 мая 1980 года", "3 травня 1980 року", "3 травня 1980 р.", "3 May 1980", "May 3, 1980", "3rd May 1980",
        "3-May-1980", "03 05 1980", "1980-05-03T00:00:00", "1980-05-03 00:00:00", "1980-05-03T00:00:00Z", "3.5.1980 12:30",
    ],
)  # fmt: skip
def test_a_whole_day(cell: str) -> None:
    assert said(read_date, cell) == FULL


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("1980", "1980"),
        ("1980 г.р.", "1980"),
        ("1980 р.н.", "1980"),
        ("1980 року", "1980"),
        ("05.1980", "1980-05"),
        ("1980-05", "1980-05"),
        ("май 1980", "1980-05"),
        ("травень 1980", "1980-05"),
        ("May 1980", "1980-05"),
        ("", ""),
        ("-", ""),
        ("n/a", ""),
    ],
)
def test_the_length_says_what_is_known(cell: str, known: str) -> None:
    assert said(read_date, cell) == known


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31.02.1980", "!no_such_day"), ("1980-13-01", "!no_such_day"), ("29.02.1981", "!no_such_day"),
        ("0.0.1980", "!no_such_day"),
        ("01/02/03", "!year_two_digits"), ("03.05.80", "!year_two_digits"), ("3 мая 80", "!year_two_digits"),
        ("01/02/2003", "!date_order"), ("01-02-2003", "!date_order"), ("03.05.1880", "!year_too_early"),
        ("0000-00-00", "!year_too_early"), ("3 мая", "!date"), ("весна 1980", "!date"), ("Иванов", "!date"), ("12", "!date"),
        ("1e309", "!date"), ("NaN", "!date"), ("29344", "!date_serial 1980-05-03"), ("#N/A", "!cell_error"),
    ],
)  # fmt: skip
def test_what_is_no_certain_day(cell: str, code: str) -> None:
    assert said(read_date, cell) == code


@pytest.mark.parametrize(("day_first", "day"), [(True, "2003-02-01"), (False, "2003-01-02")])
def test_a_declared_order_decides(day_first: bool, day: str) -> None:
    reading = READING._replace(day_first=day_first)
    assert said(read_date, "01/02/2003", reading) == day
    assert said(read_date, "13/02/2003", reading) == said(read_date, "02/13/2003", reading) == "2003-02-13"
    assert said(read_date, "01.02.2003", reading) == "2003-02-01"


def test_days_that_mean_the_same_in_both_orders_need_none() -> None:
    assert said(read_date, "05/05/1980") == "1980-05-05"


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["01/02/2003", "13/02/2003"], True),
        (["01/02/2003", "02/13/2003"], False),
        (["13/02/2003", "02/13/2003"], None),
        (["01/02/2003", "", "13.02.2003", "x"], None),
    ],
)
def test_a_column_tells_its_order(column: list[str], order: bool | None) -> None:
    assert day_first_of(column) is order


def test_a_whole_day_is_needed_for_events() -> None:
    assert said(read_day, "06.08.2024") == "2024-08-06"
    assert said(read_day, "08.2024") == said(read_moment, "2024") == "!day_needed"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-08-06T14:30:00+03:00", "2024-08-06T14:30:00+03:00"),
        ("2024-08-06T14:30:00.123+0200", "2024-08-06T14:30:00+02:00"),
        ("2024-08-06 14:30Z", "2024-08-06T14:30:00+00:00"),
        ("06.08.2024 14:30", "2024-08-06T14:30:00+03:00"),
        ("06.08.2024, 14.30", "2024-08-06T14:30:00+03:00"),
        ("6 August 2024 2:30 PM", "2024-08-06T14:30:00+03:00"),
        ("06.08.2024 12:05 am", "2024-08-06T00:05:00+03:00"),
        ("06.08.2024", "2024-08-06T00:00:00+03:00"),
        ("", ""),
    ],
)
def test_moments_without_a_zone_are_local_to_the_operation(cell: str, moment: str) -> None:
    assert said(read_moment, cell) == moment


@pytest.mark.parametrize("cell", ["06.08.2024 25:00", "06.08.2024 12:61", "06.08.2024 13:00 pm"])
def test_no_such_time(cell: str) -> None:
    assert said(read_moment, cell) == "!time"


@pytest.mark.parametrize("cell", ["2024-10-27 03:30", "2024-03-31 03:30"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(cell: str) -> None:
    kyiv = READING._replace(zone=READING.zone.__class__("Europe/Kyiv"))
    assert said(read_moment, cell, kyiv) == "!hour_of_clock_change"
    assert said(read_moment, f"{cell}+02:00", kyiv) == f"{cell.replace(' ', 'T')}:00+02:00"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d %B %Y"):
        assert said(read_date, day.strftime(form)) == day.isoformat()
    if date(1927, 5, 18) < day < date(2064, 4, 8):
        serial = (day - date(1899, 12, 30)) // timedelta(days=1)
        assert said(read_date, str(serial)) == f"!date_serial {day.isoformat()}"
