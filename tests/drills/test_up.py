"""The whole service, interrupted in every way: nothing keeps running, nothing is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from config.embedded.directory import DataDirectory
from config.embedded.state import read_state
from tests.config.conftest import directory as directory
from tests.config.conftest import manage, wait_until
from tests.config.service import IS_UP, Service

Run = Callable[..., Service]


@pytest.fixture
def run(directory: DataDirectory) -> Iterator[Run]:
    started: list[Service] = []

    def start(**options: int) -> Service:
        started.append(Service(directory, **options))
        return started[-1]

    yield start
    for service in reversed(started):  # they share the directory, so the last one has to go first
        service.end()


def counted(directory: DataDirectory) -> str:
    code = (
        "from displacement.models import Person; from reports.models import Edition, Delivery;"
        "print(Person.objects.count(), Edition.objects.count(), Delivery.objects.filter(state='sent').count())"
    )
    return manage(directory, "shell", "--no-imports", "--command", code).stdout.strip()


def test_kill_9_of_the_supervisor_leaves_nothing_running_and_nothing_lost(
    directory: DataDirectory, run: Run
) -> None:
    first = run().wait_for(IS_UP)
    before, mails = counted(directory), sorted(directory.mail.iterdir())
    first.process.kill()
    wait_until(lambda: not first.processes(), 40)
    begun = time.monotonic()
    second = run().wait_for(IS_UP)
    assert time.monotonic() - begun < 15
    assert "scenario" not in second.words
    assert counted(directory) == before
    assert sorted(directory.mail.iterdir()) == mails, "a mail was sent again"


def test_a_start_right_after_a_kill_waits_for_what_still_stops(directory: DataDirectory, run: Run) -> None:
    first = run().wait_for(IS_UP)
    first.process.kill()
    run().wait_for(IS_UP)


@pytest.mark.parametrize("moment", ["static files", "tables", "scenario", "demo sign-ins", "reports of"])
def test_killed_while_it_prepares_the_next_start_completes(
    moment: str, directory: DataDirectory, run: Run
) -> None:
    first = run().wait_for(moment)
    first.process.kill()
    run().wait_for(IS_UP)
    assert len(list(directory.mail.glob("*.eml"))) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_asked_to_stop_while_it_prepares(number: signal.Signals, run: Run) -> None:
    service = run(people=20_000).wait_for("scenario")
    assert service.interrupt(number) == 0
    assert "Traceback" not in service.words
    assert service.processes() == {}


@pytest.mark.parametrize("name", ["postgres", "valkey", "mailbox"])
def test_a_server_that_is_killed_stops_everything(name: str, directory: DataDirectory, run: Run) -> None:
    service = run().wait_for(IS_UP)
    state = read_state(directory.run / f"{name}.json")
    assert state is not None
    os.kill(state.pid, signal.SIGKILL)
    wait_until(lambda: service.process.poll() is not None, 60)
    service.end()
    assert service.process.returncode == 1
    assert f"The embedded {name} ended by itself, so everything stops" in service.words
    run().wait_for(IS_UP)


@pytest.mark.parametrize("program", ["gunicorn", "worker", "beat"])
def test_a_program_that_is_killed_is_started_again(program: str, run: Run) -> None:
    service = run().wait_for(IS_UP)
    wait_until(lambda: bool(pids(service, program)), 10)
    for pid in pids(service, program):
        os.kill(pid, signal.SIGKILL)
    service.wait_for("is started again", 10)
    wait_until(service.answers, 30)
    assert service.process.poll() is None


def pids(service: Service, program: str) -> list[int]:
    """The processes of one program, its forked children included."""
    return [pid for pid, line in service.processes().items() if "embedded.tether" in line and program in line]
