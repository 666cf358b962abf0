"""The user's side of an embedded server: join the running one or have it started, and leave it in order."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from config.embedded.directory import PROJECT, SECRETS
from config.embedded.errors import EmbeddedServerError
from config.embedded.keeper import log_path
from config.embedded.kinds import KINDS
from config.embedded.locks import FileLock, is_held
from config.embedded.logs import open_log
from config.embedded.server import Server
from config.embedded.state import read_state

LEAVE_SECONDS = 90


class Lease:
    """One user's hold on one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        run = server.directory.run
        self.alive_path = run / f"{server.name}.lock"
        self.state_path = run / f"{server.name}.json"
        self.users_path = run / f"{server.name}.users"
        self.users = FileLock(self.users_path)
        self.starting = FileLock(run / f"{server.name}.starting")
        self.keeper: subprocess.Popen[bytes] | None = None

    def enter(self) -> None:
        """Hold the server; have it started where it does not run. Waits for one that is just stopping."""
        self.users.share()
        self.starting.take()
        if self.is_alive:
            return
        log = log_path(self.server)
        secret = {kind.variable for kind in KINDS.values()} | SECRETS.keys()
        with open_log(log) as errors:
            self.keeper = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "config.embedded.keeper", *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=PROJECT,
                env={key: value for key, value in os.environ.items() if key not in secret},
                start_new_session=True,
            )

    def _arguments(self) -> list[str]:
        flags = ["--throwaway"] if self.server.throwaway else []
        return [self.server.name, str(self.server.directory.path), *flags]

    def await_ready(self) -> str:
        """The server's URL once it answers."""
        try:
            return self._answer_of_keeper() if self.keeper is not None else self._answer_of_other()
        finally:
            self.starting.release()

    def _answer_of_keeper(self) -> str:
        assert self.keeper is not None
        assert self.keeper.stdout is not None
        with self.keeper.stdout as answers:
            answer = json.loads(answers.readline() or b"{}")
        if "port" not in answer:
            raise EmbeddedServerError(answer.get("error") or self._unknown_failure())
        return self.server.url(int(answer["port"]))

    def _answer_of_other(self) -> str:
        """Somebody else started it; it may still be on its way."""
        while self.is_alive:
            state = read_state(self.state_path)
            if state is not None and self.server.is_ready(state):
                return self.server.url(state.port)
            time.sleep(0.05)
        raise EmbeddedServerError(self._unknown_failure())

    def _unknown_failure(self) -> str:
        return f"The embedded {self.server.name} does not start: {log_path(self.server)} says why."

    @property
    def is_alive(self) -> bool:
        """Whether the server is still kept."""
        return is_held(self.alive_path)

    def leave(self) -> None:
        """Give it up; where nobody else uses it, wait until it has stopped."""
        self.users.close()
        deadline = time.monotonic() + LEAVE_SECONDS
        while self.is_alive and time.monotonic() < deadline and not self._others_use_it():
            time.sleep(0.05)
        if self.keeper is None:
            return
        if self.is_alive:
            self.keeper.returncode = 0  # it outlives us; Popen would complain that nobody waited for it
        else:
            self.keeper.wait()

    def _others_use_it(self) -> bool:
        """Whether another user holds it: then it can be shared, but not taken alone, twice in a row."""
        with FileLock(self.users_path) as probe:
            if probe.try_take():
                return False
            return probe.try_share()


@dataclass(frozen=True)
class Held:
    """Servers that answer now, and the variables that name them."""

    leases: list[Lease]
    environment: dict[str, str]

    def dead(self) -> Server | None:
        """A server that has ended meanwhile; None while all live."""
        return next((lease.server for lease in self.leases if not lease.is_alive), None)


def silent(_happening: str, _server: Server, _seconds: float) -> None:
    """Say nothing."""


@contextmanager
def use(servers: Sequence[Server], tell: Callable[[str, Server, float], None] = silent) -> Iterator[Held]:
    """Hold `servers` for the time of the block: started side by side, stopped one by one, last first.

    `tell` hears "started" and "stopped" of each, with the seconds that it took.
    """
    with ExitStack() as held:
        leases = [Lease(server) for server in servers]
        begun = time.monotonic()
        for lease in leases:
            held.callback(_leave, lease, tell)
            lease.enter()
        environment = {}
        for lease in leases:
            environment[lease.server.variable] = lease.await_ready()
            tell("started", lease.server, time.monotonic() - begun)
        yield Held(leases, environment)


def _leave(lease: Lease, tell: Callable[[str, Server, float], None]) -> None:
    begun = time.monotonic()
    lease.leave()
    if not lease.is_alive:
        tell("stopped", lease.server, time.monotonic() - begun)
