"""`manage.py up` as a person runs it: started, read, interrupted, killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.request import urlopen

from config.embedded.directory import PROJECT, DataDirectory
from config.embedded.ports import free_port
from config.embedded.processes import arguments_of
from tests.config.conftest import fresh_environment, wait_until

IS_UP = "Ctrl-C stops it."


class Service:
    """One run of the whole service on few people, with the reports of two days."""

    def __init__(self, directory: DataDirectory, *, people: int = 400) -> None:
        self.directory = directory
        self.port = free_port()
        self.words = ""
        environment = fresh_environment(
            directory, PORT=str(self.port), SCENARIO_PEOPLE=str(people), SCENARIO_DAYS="2"
        )
        with hearing_hang_ups():
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=PROJECT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.words += line

    def wait_for(self, words: str, seconds: float = 300) -> Self:
        """Until it says `words`; fails with all that it said if it ends before."""
        deadline = time.monotonic() + seconds
        while words not in self.words:
            assert self.process.poll() is None, self.words
            assert time.monotonic() < deadline, self.words
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        """Whether the desk says that it is ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=30) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Everything that works on its data directory or for it: numbers and command lines."""
        entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        place = str(self.directory.path)
        return {int(entry.name): arguments_of(int(entry.name)) for entry in entries if _belongs(entry, place)}

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop and wait; the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(90)
        self._reader.join(10)
        return status

    def end(self) -> None:
        """Whatever the test left running stops."""
        if self.process.poll() is None:
            self.interrupt()
        assert self.process.stdout is not None
        self._reader.join(10)
        self.process.stdout.close()
        wait_until(lambda: not self.processes(), 60)


@contextmanager
def hearing_hang_ups() -> Iterator[None]:
    """What starts within hears SIGHUP, though this run may be under nohup: what is ignored is inherited, a handler is not."""
    former = signal.signal(signal.SIGHUP, lambda *_received: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, former)


def _belongs(entry: Path, place: str) -> bool:
    """Whether a process names the data directory in its arguments or environment; zombies do not count."""
    try:
        said = (entry / "cmdline").read_bytes()
        if not said or int(entry.name) == os.getpid():
            return False
        return place.encode() in said or f"DATA_DIR={place}".encode() in (entry / "environ").read_bytes()
    except OSError:
        return False
