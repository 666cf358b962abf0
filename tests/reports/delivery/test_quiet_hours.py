"""Mails that fall into the quiet hours of a reader wait for their end, and no longer."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import database_now
from reports.delivery.outbox import due, fill, fill_erratum
from reports.delivery.recipients import quiet_end
from tests.factories.reports import (
    EditionFileFactory,
    ErratumFactory,
    PublishedEditionFactory,
    SentDeliveryFactory,
    SubscriptionFactory,
)

MOSCOW, KYIV = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv")


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 8, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "now", "end"),
    [
        (time(22), time(7), _at(12, 18, 59), None),
        (time(22), time(7), _at(12, 19), _at(13, 4)),
        (time(22), time(7), _at(12, 22), _at(13, 4)),
        (time(22), time(7), _at(13, 3, 59), _at(13, 4)),
        (time(22), time(7), _at(13, 4), None),
        (time(1), time(7), _at(12, 21), None),
        (time(1), time(7), _at(12, 22), _at(13, 4)),
        (None, None, _at(12, 22), None),
    ],
)
def test_when_they_end(begins: time | None, ends: time | None, now: datetime, end: datetime | None) -> None:
    assert quiet_end(begins, ends, now, MOSCOW) == end


def test_the_night_in_which_the_clock_changes_ends_by_the_clock() -> None:
    evening = datetime(2024, 10, 26, 20, tzinfo=UTC)
    assert quiet_end(time(22), time(7), evening, KYIV) == datetime(2024, 10, 27, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # 27 October: at 04:00 it is 03:00 once more. Until 03:30 is the same half past three in which one is.
        (datetime(2024, 10, 26, 23, tzinfo=UTC), datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        (datetime(2024, 10, 27, 0, 45, tzinfo=UTC), None),
        (datetime(2024, 10, 27, 1, 15, tzinfo=UTC), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),
        (datetime(2024, 10, 27, 1, 45, tzinfo=UTC), None),
        # 31 March: after 03:00 comes 04:00. They last as long as on any other night.
        (datetime(2024, 3, 31, 0, 45, tzinfo=UTC), datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_end_in_the_hour_that_comes_twice_or_not_at_all(now: datetime, end: datetime | None) -> None:
    assert quiet_end(time(22), time(3, 30), now, KYIV) == end


@pytest.mark.django_db
def test_each_reader_s_hours_are_of_their_own_zone() -> None:
    """Two people with the same hours, one of whom is where it is midday."""
    edition = PublishedEditionFactory.create()
    night = _quiet_now(ZoneInfo("Asia/Vladivostok"))
    asleep = SubscriptionFactory.create(**night, zone="Asia/Vladivostok")
    awake = SubscriptionFactory.create(**night)
    assert fill(edition) == 2
    assert due() == [edition.deliveries.get(subscription=awake).pk]
    waiting = edition.deliveries.get(subscription=asleep)
    assert timedelta(minutes=59) < waiting.next_attempt_at - waiting.queued_at <= timedelta(hours=1)


def _quiet_now(clock: ZoneInfo) -> dict[str, time]:
    now = database_now().astimezone(clock)
    return {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}


@pytest.mark.django_db
def test_a_report_waits_and_other_readers_do_not() -> None:
    edition = PublishedEditionFactory.create()
    quiet = SubscriptionFactory.create(**_quiet_now(edition.operation.tz))
    SubscriptionFactory.create()
    assert fill(edition) == 2
    waiting = edition.deliveries.get(subscription=quiet)
    going = edition.deliveries.exclude(subscription=quiet).get()
    assert timedelta(minutes=59) < waiting.next_attempt_at - waiting.queued_at <= timedelta(hours=1)
    assert due() == [going.pk]


@pytest.mark.django_db
def test_an_erratum_does_not_wait() -> None:
    mail = EditionFileFactory.create()
    reader = SubscriptionFactory.create(**_quiet_now(mail.edition.operation.tz))
    SentDeliveryFactory.create(mail=mail, subscription=reader)
    [row] = fill_erratum(ErratumFactory.create(edition=mail.edition))
    assert due() == [row.pk]
