"""A mail server that misbehaves on request, over a real socket, and remembers what it really took."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: The words of the dialogue. "end" comes after the server has the whole mail and before it says so.
STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "end")
_YES = {
    "connect": "220 ready",
    "ehlo": "250 hello",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "end": "250 kept",
}


@dataclass
class Sink:
    """What the server does at each step, and what it got.

    `faults` maps a step to "stall", "drop" or a reply such as "451 later"; the fault of a recipient goes before that of its
    step. `kept` holds every mail that arrived whole, also where the sender was never told.
    """

    port: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    recipient_faults: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    reached: dict[str, threading.Event] = field(
        default_factory=lambda: {step: threading.Event() for step in STEPS}
    )
    connections: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)

    def copies(self, address: str) -> int:
        """How many whole mails for the address lie here."""
        return sum(recipient == address for recipient, _mail in self.kept)


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"
    recipient = ""

    def handle(self) -> None:
        self.server.sink.connections += 1
        try:
            if self._step("connect"):
                while self._command(self.rfile.readline()):
                    pass
        except OSError:
            return

    def _command(self, line: bytes) -> bool:
        words = line.decode().strip()
        verb = words[:4].lower()
        if verb in ("", "quit"):
            return False
        if verb == "rcpt":
            self.recipient = words.partition("<")[2].partition(">")[0]
        step = {"helo": "ehlo"}.get(verb, verb)
        return self._step(step) and (step != "data" or self._body())

    def _body(self) -> bool:
        if "data" in self.server.sink.faults:
            return True  # the fault was a refusal: no mail follows
        if not self._step("body"):
            return False
        mail = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # it broke off: not a whole mail
            mail += line
        self.server.sink.kept.append((self.recipient, mail))
        return self._step("end")

    def _step(self, step: str) -> bool:
        """Answer as asked for; False ends the connection."""
        sink = self.server.sink
        fault = sink.faults.get(step, "")
        if step == "rcpt":
            fault = sink.recipient_faults.get(self.recipient, fault)
        sink.reached[step].set()
        if fault == "stall":
            sink.go_on.wait(30)
            return False
        if fault == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        if fault == "wait":
            sink.go_on.wait(30)
            fault = ""
        answer = fault or _YES.get(step, "")
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        return not fault.startswith("421")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256
    sink: Sink


@contextmanager
def running() -> Iterator[Sink]:
    """A server on a free port of this machine for the time of the block."""
    with _Server(("127.0.0.1", 0), _Dialogue) as server:
        server.sink = Sink(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.sink
        finally:
            server.sink.go_on.set()
            server.shutdown()
            thread.join()
