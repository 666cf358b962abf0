"""Runs the programs of the service as children: starts, watches, restarts a few times, stops in reverse order."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from config.embedded.directory import PROJECT, DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.kinds import KINDS
from config.embedded.locks import is_held
from config.embedded.logs import open_log
from config.embedded.processes import end_child
from config.embedded.programs import Program
from config.embedded.steps import STEPS

RESTARTS = 3
RESTART_WINDOW_SECONDS = 120
WATCH_SECONDS = 0.5


class Child:
    """One running program."""

    def __init__(self, program: Program, directory: DataDirectory, descriptors: Sequence[int]) -> None:
        self.program = program
        self.log = directory.log / f"{program.name}.log"
        self.descriptors = tuple(descriptors)
        self.starts: deque[float] = deque(maxlen=RESTARTS + 1)
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        self.starts.append(time.monotonic())
        with open_log(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                self.program.command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=PROJECT,
                start_new_session=True,
                pass_fds=self.descriptors,
            )

    @property
    def has_restarts_left(self) -> bool:
        """Whether it ended less than four times within two minutes."""
        is_full = len(self.starts) == self.starts.maxlen
        return not is_full or time.monotonic() - self.starts[0] > RESTART_WINDOW_SECONDS

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        end_child(self.process, signal.SIGTERM, self.program.stop_seconds)
        if self.process.stdin:
            self.process.stdin.close()


class Supervisor:
    """The children of `manage.py up`, in the order in which they started."""

    def __init__(self, directory: DataDirectory, servers: Sequence[str]) -> None:
        self.directory = directory
        self.servers = [name for name in servers if name in KINDS]
        self.children: list[Child] = []

    def start(self, program: Program, *descriptors: int) -> None:
        """Start a program; it inherits `descriptors`."""
        self.children.append(Child(program, self.directory, descriptors))

    def watch(self) -> None:
        """Until somebody asks to stop (KeyboardInterrupt); raises EmbeddedServerError when something ends for good."""
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    def check(self) -> None:
        """Restart what ended; one sentence when that does not help or a server is gone."""
        for name in self.servers:
            if not is_held(self.directory.run / f"{name}.lock"):
                log = self.directory.log / f"{name}.log"
                raise EmbeddedServerError(
                    f"The embedded {name} ended by itself, so everything stops: {log} says why."
                )
        for child in self.children:
            if child.process.poll() is not None:
                self._restart(child)

    def _restart(self, child: Child) -> None:
        name, code = child.program.name, child.process.returncode
        if not child.has_restarts_left:
            raise EmbeddedServerError(
                f"The {name} ended {RESTARTS + 1} times in a row, so everything stops: {child.log} says why."
            )
        STEPS.say(f"  {name} ended by itself (exit status {code}) and is started again: see {child.log}")
        child.stop()
        child.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Stop all, last first; a second Ctrl-C does not hurry it."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in reversed(self.children):
            begun = time.monotonic()
            child.stop()
            STEPS.took(f"{child.program.name} stopped", time.monotonic() - begun)
