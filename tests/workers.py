"""A real Celery worker: a process of its own on the test database, that can be killed like any other."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from celery import current_app
from django.db import connection

from config.embedded.directory import PROJECT


class Worker:
    """One worker with its children, in a session of its own; `program` is the module that is run."""

    def __init__(self, email_url: str = "", *, children: int = 1, program: str = "celery") -> None:
        environment = {**os.environ, "DATABASE_URL": database_url()}
        if email_url:
            environment["EMAIL_URL"] = email_url
        quiet = ("--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat")
        self.process = subprocess.Popen(
            [sys.executable, "-m", program, "-A", "config", "worker", "--concurrency", str(children), *quiet],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """`kill -9` of the worker and its child at once: nobody tidies up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_children(self) -> None:
        """`kill -9` of the children: the worker starts others in their place, and gives them what these had in hand."""
        found = children_of(self.process.pid)
        assert found, "the worker has no child to kill"
        for pid in found:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """An orderly stop; where it is dead already nothing happens."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextmanager
def working(email_url: str = "", *, children: int = 1, program: str = "celery") -> Iterator[Worker]:
    """A worker for the time of the block, with an empty queue."""
    current_app.control.purge()
    worker = Worker(email_url, children=children, program=program)
    try:
        yield worker
    finally:
        worker.stop()


def children_of(parent: int) -> list[int]:
    """The ids of its children, from /proc where the system has it, which a bare Debian without `ps` does; else from `ps`."""
    proc = Path("/proc/self/stat")
    if not proc.exists():
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        pairs = [line.split() for line in told.stdout.splitlines()]
        return [int(pid) for pid, above in pairs if int(above) == parent]
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            # The name stands in brackets and may hold anything; then come the state and the parent.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def wait_until(is_true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)


def database_url() -> str:
    """The URL of the database that the tests write to; settings name the one beside it."""
    name = connection.settings_dict["NAME"]
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
