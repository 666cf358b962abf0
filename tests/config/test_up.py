"""`manage.py up`, the whole of it, on few people: from nothing to a mailed report, and down in order."""

import signal
import stat
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy

import pytest

from config.embedded.directory import DataDirectory
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


def test_from_an_empty_directory_to_a_mailed_report_and_down_in_order(
    directory: DataDirectory, run: Run
) -> None:
    service = run().wait_for(IS_UP)
    assert service.answers()
    for place in (
        f"http://localhost:{service.port}/",
        "demo-accounts.tsv",
        "demo_code registrar",
        ".eml",
        ".pdf",
    ):
        assert place in service.words
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in directory.mail.glob("*.eml")
    ]
    assert len({mail["X-Envelope-To"] for mail in mails}) == len(mails) == 3
    assert stat.S_IMODE((directory.path / "demo-accounts.tsv").stat().st_mode) == 0o600
    assert service.interrupt() == 0
    assert service.processes() == {}
    order = [line.split()[0] for line in service.words.splitlines() if " stopped " in line]
    assert order == ["clock", "web", "webhooks", "worker", "mailbox", "valkey", "postgres"]
    rows = [row.split("\t") for row in (directory.path / "demo-accounts.tsv").read_text().splitlines()[1:]]
    secret = {word for _role, _user, *words in rows for word in words}
    assert len(secret) == 2 * len(rows) > 0
    assert not [word for word in secret if word in service.words]


def test_a_hang_up_stops_it_though_this_run_is_under_nohup(run: Run) -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        service = run().wait_for("static files")
    finally:
        signal.signal(signal.SIGHUP, former)
    assert service.interrupt(signal.SIGHUP) == 0
    assert service.processes() == {}
