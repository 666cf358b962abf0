"""The mail as a mail reader sees it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from uuid import uuid4

import pytest

from reports.delivery.message import Attachment, addressed, compose
from reports.models import Delivery

AT = datetime(2024, 8, 13, 3, 2, 1, tzinfo=UTC)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Parts:
    subject: str = "Курская область: situation report 7"
    text: str = "Claimed: about 121,000\n.\nFrom the register: 98,412\n"
    html: str = '<p>Суджа</p><img src="cid:displaced@report">'
    images: dict[str, bytes] = field(default_factory=lambda: {"displaced@report": b"\x89PNG chart"})


def _compose(parts: Parts | None = None) -> bytes:
    files = [Attachment("r.pdf", "application/pdf", b"%PDF"), Attachment("r.xlsx", XLSX, b"PK")]
    return compose(parts or Parts(), files, list_name="ru-krs.kursk-2024", at=AT)


def _read(mail: bytes) -> EmailMessage:
    return message_from_bytes(mail, policy=policy.default)


def _delivery(address: str = "nina@coordination.example") -> Delivery:
    return Delivery(address=address, message_id=f"<{uuid4()}.{uuid4()}@musterpoint.example>")


def _shape(part: MIMEPart) -> object:
    kind = part.get_content_type()
    return (kind, [_shape(child) for child in part.iter_parts()]) if part.is_multipart() else kind


def test_text_and_html_with_charts_and_two_files() -> None:
    mail = _read(addressed(_compose(), _delivery()))
    assert _shape(mail) == (
        "multipart/mixed",
        [
            ("multipart/related", [("multipart/alternative", ["text/plain", "text/html"]), "image/png"]),
            "application/pdf",
            XLSX,
        ],
    )
    assert [part.get_filename() for part in mail.iter_attachments()] == ["r.pdf", "r.xlsx"]


def test_words_and_charts_arrive_whole() -> None:
    mail = _read(addressed(_compose(), _delivery()))
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert mail["Subject"] == Parts().subject
    assert parts["text/plain"].get_content().replace("\r\n", "\n") == Parts().text
    assert parts["text/html"].get_content().strip() == Parts().html
    assert parts["image/png"]["Content-ID"] == "<displaced@report>"
    assert parts["image/png"].get_content() == b"\x89PNG chart"
    assert parts["image/png"].get_content_disposition() == "inline"


def test_who_it_is_from_and_for() -> None:
    delivery = _delivery()
    mail = _read(addressed(_compose(), delivery))
    assert mail["To"] == delivery.address
    assert mail["Message-ID"] == delivery.message_id
    assert mail["From"] == "Musterpoint <reports@musterpoint.example>"
    assert mail["List-Id"] == "<ru-krs.kursk-2024.musterpoint.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == AT.replace(microsecond=0)
    assert mail.get_all("MIME-Version") == ["1.0"]
    assert mail.defects == []


def test_the_same_report_is_the_same_mail() -> None:
    assert _compose() == _compose()
    assert _compose(Parts(html="<p>other</p>")) != _compose()


def test_lines_end_and_are_no_longer_than_mail_allows() -> None:
    mail = addressed(_compose(Parts(text="x" * 5000, subject="Суджа " * 60)), _delivery())
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert mail.isascii()


@pytest.mark.parametrize("line", ["\r\nBcc: x@example.org", "\nX: y"])
def test_no_header_can_be_smuggled_in(line: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        _compose(Parts(subject=f"Report{line}"))
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        addressed(_compose(), _delivery(f"nina@coordination.example{line}"))
