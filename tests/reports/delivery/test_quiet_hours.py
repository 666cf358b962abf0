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
