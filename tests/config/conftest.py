"""A data directory of its own for each test, and the means to run commands on it as a person would."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded.directory import PROJECT, SECRETS, DataDirectory
from config.embedded.kinds import KINDS
from config.embedded.locks import is_held
from config.embedded.processes import arguments_of
from config.embedded.state import read_state

#: What this run's own servers put into the environment, and a fresh shell has not.
OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", *SECRETS, "DATA_DIR", "EMBEDDED_SERVERS", "PORT")


@pytest.fixture
def directory() -> Iterator[DataDirectory]:
    """An empty DATA_DIR that the user of root's PostgreSQL can reach."""
    path = Path(tempfile.mkdtemp(prefix="musterpoint-config-"))
    path.chmod(0o711)
    found = DataDirectory(path)
    found.prepare()
    yield found
    wait_until(lambda: not alive(found), 30)
    shutil.rmtree(path, ignore_errors=True)


def alive(directory: DataDirectory) -> list[str]:
    """Servers whose keeper holds them now."""
    return [name for name in KINDS if is_held(directory.run / f"{name}.lock")]


def running(directory: DataDirectory) -> list[str]:
    """Servers whose process lives, kept or not."""
    states = {name: read_state(directory.run / f"{name}.json") for name in KINDS}
    place = str(directory.path)
    return [name for name, state in states.items() if state and place in arguments_of(state.pid)]


def wait_until(is_true: Callable[[], bool], seconds: float) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)


def fresh_environment(directory: DataDirectory, **more: str) -> dict[str, str]:
    """The environment of a person who has set nothing but DATA_DIR."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "DATA_DIR": str(directory.path), **more}


def manage(directory: DataDirectory, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one management command to its end."""
    command = [sys.executable, "manage.py", *arguments]
    environment = fresh_environment(directory, **more)
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def background(directory: DataDirectory) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start Python programs that use `directory`; those that still run when the test ends are stopped."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **more: str) -> "subprocess.Popen[str]":
        environment = fresh_environment(directory, **more)
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
