"""The process that keeps one embedded server up while somebody uses it, and then stops it in order.

Every user (a command, the supervisor, a test run) holds a shared lock on DATA_DIR/run/NAME.users. The kernel
drops the lock when its holder ends, also by `kill -9`. Once the keeper gets that lock alone, nobody is left,
and it stops its server.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config.embedded.directory import PROJECT, DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.kinds import KINDS
from config.embedded.locks import FileLock
from config.embedded.logs import open_log
from config.embedded.ports import free_port, is_free
from config.embedded.processes import arguments_of, end, end_child
from config.embedded.server import Server, as_user
from config.embedded.state import State, read_state, write_state
from config.embedded.tether import signal_on_parent_death

POLL_SECONDS = 0.1
#: Recovery after a crash replays up to max_wal_size of log.
READY_SECONDS = 600
ATTEMPTS = 5


class Keeper:
    """One server, from start to stop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        run = server.directory.run
        # In this order: when the kernel closes them, whoever gets `users` finds `alive` free.
        self.alive = FileLock(run / f"{server.name}.lock")
        self.users = FileLock(run / f"{server.name}.users")
        self.state_path = run / f"{server.name}.json"
        self.child: subprocess.Popen[bytes] | None = None
        self.is_asked_to_stop = False

    def keep(self) -> None:
        """Start, tell the starter, watch until nobody uses it, stop."""
        if not self.alive.try_take():
            raise EmbeddedServerError(
                f"Another {self.server.name} just starts on this data directory: try again."
            )
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            tell(port=self._start())
            self._watch()
        finally:
            if self.child is not None:
                end_child(self.child, self.server.stop_signal, self.server.stop_seconds)
            self.alive.release()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_to_stop = True

    def _start(self) -> int:
        """The port at which the server answers, the same as last time where it is free."""
        former = read_state(self.state_path)
        if former is not None and self.server.mark in arguments_of(former.pid):
            end(former.pid, self.server.stop_signal, self.server.stop_seconds)
        port = former.port if former is not None and is_free(former.port) else free_port()
        for _ in range(ATTEMPTS):
            if self._answers_at(port):
                self.server.complete(port)
                return port
            # Another program was quicker at the port, or the system still holds what a killed one left.
            time.sleep(0.5)
            port = free_port()
        log = log_path(self.server)
        raise EmbeddedServerError(f"The embedded {self.server.name} does not start: {log} says why.")

    def _answers_at(self, port: int) -> bool:
        self.server.prepare(port)
        self.child = self._spawn(port)
        state = State(pid=self.child.pid, port=port)
        write_state(self.state_path, state)
        deadline = time.monotonic() + READY_SECONDS
        while self.child.poll() is None and time.monotonic() < deadline:
            if self.server.is_ready(state):
                return True
            time.sleep(0.02)
        end_child(self.child, self.server.stop_signal, self.server.stop_seconds)
        return False

    def _spawn(self, port: int) -> "subprocess.Popen[bytes]":
        with open_log(log_path(self.server)) as log:
            return subprocess.Popen(  # noqa: S603 - our own programs
                self.server.command(port),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=PROJECT,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                start_new_session=True,
                preexec_fn=signal_on_parent_death(self.server.stop_signal),
                **as_user(self.server.user()),
            )

    def _watch(self) -> None:
        """Return when nobody uses the server any more, somebody asked us to stop, or it ended by itself."""
        while not self.is_asked_to_stop and not self.users.try_take():
            if self.child is None or self.child.poll() is not None:
                return
            time.sleep(POLL_SECONDS)


def log_path(server: Server) -> Path:
    """Where this server and its keeper write."""
    return server.directory.log / f"{server.name}.log"


def tell(**answer: object) -> None:
    """Answer the starter, once, on standard output; later words go to the log, which standard error is."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    os.dup2(2, 1)


def main(name: str, path: str, *, throwaway: bool) -> NoReturn:
    """Keep server `name` of the data directory `path`."""
    os.umask(0o077)
    directory = DataDirectory(Path(path))
    server = KINDS[name](directory, throwaway=throwaway)
    try:
        Keeper(server).keep()
    except EmbeddedServerError as error:
        tell(error=str(error))
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], throwaway="--throwaway" in sys.argv[3:])
