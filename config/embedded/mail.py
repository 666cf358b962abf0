"""The embedded mail server, as its keeper sees it; the program itself is `mailbox`."""

import sys
from typing import ClassVar

from config.embedded.ports import HOST, answers
from config.embedded.server import Server
from config.embedded.state import State

PROGRAM = "config.embedded.mailbox"


class Mail(Server):
    """SMTP on this machine only; every mail becomes one file under DATA_DIR/mail."""

    name: ClassVar[str] = "mailbox"
    variable: ClassVar[str] = "EMAIL_URL"
    stop_seconds: ClassVar[float] = 10

    def prepare(self, port: int) -> None:
        """DATA_DIR/mail exists already."""

    @property
    def mark(self) -> str:
        """Where it keeps mail."""
        return str(self.directory.mail)

    def command(self, port: int) -> list[str]:
        """A Python program of ours, bound to its parent's life."""
        return [
            sys.executable,
            "-m",
            "config.embedded.tether",
            PROGRAM,
            str(port),
            self.mark,
        ]

    def is_ready(self, state: State) -> bool:
        """It listens; the port was free a moment ago."""
        return answers(state.port)

    def url(self, port: int) -> str:
        """Plain SMTP on this machine."""
        return f"smtp://{HOST}:{port}"
