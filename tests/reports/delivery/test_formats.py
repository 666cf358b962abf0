"""Which files come with the mail: chosen for each reader, the same bytes each time."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions.deliveries import resend
from reports.actions.subscriptions import set_formats, unsubscribe
from reports.delivery.message import Attachment, compose, with_files
from reports.delivery.outbox import fill
from reports.delivery.recipients import preview
from reports.delivery.sending import send
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.subscription import MailFormats
from tests.factories.accounts import user_in_role
from tests.factories.reports import EditionFileFactory, SubscriptionFactory
from tests.mail import Mailbox
from tests.reports.delivery.test_message import AT, XLSX, Parts

FILES = [Attachment("r.pdf", "application/pdf", b"%PDF" * 99), Attachment("r.xlsx", XLSX, b"PK" * 99)]
NAMES = {"both": ["r.pdf", "r.xlsx"], "pdf": ["r.pdf"], "xlsx": ["r.xlsx"], "none": []}


def _composed(files: list[Attachment]) -> bytes:
    return compose(Parts(), files, list_name="ru-krs.kursk-2024", at=AT)


def _names(mail: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in mail.iter_attachments() if part.get_filename()]


def _edition() -> Edition:
    kept: EditionFile = EditionFileFactory.create(content=_composed(FILES))
    return kept.edition


@pytest.mark.parametrize("formats", MailFormats)
def test_it_is_byte_for_byte_the_mail_composed_with_these_files(formats: MailFormats) -> None:
    wanted = [file for file in FILES if file.name in NAMES[formats]]
    assert with_files(_composed(FILES), formats.kept) == _composed(wanted)
    assert _names(message_from_bytes(_composed(wanted), policy=policy.default)) == NAMES[formats]


@pytest.mark.django_db
def test_each_reader_gets_the_files_of_their_choice(mailbox: Mailbox) -> None:
    takers = {SubscriptionFactory.create(formats=formats).address: formats for formats in MailFormats}
    fill(_edition())
    send(*Delivery.objects.values_list("pk", flat=True))
    mails = mailbox.wait(len(MailFormats))
    assert {mail["To"]: _names(mail) for mail in mails} == {to: NAMES[each] for to, each in takers.items()}


@pytest.mark.django_db
def test_sent_again_it_is_the_same_mail_whatever_was_chosen_since(mailbox: Mailbox) -> None:
    reader = SubscriptionFactory.create(formats="pdf")
    fill(_edition())
    delivery = Delivery.objects.get()
    send(delivery.pk)
    by = user_in_role(Role.PUBLISHER)
    set_formats(subscription=reader, formats="none", by=by)
    Delivery.objects.update(state=DeliveryState.UNCONFIRMED)
    resend(delivery=delivery, by=by)
    send(delivery.pk)
    first, second = mailbox.wait(2)
    assert first.as_bytes() == second.as_bytes()
    assert _names(second) == ["r.pdf"]


@pytest.mark.django_db
def test_one_person_chooses_them_and_leaves_a_trace() -> None:
    reader = SubscriptionFactory.create()
    by = user_in_role(Role.REGIONAL_COORDINATOR)
    assert set_formats(subscription=reader, formats="xlsx", by=by).formats == "xlsx"
    assert AuditEvent.objects.get(action="formats").detail == {"formats": "xlsx"}
    with pytest.raises(ValidationError):
        set_formats(subscription=reader, formats="docx", by=by)
    with pytest.raises(PermissionDenied):
        set_formats(subscription=reader, formats="pdf", by=user_in_role(Role.AUDITOR))
    unsubscribe(subscription=reader, by=by)
    with pytest.raises(ValidationError, match="has ended"):
        set_formats(subscription=reader, formats="pdf", by=by)


@pytest.mark.django_db
def test_the_preview_counts_them() -> None:
    for formats in ("both", "pdf", "both"):
        SubscriptionFactory.create(formats=formats)
    assert preview(_edition()).formats == [(MailFormats.BOTH, 2), (MailFormats.PDF, 1)]
