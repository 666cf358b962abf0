"""A mail server that misbehaves on request, over a real socket, and remembers what it really took."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session

#: The words of the dialogue. "body" comes between 354 and the mail, "end" after the server has the whole mail and before it
#: says so.
STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "end")
#: How long the server is silent where it is told to stall or to wait, and how long it thinks where it is told to be slow.
SILENCE_SECONDS, THOUGHT_SECONDS = 30, 0.2


@dataclass
class Sink:
    """What the server does at each step, and what it got.

    `faults` maps a step to "stall", "drop", "wait" (until `go_on`), "slow" or a reply such as "451 later"; what is asked for
    a recipient at a step goes before it. `kept` holds every mail that arrived whole and was not refused, also where the
    sender was never told. After `mails_a_connection` the server ends a connection by 421.
    """

    port: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    recipient_faults: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    reached: dict[str, threading.Event] = field(
        default_factory=lambda: {step: threading.Event() for step in STEPS}
    )
    connections: int = 0
    mails_a_connection: int = 1_000
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where a worker finds it."""
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self, address: str) -> int:
        """How many whole mails for the address lie here."""
        return sum(recipient == address for recipient, _mail in self.kept)

    def copies_of(self, message_id: str) -> int:
        """How many whole mails with this Message-ID lie here."""
        return sum(message_from_bytes(mail)["Message-ID"] == message_id for _recipient, mail in self.kept)

    def behave(self) -> None:
        """From now on say yes to everything, and forget what was reached."""
        self.faults.clear()
        self.go_on.clear()
        for event in self.reached.values():
            event.clear()


class _Keeping:
    """Keeps each whole mail unless it is to be refused, then answers as asked for."""

    async def handle_DATA(self, server: "_Dialogue", session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if not server.asked_for("end")[:1].isdigit():
            server.sink.kept.append((envelope.rcpt_tos[0], envelope.content))
        return await server.fault("end") or "250 kept"


class _Dialogue(SMTP):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(
            _Keeping(), hostname="sink.example", ident="sink", loop=asyncio.get_running_loop(), timeout=120
        )
        self.sink = sink
        self.recipient = ""
        self._has_greeted = False
        self._mails = 0
        sink.connections += 1

    async def push(self, status: AnyStr) -> None:
        """Say something; before the first word and after the word that asks for the mail things may go wrong."""
        if not self._has_greeted:
            self._has_greeted = True
            if not await self._may("connect"):
                return
        await super().push(status)
        if status.startswith("354") if isinstance(status, str) else status.startswith(b"354"):
            await self.fault("body")

    async def smtp_EHLO(self, hostname: str) -> None:
        if await self._may("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self._mails += 1
        if self._mails > self.sink.mails_a_connection:
            await super().push("421 that is enough")
            await self._end()
        if await self._may("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        self.recipient = (arg or "").partition("<")[2].partition(">")[0]
        if await self._may("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._may("data"):
            await super().smtp_DATA(arg)

    async def _may(self, step: str) -> bool:
        """Whether all goes on as usual; else the reply that was asked for is given."""
        reply = await self.fault(step)
        if reply:
            await super().push(reply)
        if reply.startswith("421"):
            await self._end()
        return not reply

    async def fault(self, step: str) -> str:
        """Do what is asked for at this step; the reply to give, empty for the usual one. Does not return after the end."""
        sink, fault = self.sink, self.asked_for(step)
        sink.reached[step].set()
        if fault in ("stall", "wait"):
            await self._be_silent()
        if fault in ("stall", "drop"):
            await self._end()
        if fault == "slow":
            await asyncio.sleep(THOUGHT_SECONDS)
        return "" if fault in ("wait", "slow") else fault

    def asked_for(self, step: str) -> str:
        """What is to go wrong at this step, empty for nothing."""
        sink = self.sink
        return sink.recipient_faults.get((self.recipient, step)) or sink.faults.get(step, "")

    async def _be_silent(self) -> None:
        for _moment in range(int(SILENCE_SECONDS / 0.01)):
            if self.sink.go_on.is_set():
                return
            await asyncio.sleep(0.01)

    async def _end(self) -> None:
        """Close the connection, and wait to be cancelled with it."""
        if self.transport is not None:
            self.transport.close()
        await asyncio.Event().wait()


@contextmanager
def running(port: int = 0) -> Iterator[Sink]:
    """A server on this port or a free one of this machine for the time of the block."""
    sink = Sink(port)
    is_ready, has_ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(sink, is_ready, has_ended)), daemon=True)
    thread.start()
    assert is_ready.wait(10)
    try:
        yield sink
    finally:
        sink.go_on.set()
        has_ended.set()
        thread.join()


async def _serve(sink: Sink, is_ready: threading.Event, has_ended: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    dialogues: list[_Dialogue] = []

    def begin() -> _Dialogue:
        dialogues.append(_Dialogue(sink))
        return dialogues[-1]

    server = await loop.create_server(begin, "127.0.0.1", sink.port, backlog=256)
    sink.port = server.sockets[0].getsockname()[1]
    is_ready.set()
    while not has_ended.is_set():
        await asyncio.sleep(0.02)
    server.close()
    for dialogue in dialogues:
        if dialogue.transport is not None:
            dialogue.transport.close()
    await asyncio.sleep(0.05)  # the loop has to turn once more for them to be gone
