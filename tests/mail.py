"""The mail that arrived, read back from the files that the mail server keeps."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    """One directory of .eml files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def messages(self) -> list[EmailMessage]:
        """All mails, in the order of arrival. `X-Envelope-To` holds whom the sender asked to reach."""
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(self.directory.glob("*.eml"))
        ]

    def wait(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """All mails as soon as there are `count`; fails when they do not arrive in time."""
        deadline = time.monotonic() + seconds
        while len(found := self.messages()) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} mails arrived within {seconds} s"
            time.sleep(0.02)
        return found

    def clear(self) -> None:
        """Forget what arrived so far."""
        for path in self.directory.glob("*.eml"):
            path.unlink()
