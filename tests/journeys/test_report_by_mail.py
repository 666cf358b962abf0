"""From a family at the door to the report in a coordinator's mailbox, on real PostgreSQL, Valkey, Celery and SMTP."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.db import connection

from regions.models import Operation
from reports.actions.due import SETTLE, make_due
from reports.delivery.doorbell import ring_sweep
from reports.figures.mark import shown
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from reports.rendering.encode import from_json
from tests.factories.regions import region
from tests.factories.reports import SubscriptionFactory
from tests.journeys.conftest import At
from tests.journeys.week import Staff, flee, hire, on, spend
from tests.mail import Mailbox
from tests.workers import wait_until, working

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = ("text", "json", "html", "pdf", "xlsx", "csv", "hxl")

#: Written apart from the program: people whose latest known movement by the moment has them away from home.
DISPLACED = """
    SELECT COALESCE(sum(people), 0) FROM (
        SELECT DISTINCT ON (COALESCE(m.person_id, m.household_id)) m.kind, r.path,
            CASE WHEN m.person_id IS NOT NULL THEN 1 ELSE (
                SELECT sum(g.people) FROM displacement_householdgroup g WHERE g.household_id = m.household_id
            ) END AS people
        FROM displacement_movement m JOIN regions_region r ON r.id = m.origin_id
        WHERE m.occurred_at <= %(as_of)s AND m.recorded_at <= %(known_at)s
            AND (m.voided_at IS NULL OR m.voided_at > %(known_at)s)
        ORDER BY COALESCE(m.person_id, m.household_id), m.occurred_at DESC, m.recorded_at DESC
    ) latest WHERE kind NOT IN ('returned', 'died') AND path LIKE %(path)s
"""


def _displaced(known_at: datetime) -> int:
    with connection.cursor() as cursor:
        values: dict[str, datetime | str] = {
            "as_of": on(13, 0),
            "known_at": known_at,
            "path": f"{region('RU-KRS').path}%",
        }
        cursor.execute(DISPLACED, values)
        return int(cursor.fetchone()[0])


@pytest.fixture
def staff() -> Staff:
    return hire()


@pytest.fixture
def operation(staff: Staff, at: At) -> Operation:
    return spend(staff, at)


@pytest.fixture
def edition(operation: Operation) -> Edition:
    """The clock rings on the morning of the 13th, for the first time in a week."""
    SubscriptionFactory.create_batch(3)
    make_due(on(13, 6) + SETTLE)
    return operation.editions.get(local_day=on(12, 0).date())


@pytest.fixture
def mails(edition: Edition, mailbox: Mailbox) -> list[EmailMessage]:
    """What arrives of all seven editions when a real worker sends what the outbox holds."""
    with working():
        ring_sweep()
        wait_until(lambda: not Delivery.objects.exclude(state=DeliveryState.SENT).exists(), seconds=60)
    return mailbox.messages()


def _part(mail: EmailMessage, media_type: str) -> EmailMessage:
    [part] = [part for part in mail.walk() if part.get_content_type() == media_type]
    assert isinstance(part, EmailMessage)
    return part


def _whole_numbers(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _whole_numbers(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def _says_what_is_counted_beside_what_is_claimed(mails: list[EmailMessage]) -> None:
    assert len(mails) == len({mail["Message-ID"] for mail in mails}) == 7 * 3
    mails = [mail for mail in mails if "12 August 2024" in mail["Subject"]]
    assert len({mail["X-Envelope-To"] for mail in mails}) == len(mails) == 3
    text = _part(mails[0], "text/plain").get_content()
    for words in ("about 121,000", "at least 12", "Acting governor", "Unnamed medical source"):
        assert words in text
        assert words in _part(mails[0], "text/html").get_content()
    for name in ("Берёзкин", "Beryozkin", "Ольга", "School 7"):
        assert name not in str(mails[0])
    assert _part(mails[0], "application/pdf").get_content().startswith(b"%PDF")


def test_counts_are_those_of_plain_sql_and_nothing_is_added_to_a_claim(edition: Edition) -> None:
    report = from_json(edition.content)
    counted = {
        figure.indicator: figure.value for figure in report.key_figures if figure.basis == "registered"
    }
    displaced = _displaced(edition.known_at)
    assert counted["displaced"] == displaced == 7
    assert counted["sheltered"] == 4
    assert counted["killed"] == 1
    assert sum(shown(row.displaced) or 0 for row in report.regions if not row.is_total) == displaced
    claimed = {figure.value for figure in report.claims}
    assert claimed == {121_000, 12, 17}
    sums = {121_000 + displaced, 121_000 + 4, 12 + 17, 12 + 17 + 1}
    assert sums.isdisjoint(_whole_numbers(json.loads(json.dumps(edition.content))))


def test_asked_again_after_late_registrations_it_is_the_same_to_the_byte(
    edition: Edition, staff: Staff, at: At, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with at(14, 10, 0):
        flee(staff, on(11, 9))
    assert _displaced(edition.known_at) == 7
    assert _displaced(on(14, 12)) == 11
    capfdbinary.readouterr()
    for name in FORMATS:
        call_command("situation_report", "--region=RU-KRS", "--date=2024-08-12", f"--format={name}")
        assert capfdbinary.readouterr().out == bytes(edition.files.get(format=name).content), name
    later = "--known-at=2024-08-14T12:00:00+03:00"
    call_command("situation_report", "--region=RU-KRS", "--date=2024-08-12", "--format=json", later)
    figures = from_json(capfdbinary.readouterr().out).key_figures
    assert [figure.value for figure in figures if figure.indicator == "displaced"] == [11]


def test_everybody_gets_one_mail_and_rung_again_no_second(
    mails: list[EmailMessage], mailbox: Mailbox
) -> None:
    _says_what_is_counted_beside_what_is_claimed(mails)
    day = ("--operation=kursk-2024", "--from=2024-08-12", "--to=2024-08-12")
    SubscriptionFactory.create(address="late@coordination.example")
    with working():
        assert make_due(on(13, 6) + SETTLE + timedelta(minutes=1)) == 0
        call_command("make_editions", *day)
        call_command("make_editions", *day, "--send-last")
        after = mailbox.wait(len(mails) + 1, seconds=60)
    assert [mail["X-Envelope-To"] for mail in after[len(mails) :]] == ["late@coordination.example"]
    assert len({mail["Message-ID"] for mail in after}) == len(mails) + 1
