"""The clock only rings: which reports are made, for which days, and that each is made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from accounts.service import service_user
from core.clock import database_now
from regions.models import Operation
from reports.actions import due as schedule
from reports.actions.due import CATCH_UP_DAYS, SETTLE, due_reports, make_due
from reports.actions.editions import make_edition, withdraw
from reports.models import Delivery, Edition
from reports.models.edition import EditionStatus
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import SubscriptionFactory

pytestmark = pytest.mark.django_db

MOSCOW, KYIV = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Kyiv")


def _operation(**more: object) -> Operation:
    return RunningOperationFactory.create(**{"is_automatic": True, **more})


def _days(now: datetime) -> list[date]:
    return [due.local_day for due in due_reports(now)]


def test_nothing_is_due_before_its_local_time() -> None:
    _operation(starts_on=date(2024, 8, 12))
    due_at = datetime(2024, 8, 13, 6, tzinfo=MOSCOW)
    assert _days(due_at + SETTLE - timedelta(seconds=1)) == []
    assert _days(due_at + SETTLE) == [date(2024, 8, 12)]


def test_the_last_half_hour_belongs_to_its_day() -> None:
    """23:30 in Moscow on the 12th is 20:30 in universal time, and is in the report of the 12th."""
    operation = _operation(starts_on=date(2024, 8, 12))
    make_due(datetime(2024, 8, 13, 4, tzinfo=UTC))
    edition = Edition.objects.get()
    late_evening = datetime(2024, 8, 12, 23, 30, tzinfo=MOSCOW)
    assert operation.day_starts_at(edition.local_day) <= late_evening <= edition.as_of
    assert edition.as_of < datetime(2024, 8, 13, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("change_day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)], ids=["spring", "autumn"]
)
@pytest.mark.parametrize("due", [time(3, 30), time(6), time(0)], ids=str)
def test_days_on_which_clocks_change(change_day: date, hours: int, due: time) -> None:
    """Also where the due time exists twice on the day, or not at all: one report for each local day."""
    first = change_day - timedelta(days=1)
    operation = _operation(
        starts_on=first, zone="Europe/Kyiv", report_due=due, regions=[region("UA-59")], is_automatic=False
    )
    moment = datetime.combine(first, time(), KYIV)
    for _half_hour in range(2 * 92):
        make_due(moment.astimezone(UTC))
        moment = (moment.astimezone(UTC) + timedelta(minutes=30)).astimezone(KYIV)
    editions = {edition.local_day: edition for edition in Edition.objects.all()}
    assert sorted(editions) == [first, change_day, change_day + timedelta(days=1)]
    assert not any(edition.is_late for edition in editions.values())
    assert editions[change_day].as_of - editions[first].as_of == timedelta(hours=hours)
    assert operation.editions.count() == 3


def test_after_a_silence_the_last_week_is_made_in_order() -> None:
    _operation()
    now = datetime(2024, 8, 30, 12, tzinfo=MOSCOW)
    assert make_due(now) == CATCH_UP_DAYS == 7
    editions = list(Edition.objects.order_by("local_day"))
    assert [edition.local_day.day for edition in editions] == [23, 24, 25, 26, 27, 28, 29]
    assert [edition.is_late for edition in editions] == [True] * 7
    assert [edition.previous for edition in editions[1:]] == editions[:-1]
    assert all(edition.status == EditionStatus.PUBLISHED for edition in editions)
    assert make_due(now) == 0


def test_the_last_day_is_reported_on_the_morning_after() -> None:
    _operation(starts_on=date(2024, 8, 14), ends_on=date(2024, 8, 14))
    assert _days(datetime(2024, 8, 15, 7, tzinfo=MOSCOW)) == [date(2024, 8, 14)]
    make_due(datetime(2024, 8, 15, 7, tzinfo=MOSCOW))
    assert _days(datetime(2024, 8, 16, 7, tzinfo=MOSCOW)) == []


def test_each_region_has_its_own() -> None:
    _operation(starts_on=date(2024, 8, 12), regions=[region("RU-KRS"), region("RU-ORL")])
    make_due(datetime(2024, 8, 13, 7, tzinfo=MOSCOW))
    assert set(Edition.objects.values_list("region__key", flat=True)) == {"RU-KRS", "RU-ORL"}


def test_one_region_that_fails_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _operation(starts_on=date(2024, 8, 12), regions=[region("RU-KRS"), region("RU-ORL")])

    def fail_for_kursk(**wanted: object) -> Edition:
        if wanted["region"] == region("RU-KRS"):
            raise ArithmeticError("Ivan Petrov")
        return make_edition(**wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(schedule, "make_edition", fail_for_kursk)
    now = datetime(2024, 8, 13, 7, tzinfo=MOSCOW)
    assert make_due(now) == 1
    assert [edition.region.key for edition in Edition.objects.all()] == ["RU-ORL"]
    assert "report kursk-2024 RU-KRS 2024-08-12 internal en could not be made: ArithmeticError" in caplog.text
    assert [str(due) for due in due_reports(now)] == ["report kursk-2024 RU-KRS 2024-08-12 internal en"]


def test_a_draft_that_was_not_published_is_published_at_the_next_ring() -> None:
    """The worker died between making and publishing."""
    operation = _operation(starts_on=date(2024, 8, 12))
    SubscriptionFactory.create()
    make_edition(operation=operation, region=region("RU-KRS"), local_day=date(2024, 8, 12), by=service_user())
    assert make_due(datetime(2024, 8, 13, 7, tzinfo=MOSCOW)) == 1
    assert Edition.objects.get().status == EditionStatus.PUBLISHED
    assert Delivery.objects.count() == 1


def test_a_report_to_be_reviewed_goes_to_review() -> None:
    _operation(starts_on=date(2024, 8, 12), is_automatic=False)
    now = datetime(2024, 8, 13, 7, tzinfo=MOSCOW)
    assert make_due(now) == 1
    assert Edition.objects.get().status == EditionStatus.IN_REVIEW
    assert make_due(now) == 0


def test_regions_that_go_out_unread_beside_one_that_is_reviewed() -> None:
    operation = _operation(
        starts_on=date(2024, 8, 12), is_automatic=False, regions=[region("RU-KRS"), region("RU-ORL")]
    )
    operation.automatic_regions.add(region("RU-ORL"))
    make_due(datetime(2024, 8, 13, 7, tzinfo=MOSCOW))
    kursk, oryol = Edition.objects.get(region__key="RU-KRS"), Edition.objects.get(region__key="RU-ORL")
    assert (kursk.status, oryol.status) == (EditionStatus.IN_REVIEW, EditionStatus.PUBLISHED)
    assert (kursk.content["is_unreviewed"], oryol.content["is_unreviewed"]) == (False, True)
    text = bytes(oryol.files.get(format="text").content).decode()
    assert "nobody read it before it was sent" in " ".join(text.split())


def test_a_withdrawn_report_is_not_made_again_by_the_clock() -> None:
    _operation(starts_on=date(2024, 8, 12))
    now = datetime(2024, 8, 13, 7, tzinfo=MOSCOW)
    make_due(now)
    withdraw(edition=Edition.objects.get(), by=service_user(), reason="wrong")
    assert make_due(now) == 0


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_scheduler_whose_clock_is_off_changes_nothing(hours: int) -> None:
    """The database's clock decides: the report is neither early nor made twice."""
    now = database_now()
    today = now.date()
    in_an_hour = (now + timedelta(hours=1)).time()
    _operation(starts_on=today - timedelta(days=2), zone="UTC", report_due=in_an_hour)
    with time_machine.travel(now + timedelta(hours=hours)):
        days = _days_by_database()
        make_due()
        make_due()
    assert days == _days_by_database_after_now(now, today, in_an_hour)
    assert list(Edition.objects.order_by("local_day").values_list("local_day", flat=True)) == days


def _days_by_database() -> list[date]:
    return [due.local_day for due in due_reports()]


def _days_by_database_after_now(now: datetime, today: date, due: time) -> list[date]:
    """Late in the evening "in an hour" is early tomorrow, so yesterday's report was due this morning."""
    passed = due < now.time()
    return [today - timedelta(days=2)] + [today - timedelta(days=1)] * passed


@pytest.mark.django_db(transaction=True)
def test_four_schedulers_at_once_make_one_edition_and_one_mail_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _operation(starts_on=date(2024, 8, 11))
    SubscriptionFactory.create_batch(3)
    service_user()
    now = datetime(2024, 8, 13, 7, tzinfo=MOSCOW)

    def ring(_n: int) -> None:
        try:
            make_due(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as schedulers:
        list(schedulers.map(ring, range(8)))
    assert Edition.objects.count() == 2
    assert Delivery.objects.count() == 6
    assert "could not be made" not in caplog.text, "those who came later waited, and were not refused"
