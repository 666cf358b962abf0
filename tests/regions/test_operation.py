"""Local days: 23:30 belongs to its day, also on the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from regions.models import Operation
from regions.models.operation import is_zone
from tests.factories.regions import RunningOperationFactory

IN_MOSCOW = ZoneInfo("Europe/Moscow")
TICK = timedelta(microseconds=1)
MOSCOW = Operation(zone="Europe/Moscow", starts_on=date(2024, 8, 6), report_due=time(6))
KYIV = Operation(zone="Europe/Kyiv", starts_on=date(2024, 8, 6), report_due=time(3, 30))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 8, 12, 0, 0, tzinfo=IN_MOSCOW), 12),
        (datetime(2024, 8, 12, 23, 30, tzinfo=IN_MOSCOW), 12),
        (datetime(2024, 8, 12, 23, 59, 59, 999_999, tzinfo=IN_MOSCOW), 12),
        (datetime(2024, 8, 13, 0, 0, tzinfo=IN_MOSCOW), 13),
    ],
)
def test_half_past_eleven_at_night_belongs_to_its_own_day(moment: datetime, day: int) -> None:
    assert MOSCOW.local_day(moment) == date(2024, 8, day)
    assert (moment <= MOSCOW.day_ends_at(date(2024, 8, 12))) == (day == 12)


def test_the_cut_off_is_the_last_microsecond_of_the_day() -> None:
    ends_at = MOSCOW.day_ends_at(date(2024, 8, 12))
    assert ends_at == datetime(2024, 8, 12, 20, 59, 59, 999_999, tzinfo=UTC)
    assert ends_at + TICK == MOSCOW.day_starts_at(date(2024, 8, 13))
    assert MOSCOW.starts_at() == datetime(2024, 8, 5, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 8, 12), 24)]
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    assert KYIV.day_ends_at(day) + TICK - KYIV.day_starts_at(day) == timedelta(hours=hours)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from([MOSCOW, KYIV]))
def test_days_neither_overlap_nor_leave_a_gap(day: date, operation: Operation) -> None:
    next_day = day + timedelta(days=1)
    assert operation.day_ends_at(day) + TICK == operation.day_starts_at(next_day)
    assert operation.local_day(operation.day_starts_at(day)) == day
    assert operation.local_day(operation.day_ends_at(day)) == day
    assert operation.day_starts_at(next_day) < operation.due_at(day)


def test_a_report_is_due_by_the_local_clock_also_when_it_changes() -> None:
    """03:30 does not exist in Kyiv on 31 March 2024 and comes once; on 27 October it comes twice, and the first counts."""
    assert MOSCOW.due_at(date(2024, 8, 12)) == datetime(2024, 8, 13, 3, tzinfo=UTC)
    assert KYIV.due_at(date(2024, 3, 30)) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert KYIV.due_at(date(2024, 10, 26)) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_running_from_the_first_to_the_last_day() -> None:
    operation = RunningOperationFactory.create(ends_on=date(2024, 8, 14))
    running = {day: Operation.objects.running_on(date(2024, 8, day)).exists() for day in (5, 6, 14, 15)}
    assert running == {5: False, 6: True, 14: True, 15: False}
    endless = RunningOperationFactory.create(key="endless", ends_on=None)
    assert list(Operation.objects.running_on(date(2030, 1, 1))) == [endless]
    assert [found.key for found in operation.regions.all()] == ["RU-KRS"]


@pytest.mark.django_db
def test_the_database_refuses_an_end_before_the_start() -> None:
    with pytest.raises(IntegrityError, match="operation_period"), transaction.atomic():
        RunningOperationFactory.create(ends_on=date(2024, 8, 5))


@pytest.mark.parametrize("zone", ["Moscow", "UTC+3", "", "europe/moscow"])
def test_a_zone_is_one_of_the_list(zone: str) -> None:
    with pytest.raises(ValidationError, match="no time zone"):
        is_zone(zone)
    is_zone("Europe/Kyiv")
