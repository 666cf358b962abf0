"""The report as a mail: put together once per edition, kept with it, and addressed to each recipient."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as EIGHT_BIT
from email.utils import format_datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from reports.delivery.transmission import sender_domain
from reports.delivery.unsubscribing import headers_for
from reports.models import Delivery

#: Seven bits only: a server on the way may not take more, and re-coding there would change what was kept.
SMTP = EIGHT_BIT.clone(cte_type="7bit")


class MailParts(Protocol):
    """What rendering makes of a report for a mail; `images` are PNG by the cid under which the HTML shows them."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def images(self) -> Mapping[str, bytes]: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mail."""

    name: str
    media_type: str
    content: bytes


def compose(
    parts: MailParts, attachments: list[Attachment], *, list_name: str, at: datetime, language: str = "en"
) -> bytes:
    """The whole mail but for its recipient, as it goes over the line. The same input gives the same bytes.

    `list_name` is the region and operation as one word each; `at` is when the edition was published, which every copy
    bears as its date, also one sent again days later.
    """
    boundary = sha256(parts.html.encode()).hexdigest()[:24]
    mail = _container("mixed", boundary, _letter(parts, boundary), *map(_attached, attachments))
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Subject": parts.subject,
        "Date": format_datetime(at),
        "List-Id": f"<{list_name}.{sender_domain()}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": language,
        "MIME-Version": "1.0",
    }
    for name, value in headers.items():
        mail[name] = value
    return mail.as_bytes()


def addressed(kept: bytes, delivery: Delivery) -> bytes:
    """A kept mail with recipient, Message-ID and the way to unsubscribe of this delivery on top; no name but the address."""
    top = EmailMessage(policy=SMTP)
    top["To"] = delivery.address
    top["Message-ID"] = delivery.message_id
    leave = headers_for(delivery.subscription_id)
    return top.as_bytes().rstrip(b"\r\n") + b"\r\n" + leave + kept


def with_files(kept: bytes, endings: Collection[str]) -> bytes:
    """A kept mail without those attached files whose names end otherwise. What stays, stays byte for byte."""
    boundary = BytesHeaderParser(policy=SMTP).parsebytes(kept).get_boundary()
    if boundary is None:
        return kept
    line = f"--{boundary}\r\n".encode()
    last = f"--{boundary}--".encode()
    body, _end, rest = kept.rpartition(last)
    head, *parts = body.split(line)
    return line.join([head, *(part for part in parts if _is_wanted(part, endings))]) + last + rest


def _is_wanted(part: bytes, endings: Collection[str]) -> bool:
    """Whether the part is text or a chart, or a file whose name ends so."""
    head = BytesHeaderParser(policy=SMTP).parsebytes(part)
    if head.get_content_disposition() != "attachment":
        return True
    return (head.get_filename() or "").rpartition(".")[2] in endings


def as_trial(kept: bytes, trial_id: UUID, *, address: str) -> bytes:
    """A mail of an edition as a test to one address: its subject says so in the active language, and it offers no way to
    unsubscribe. Its parts are those that readers get."""
    mail = message_from_bytes(kept, policy=SMTP)
    mail.replace_header("Subject", _("Test: %(subject)s") % {"subject": mail["Subject"]})
    mail["To"] = address
    mail["Message-ID"] = f"<{trial_id}@{sender_domain()}>"
    return mail.as_bytes()


def _letter(parts: MailParts, boundary: str) -> EmailMessage:
    """Text and HTML to choose from, with the charts that the HTML shows."""
    choice = _container("alternative", f"{boundary}.a", _text(parts.text, "plain"), _text(parts.html, "html"))
    images = [_image(cid, content) for cid, content in parts.images.items()]
    return _container("related", f"{boundary}.r", choice, *images)


def _container(kind: str, boundary: str, *parts: EmailMessage) -> EmailMessage:
    whole = EmailMessage(policy=SMTP)
    root = '; type="multipart/alternative"' if kind == "related" else ""
    whole["Content-Type"] = f'multipart/{kind}; boundary="{boundary}"{root}'
    for part in parts:
        whole.attach(part)
    return whole


def _text(text: str, subtype: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part.set_content(text, subtype=subtype)
    return _as_part(part)


def _image(cid: str, content: bytes) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    name = f"{cid.partition('@')[0]}.png"
    part.set_content(content, "image", "png", disposition="inline", filename=name, cid=f"<{cid}>")
    return _as_part(part)


def _attached(file: Attachment) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part.set_content(
        file.content, *file.media_type.split("/", 1), filename=file.name, disposition="attachment"
    )
    return _as_part(part)


def _as_part(part: EmailMessage) -> EmailMessage:
    """Without the header that only a whole mail bears."""
    del part["MIME-Version"]
    return part
