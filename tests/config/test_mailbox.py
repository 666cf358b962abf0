"""The embedded mail server keeps every mail, whole and private, or refuses it."""

import smtplib
import stat
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives

from config.embedded.directory import DataDirectory
from config.embedded.lease import use
from config.embedded.mail import Mail
from tests.config.conftest import wait_until
from tests.mail import Mailbox

ADDRESS = "someone@musterpoint.example"


def test_a_mail_sent_is_a_mail_kept(mailbox: Mailbox) -> None:
    EmailMultiAlternatives("Курск", "текст", to=[ADDRESS]).send()
    [mail] = mailbox.wait(1)
    assert mail["Subject"] == "Курск"
    assert mail["X-Envelope-To"] == ADDRESS
    assert mail.get_content().strip() == "текст"


def test_files_sort_by_arrival_and_say_nothing_about_anybody(mailbox: Mailbox) -> None:
    for subject in ("first", "second", "third"):
        EmailMultiAlternatives(subject, "text", to=[ADDRESS]).send()
    assert [mail["Subject"] for mail in mailbox.wait(3)] == ["first", "second", "third"]
    for path in mailbox.directory.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.suffix == ".eml"
        assert "someone" not in path.name


def test_a_mail_that_can_not_be_kept_is_refused_for_now(directory: DataDirectory) -> None:
    message = EmailMessage()
    message["From"] = message["To"] = ADDRESS
    with use([Mail(directory)]) as held:
        host, port = held.environment["EMAIL_URL"].removeprefix("smtp://").split(":")
        directory.mail.rename(directory.path / "moved-away")
        with smtplib.SMTP(host, int(port), timeout=30) as client:
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.send_message(message)
            assert refused.value.smtp_code == 452
            (directory.path / "moved-away").rename(directory.mail)
            client.send_message(message)
    wait_until(lambda: len(list(directory.mail.iterdir())) == 1, 30)
