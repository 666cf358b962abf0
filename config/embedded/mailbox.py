"""The program of the embedded mail server: it keeps every mail as one file and sends nothing anywhere."""

import os
import secrets
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.embedded.ports import HOST

LARGEST_MAIL = 50 * 1024 * 1024


class Keep:
    """The handler of every mail: on disk whole, or refused."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep one mail; a full disk is the sender's to know and to try again."""
        try:
            keep(self.directory, envelope)
        except OSError:
            return "452 4.3.1 The mail can not be kept now: the disk is full or can not be written"
        return "250 2.0.0 Kept"


def keep(directory: Path, envelope: Envelope) -> Path:
    """Write one mail with the addresses of its envelope on top: whole on disk when this returns, 0600.

    The name sorts by time and says nothing about anybody.
    """
    path = directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
    draft = path.with_suffix(".draft")
    content = envelope.content or b""
    top = (
        f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode()
    )
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(top + (content if isinstance(content, bytes) else content.encode()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return path


def serve(port: int, directory: Path) -> None:
    """Take mail until somebody asks to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    controller = Controller(
        Keep(directory), hostname=HOST, port=port, data_size_limit=LARGEST_MAIL, ident="Musterpoint mailbox"
    )
    controller.start()
    while not stop.wait(3600):
        pass
    controller.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
