"""Reading a delivery status notification (RFC 3464): which of our mails came back for good."""

from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message

_PARTS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}


def message_id_returned(notification: bytes) -> str | None:
    """The Message-ID of the mail that was refused for good; None where this says no such thing.

    Only what a server states in a `message/delivery-status` part counts, never words for people; `Action: delayed` and codes
    of class 4 are no refusal. An address in it is never looked at: anybody can write one.
    """
    mail = message_from_bytes(notification)
    if mail.get_content_type() != "multipart/report":
        return None
    if not any(_is_failure(block) for block in _status_blocks(mail)):
        return None
    return next(_original_ids(mail), None)


def _status_blocks(mail: Message) -> Iterator[Message]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Message))


def _is_failure(block: Message) -> bool:
    action, status = str(block.get("Action", "")), str(block.get("Status", ""))
    return action.strip().lower() == "failed" and status.strip().startswith("5.")


def _original_ids(mail: Message) -> Iterator[str]:
    """From the returned mail, or from its headers alone."""
    for part in mail.get_payload():
        if not isinstance(part, Message) or part.get_content_type() not in _PARTS:
            continue
        inner = part.get_payload()
        original = inner[0] if isinstance(inner, list) else message_from_string(str(inner))
        if isinstance(original, Message) and original.get("Message-ID"):
            yield str(original["Message-ID"]).strip()
