"""Mails that come back: what is believed, and when a subscription is suspended for it."""

import io
import sys
from datetime import date
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from reports.actions.bounces import suspend_refused, take_returned
from reports.actions.notices import tell_notices
from reports.actions.subscriptions import ask_again
from reports.models import Delivery, Notice, Subscription
from tests.factories.accounts import user_in_role
from tests.factories.reports import (
    EditionFileFactory,
    FailedDeliveryFactory,
    SentDeliveryFactory,
    SubscriptionFactory,
)
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db


def _notification(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True
) -> bytes:
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; nobody@mx.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\nMessage-ID: {message_id}\r\nSubject: Report\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_that_came_back_is_found_by_its_message_id(whole: bool) -> None:
    mail, other = SentDeliveryFactory.create_batch(2, mail=EditionFileFactory.create())
    for _again in range(2):
        assert take_returned(_notification(mail.message_id, whole=whole))
    assert [row.pk for row in Delivery.objects.came_back()] == [mail.pk]
    assert AuditEvent.objects.filter(action="return").count() == 1
    other.refresh_from_db()
    assert not other.is_refused


def test_what_says_no_such_thing_is_not_believed() -> None:
    mail = SentDeliveryFactory.create()
    plain = (
        f"From: a@mx.example\r\nTo: {mail.address}\r\n\r\nMessage-ID: {mail.message_id} failed 5.1.1".encode()
    )
    wrong = [
        plain,
        b"",
        b"\xff\xfe\x00",
        _notification(mail.message_id, action="delayed", status="4.4.1"),
        _notification(mail.message_id, status="4.2.2"),
        _notification("<unknown@musterpoint.example>").replace(b"nobody@mx.example", mail.address.encode()),
    ]
    assert [take_returned(each) for each in wrong] == [False] * len(wrong)
    assert not Delivery.objects.came_back().exists()


def test_the_command_reads_standard_input_files_and_maildirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = SentDeliveryFactory.create_batch(2, mail=EditionFileFactory.create())
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.mx").write_bytes(_notification(first.message_id))
    (tmp_path / "new" / "2.mx").write_bytes(b"Subject: I am on leave\r\n\r\n")
    call_command("read_bounces", str(tmp_path))
    assert capsys.readouterr().out.startswith("2 read, 1 of them")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_notification(second.message_id))))
    call_command("read_bounces")
    assert Delivery.objects.came_back().count() == 2
    with pytest.raises(CommandError, match="neither a file nor a maildir"):
        call_command("read_bounces", str(tmp_path / "nothing"))


def _mails(subscription: Subscription, fates: str) -> None:
    """One mail for each letter: r refused, s sent, b sent and came back, o refused for another cause."""
    for day, fate in enumerate(fates, start=10):
        factory = FailedDeliveryFactory if fate in "ro" else SentDeliveryFactory
        more = {"last_code": 552} if fate == "o" else {"returned_at": database_now()} if fate == "b" else {}
        factory.create(
            subscription=subscription,
            mail__edition__local_day=date(2024, 8, day),
            queued_at=database_now(),
            **more,
        )


@pytest.mark.parametrize(("fates", "suspended"), [("rrr", 1), ("rbr", 1), ("rr", 0), ("rrs", 0), ("rro", 0)])
def test_only_refusals_in_a_row_suspend(fates: str, suspended: int) -> None:
    subscription = SubscriptionFactory.create()
    _mails(subscription, fates)
    assert suspend_refused() == suspended
    subscription.refresh_from_db()
    assert subscription.state == ("suspended" if suspended else "active")


def test_publishers_are_told_once_and_a_new_confirmation_begins_anew(
    settings: Settings, mailbox: Mailbox
) -> None:
    settings.SUSPEND_AFTER = 1
    publisher, subscription = user_in_role(Role.PUBLISHER), SubscriptionFactory.create()
    _mails(subscription, "r")
    assert (suspend_refused(), suspend_refused(), tell_notices()) == (1, 0, 1)
    [mail] = mailbox.wait(1)
    assert mail["X-Envelope-To"] == publisher.email
    assert subscription.address not in message_from_bytes(mail.as_bytes()).as_string()
    assert Notice.objects.get().kind == "suspended"
    assert ask_again(subscription=subscription, by=publisher).state == "unconfirmed"
    Subscription.objects.update(confirmed_at=database_now(), confirmed_by=publisher.pk)
    assert suspend_refused() == 0
