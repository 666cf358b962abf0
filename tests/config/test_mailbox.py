"""The embedded mail server keeps every mail."""

from django.core.mail import EmailMultiAlternatives

from tests.mail import Mailbox


def test_a_mail_sent_is_a_mail_kept(mailbox: Mailbox) -> None:
    EmailMultiAlternatives("Курск", "текст", to=["someone@musterpoint.example"]).send()
    [mail] = mailbox.wait(1)
    assert mail["Subject"] == "Курск"
    assert mail["X-Envelope-To"] == "someone@musterpoint.example"
