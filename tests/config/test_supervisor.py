"""The programs of the service: started again a few times, stopped last first, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from config.embedded.directory import PROJECT, DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.lease import use
from config.embedded.mail import Mail
from config.embedded.processes import arguments_of
from config.embedded.programs import Program
from config.embedded.steps import STEPS
from config.embedded.supervisor import RESTARTS, Supervisor
from tests.config.conftest import wait_until

ENDS_AT_ONCE = Program("short", ("this",))
STAYS = Program("long", ("http.server", "--bind", "127.0.0.1", "0"))
TETHERED = [sys.executable, "-m", "config.embedded.tether", *STAYS.arguments]


@pytest.fixture(autouse=True)
def _signals() -> "object":
    """The supervisor ignores signals from its end on; the test run must not."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_what_ends_is_started_again_until_it_is_hopeless(directory: DataDirectory) -> None:
    with Supervisor(directory, []) as supervisor:
        supervisor.start(ENDS_AT_ONCE)
        with pytest.raises(
            EmbeddedServerError, match=r"The short ended 4 times in a row, .*short\.log says why"
        ):
            supervisor.watch()
        assert len(supervisor.children[0].starts) == RESTARTS + 1
    assert (directory.log / "short.log").read_text().count("The Zen of Python") == RESTARTS + 1


def test_what_runs_is_left_alone_and_stops_last_first(
    directory: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(STEPS, "took", lambda name, _seconds: heard.append(name))
    with Supervisor(directory, []) as supervisor:
        supervisor.start(STAYS)
        supervisor.start(Program("longer", STAYS.arguments))
        supervisor.check()
        processes = [child.process for child in supervisor.children]
        assert [process.poll() for process in processes] == [None, None]
    assert heard == ["longer stopped", "long stopped"]
    assert [process.returncode for process in processes] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_server_that_dies_stops_everything(directory: DataDirectory) -> None:
    with use([Mail(directory)]) as held, Supervisor(directory, ["mailbox"]) as supervisor:
        supervisor.check()
        assert held.leases[0].keeper is not None
        held.leases[0].keeper.kill()
        wait_until(lambda: held.dead() is not None, 30)
        with pytest.raises(
            EmbeddedServerError, match=r"The embedded mailbox ended by itself, .*mailbox\.log"
        ):
            supervisor.watch()


def test_a_child_ends_with_its_parent(background: Callable[..., "subprocess.Popen[str]"]) -> None:
    script = (
        "import subprocess, time\n"
        f"child = subprocess.Popen({TETHERED!r}, stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = background("-c", script)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: "http.server" in arguments_of(child), 30)
    parent.kill()
    wait_until(lambda: not arguments_of(child), 30)


def test_a_child_holds_its_servers_until_it_has_ended(directory: DataDirectory) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(directory.path),
        "EMBEDDED_SERVERS": "mailbox",
        "PYTHONUNBUFFERED": "1",
    }
    with use([Mail(directory)]) as held:
        child = subprocess.Popen(
            TETHERED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=PROJECT,
        )
        assert child.stdout is not None
        child.stdout.readline()  # it serves, and so it holds what it needs
    assert held.dead() is None, "the child still needs it"
    assert child.stdin is not None
    child.stdin.close()
    child.stdout.close()
    child.wait(10)
    wait_until(lambda: held.dead() is not None, 30)
