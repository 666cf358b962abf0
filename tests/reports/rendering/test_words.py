"""Numbers, changes and times in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.figure import Figure, Qualifier
from reports.rendering import words
from tests.reports.rendering.sample import CUT_OFF, counted

MOSCOW = "Europe/Moscow"


def figure(
    value: int | None, qualifier: Qualifier, low: int | None = None, high: int | None = None
) -> Figure:
    return counted("displaced", value, qualifier=qualifier, value_min=low, value_max=high)


@pytest.mark.parametrize(
    ("said", "in_words", "in_a_column"),
    [
        (figure(121000, Qualifier.ABOUT), "about 121,000", "~121,000"),
        (figure(12, Qualifier.AT_LEAST), "at least 12", "≥12"),
        (figure(4300, Qualifier.MORE_THAN), "more than 4,300", ">4,300"),
        (figure(41000, Qualifier.UP_TO), "up to 41,000", "≤41,000"),
        (figure(300, Qualifier.LESS_THAN), "less than 300", "<300"),
        (figure(69, Qualifier.EXACT), "69", "69"),
        (figure(69, Qualifier.UNKNOWN), "69", "69"),
        (figure(0, Qualifier.EXACT), "0", "0"),
        (figure(None, Qualifier.RANGE, 2, 5), "2–5", "2–5"),
        (figure(None, Qualifier.RANGE, 5, 5), "5", "5"),
        (figure(None, Qualifier.ABOUT, 300, 400), "about 300–400", "300–400"),
        (figure(None, Qualifier.RANGE, 3, None), "at least 3", "at least 3"),
        (figure(None, Qualifier.RANGE, None, 3), "up to 3", "up to 3"),
        (figure(None, Qualifier.UNKNOWN), "not reported", "not reported"),
        (figure(None, Qualifier.ABOUT), "not reported", "not reported"),
    ],
)
def test_a_number_keeps_its_qualifier(said: Figure, in_words: str, in_a_column: str) -> None:
    assert words.quantity(said) == in_words
    assert words.short_quantity(said) == in_a_column


@given(st.integers(min_value=1))
def test_no_number_reads_as_silence_and_silence_as_no_number(value: int) -> None:
    assert words.number(value) != words.number(0) != words.number(None)
    assert not any(character.isdigit() for character in words.number(None))


@pytest.mark.parametrize(
    ("change", "in_words"),
    [(1203, "+1,203"), (-12, "−12"), (0, "no change"), (None, "n/a")],
)
def test_a_change_shows_its_direction(change: int | None, in_words: str) -> None:
    assert words.change(change) == in_words


@pytest.mark.parametrize(("days", "in_words"), [(0, "same day"), (1, "1 day old"), (2, "2 days old")])
def test_an_age_counts_in_days(days: int, in_words: str) -> None:
    assert words.age(days) == in_words


def test_the_cut_off_is_the_end_of_its_day() -> None:
    assert words.full_moment(CUT_OFF, MOSCOW) == "12 August 2024, 24:00 Moscow time (UTC+3)"
    assert words.short_moment(CUT_OFF, MOSCOW) == "12\u00a0Aug"
    just_before = CUT_OFF - timedelta(microseconds=1)
    assert words.moment(just_before, MOSCOW) == "12 August 2024, 23:59"


@pytest.mark.parametrize(
    ("zone", "at", "in_words"),
    [
        ("Europe/Moscow", datetime(2024, 8, 12, tzinfo=UTC), "Moscow time (UTC+3)"),
        ("Europe/Kyiv", datetime(2024, 8, 12, tzinfo=UTC), "Kyiv time (UTC+3)"),
        ("Europe/Kyiv", datetime(2024, 12, 12, tzinfo=UTC), "Kyiv time (UTC+2)"),
        ("Asia/Kolkata", datetime(2024, 8, 12, tzinfo=UTC), "Kolkata time (UTC+5:30)"),
        ("America/St_Johns", datetime(2024, 12, 12, tzinfo=UTC), "St Johns time (UTC−3:30)"),
        ("UTC", datetime(2024, 8, 12, tzinfo=UTC), "universal time (UTC)"),
    ],
)
def test_the_clock_is_named_with_its_offset(zone: str, at: datetime, in_words: str) -> None:
    assert words.zone(zone, at) == in_words


def test_a_period_begins_where_the_last_one_ended() -> None:
    expected = "12 August 2024, 00:00 to 24:00"
    midnight = datetime(2024, 8, 12, tzinfo=ZoneInfo(MOSCOW))
    assert words.period(midnight, CUT_OFF, MOSCOW) == expected
    assert words.period(midnight - timedelta(microseconds=1), CUT_OFF, MOSCOW) == expected
    since = datetime(2024, 8, 10, 12, tzinfo=ZoneInfo(MOSCOW))
    assert words.period(since, CUT_OFF, MOSCOW) == "10 August 2024, 12:00 to 12 August 2024, 24:00"


def test_numbers_and_dates_follow_the_language() -> None:
    with override("uk"):
        assert words.number(121000) == "121\u00a0000"
        assert words.day(date(2024, 8, 12)) == "12 серпня 2024"
    with override("ru"):
        assert words.day(date(2024, 8, 12)) == "12 августа 2024"


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("\r\nBcc: x@example.org", "Bcc: x@example.org"),
        ("\u202eksruK\u202c", "ksruK"),
        ("a\x00b\x07c", "abc"),
        ("  two \t words\n", "two words"),
        ("منطقة كورسك", "منطقة كورسك"),
        ("O'Brien–Ёжиков", "O'Brien–Ёжиков"),
    ],
)
def test_invisible_characters_go_and_names_stay(given_text: str, cleaned: str) -> None:
    assert words.clean(given_text) == cleaned
