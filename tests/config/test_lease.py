"""Embedded servers run while somebody uses them: real processes, started, shared, killed."""

import os
import signal
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
import redis

from config.embedded.directory import DataDirectory
from config.embedded.kinds import KINDS
from config.embedded.lease import Held, use
from config.embedded.ports import answers, free_port
from config.embedded.server import Server
from config.embedded.state import State, read_state, write_state
from tests.config.conftest import alive, running, wait_until

Start = Callable[..., "subprocess.Popen[str]"]


def servers(directory: DataDirectory) -> list[Server]:
    return [kind(directory, throwaway=True) for kind in KINDS.values()]


def answering(held: Held) -> list[str]:
    with psycopg.connect(held.environment["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with redis.Redis.from_url(held.environment["REDIS_URL"]) as client:
        assert client.ping()
    assert answers(urlsplit(held.environment["EMAIL_URL"]).port or 0)
    return alive(held.leases[0].server.directory)


def test_servers_run_for_the_time_of_the_block(directory: DataDirectory) -> None:
    with use(servers(directory)) as held:
        assert answering(held) == list(KINDS) == running(directory)
    assert alive(directory) == running(directory) == []


def test_they_stop_in_reverse_order(directory: DataDirectory) -> None:
    heard: list[str] = []
    with use(servers(directory), lambda happening, server, _s: heard.append(f"{server.name} {happening}")):
        pass
    assert heard[3:] == ["mailbox stopped", "valkey stopped", "postgres stopped"]


def test_data_and_ports_outlast_a_restart(directory: DataDirectory) -> None:
    durable = [kind(directory) for kind in KINDS.values()]
    with use(durable) as held:
        with psycopg.connect(held.environment["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(held.environment["REDIS_URL"]) as client:
            client.set("kept", "42")
        first = held.environment
    with use(durable) as held:
        assert held.environment == first
        with psycopg.connect(held.environment["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        with redis.Redis.from_url(held.environment["REDIS_URL"]) as client:
            assert client.get("kept") == b"42"


def test_a_second_user_shares_them_and_the_last_one_stops_them(
    directory: DataDirectory, background: Start
) -> None:
    with use(servers(directory)) as held:
        other = background("-m", "tests.config.holder")
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        before = read_state(directory.run / "postgres.json")
    assert alive(directory) == list(KINDS), "the other one still uses them"
    assert read_state(directory.run / "postgres.json") == before
    assert held.dead() is None
    other.send_signal(signal.SIGINT)
    wait_until(lambda: not alive(directory), 60)


def test_killing_the_user_leaves_nothing_running(directory: DataDirectory, background: Start) -> None:
    user = background("-m", "tests.config.holder")
    assert user.stdout is not None
    assert user.stdout.readline() == "ready\n"
    assert running(directory) == list(KINDS)
    user.kill()
    wait_until(lambda: not alive(directory) and not running(directory), 20)
    with use(servers(directory)) as held:
        assert answering(held) == list(KINDS)


def test_killing_a_keeper_leaves_nothing_running_and_the_next_start_recovers(
    directory: DataDirectory,
) -> None:
    with use(servers(directory)) as held:
        for lease in held.leases:
            assert lease.keeper is not None
            lease.keeper.kill()
        wait_until(lambda: not running(directory), 20)
        assert held.dead() is not None
    with use(servers(directory)) as held:
        assert answering(held) == list(KINDS)


def test_a_stale_state_that_names_a_foreign_process_harms_nobody(directory: DataDirectory) -> None:
    for name in KINDS:
        write_state(directory.run / f"{name}.json", State(pid=os.getpid(), port=free_port()))
    with use(servers(directory)) as held:
        assert answering(held) == list(KINDS)


def test_a_state_that_is_no_state_is_as_none(directory: DataDirectory) -> None:
    (directory.run / "postgres.json").write_text("[]")
    assert read_state(directory.run / "postgres.json") is None


def test_passwords_are_for_the_owner_only_and_in_no_log_and_no_argument(directory: DataDirectory) -> None:
    with use(servers(directory)):
        secrets = list(directory.path.glob("*-password"))
        states = [read_state(directory.run / f"{name}.json") for name in KINDS]
        shown = " ".join(_command_line(state) for state in states if state)
    shown += "".join(path.read_text() for path in directory.log.iterdir())
    assert len(secrets) == 3
    for path in [*secrets, directory.path / "valkey" / "valkey.conf"]:
        assert path.stat().st_mode & 0o777 == 0o600
    assert not [path.name for path in secrets if path.read_text().strip() in shown]


def _command_line(state: State) -> str:
    command = ["ps", "-o", "args=", "-p", str(state.pid)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
