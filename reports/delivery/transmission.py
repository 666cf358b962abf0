"""One mail after the other to one address each over SMTP, and what is certain about each afterwards.

The reply codes decide, never the kind of the exception: a server that stalls before its greeting and one that stalls after
it took the whole mail raise the same one.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The reply of a server that ends the connection, at whatever word.
CLOSING = 421


class Fate(Enum):
    """What is known of a mail after one try."""

    SENT = "sent"  # the server has taken it
    RETRY = "retry"  # the server has certainly not taken it, and may later
    FAILED = "failed"  # the server refuses it for good
    UNCONFIRMED = "unconfirmed"  # it may have taken it
    LEFT = "left"  # not ours any more: another worker has the lease


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate, the server's last reply code where it gave one, and a sentence that says nothing about the recipient."""

    fate: Fate
    code: int | None = None
    words: str | Promise = ""


NO_SERVER = _("The mail server could not be reached. It is tried again by itself.")
NOT_LET_IN = _(
    "The mail server refused the connection or the sign-in. Check EMAIL_URL; it is tried again by itself."
)
LOST_BEFORE = _("The connection was lost before the mail was handed over. It is tried again by itself.")
NOT_NOW = _("The mail server does not take the mail now. It is tried again by itself.")
REFUSED = _(
    "The mail server refuses this mail or this address for good. Check the address, then send it again."
)
UNCERTAIN = _(
    "The connection was lost while the mail was handed over: it may have arrived. Ask the recipient; send it again only if not."
)


class Line:
    """The way to the configured server: one connection, kept from mail to mail for as long as the server says yes.

    A server that cannot be reached is asked once in the life of a line: what is true of one mail is true of those after it.
    Each word of the dialogue may take EMAIL_TIMEOUT seconds.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._no_way: Outcome | None = None

    def transmit(self, recipient: str, message: bytes, *, before_data: Callable[[], bool]) -> Outcome:
        """Hand the mail over for this one address, in an SMTP transaction of its own. No query of its own.

        `before_data` is called when nothing but the mail itself is left to say; it must make that durable, and answers
        whether the mail is still ours to send.
        """
        is_kept = self._smtp is not None
        outcome = self._try(recipient, message, before_data)
        if is_kept and outcome.words is LOST_BEFORE:
            # Servers end a connection after so many mails or seconds. Of this mail nothing was handed over.
            outcome = self._try(recipient, message, before_data)
        return outcome

    def close(self) -> None:
        """Say goodbye and do not wait for the answer: what became of each mail is known and is written down."""
        if self._smtp is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.putcmd("QUIT")
        self._smtp.close()
        self._smtp = None

    def _try(self, recipient: str, message: bytes, before_data: Callable[[], bool]) -> Outcome:
        """After anything but a yes the next mail gets a connection anew, of which nothing has to be known."""
        if self._smtp is None:
            self._no_way = self._no_way or self._open()
            if self._no_way is not None:
                return self._no_way
        assert self._smtp is not None
        outcome = _converse(self._smtp, recipient, message, before_data)
        if outcome.fate != Fate.SENT:
            self.close()
        return outcome

    def _open(self) -> Outcome | None:
        """Connect, or answer why not."""
        try:
            self._smtp = _connect()
        except smtplib.SMTPResponseException as refusal:
            return Outcome(Fate.RETRY, _code(refusal.smtp_code), NOT_LET_IN)
        except (smtplib.SMTPException, OSError):
            return Outcome(Fate.RETRY, None, NO_SERVER)
        return None


def sender_address() -> str:
    """The address that reports come from, without its name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender_domain() -> str:
    """The domain that our Message-IDs and list names stand in."""
    return sender_address().rpartition("@")[2]


def _connect() -> smtplib.SMTP:
    """Signed in and greeted. Raises what smtplib raises."""
    kind = smtplib.SMTP_SSL if getattr(settings, "EMAIL_USE_SSL", False) else smtplib.SMTP
    smtp = kind(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        local_hostname=sender_domain(),
        timeout=settings.EMAIL_TIMEOUT,
    )
    try:
        if getattr(settings, "EMAIL_USE_TLS", False):
            smtp.starttls()
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (smtplib.SMTPException, OSError):
        smtp.close()
        raise
    return smtp


def _converse(smtp: smtplib.SMTP, recipient: str, message: bytes, before_data: Callable[[], bool]) -> Outcome:
    try:
        code, _reply = _mail(smtp, message)
        if _is_yes(code):
            code, _reply = smtp.rcpt(recipient)
    except (smtplib.SMTPException, OSError):
        return Outcome(Fate.RETRY, None, LOST_BEFORE)
    if code == CLOSING:
        return Outcome(Fate.RETRY, code, LOST_BEFORE)
    if not _is_yes(code):
        return _refusal(code)
    if not before_data():
        return Outcome(Fate.LEFT)
    return _hand_over(smtp, message)


def _hand_over(smtp: smtplib.SMTP, message: bytes) -> Outcome:
    """From DATA on only a reply code makes certain; silence does not."""
    try:
        code, _reply = smtp.data(message)
    except smtplib.SMTPDataError as refusal:
        code = refusal.smtp_code
    except (smtplib.SMTPException, OSError):
        return Outcome(Fate.UNCONFIRMED, None, UNCERTAIN)
    if _is_yes(code):
        return Outcome(Fate.SENT, code)
    return _refusal(code) if 400 <= code < 600 else Outcome(Fate.UNCONFIRMED, _code(code), UNCERTAIN)


def _mail(smtp: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
    """Say who sends, and how much where the server wants to know: a mail too large is refused before it is sent."""
    return smtp.mail(sender_address(), [f"size={len(message)}"] if smtp.has_extn("size") else [])


def _refusal(code: int) -> Outcome:
    """5xx is for good; anything else that is no yes may change."""
    if 500 <= code < 600:
        return Outcome(Fate.FAILED, code, REFUSED)
    return Outcome(Fate.RETRY, _code(code), NOT_NOW)


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _code(code: int) -> int | None:
    """A reply code worth keeping; smtplib says -1 for words that are no reply."""
    return code if 100 <= code < 600 else None
