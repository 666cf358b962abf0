"""The process does not start where it would be unsafe, and says why in one sentence."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from pytest_django import Settings

from config import starting
from config.checks import has_roles
from config.embedded.directory import PROJECT
from config.starting import Unsafe, refuse_unsafe_database, refuse_unsafe_settings, start_web, start_worker
from core import database_roles
from core.database_roles import CLOSED, EVERYBODY, LOGIN
from tests.conftest import servers
from tests.workers import database_url


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_roles, "_base", LOGIN)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": ["desk.example.org", "*"]}, "wildcard"),
        ({"ALLOWED_HOSTS": [".example.org"]}, "wildcard"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
    ],
)
def test_unsafe_settings(changes: dict[str, Any], words: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    refuse_unsafe_settings()
    with override_settings(**changes), pytest.raises(Unsafe, match=words):
        refuse_unsafe_settings()


@pytest.mark.django_db
def test_a_database_that_may_lose_what_was_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the tests is such a one: it says so, and is refused where it does not."""
    refuse_unsafe_database()
    monkeypatch.delenv("MAY_LOSE_DATA")
    with pytest.raises(Unsafe, match="fsync off"):
        refuse_unsafe_database()
    monkeypatch.setattr(starting, "_DURABLE", ("full_page_writes",))
    with pytest.raises(Unsafe, match="full_page_writes off"):
        refuse_unsafe_database()
    monkeypatch.setattr(starting, "_DURABLE", ("synchronous_commit",))
    with pytest.raises(Unsafe, match="synchronous_commit off"):
        refuse_unsafe_database()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    refuse_unsafe_database()


@pytest.fixture
def _may_set(db: None) -> Iterator[None]:
    """The login of the tests may change how much PostgreSQL writes into its log, which is for administrators else."""
    there = connection.settings_dict
    password = servers.directory.secret("postgres-superuser-password")
    url = f"postgres://postgres:{password}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    with psycopg.connect(url, autocommit=True) as admin:
        for verb, word in (("GRANT", "TO"), ("REVOKE", "FROM")):
            for name in [*TALKATIVE, "log_min_messages", "log_transaction_sample_rate"]:
                admin.execute(f"{verb} SET ON PARAMETER {name} {word} {there['USER']}".encode())
            if verb == "GRANT":
                yield


TALKATIVE = {
    "log_min_error_statement": "error",
    "log_error_verbosity": "default",
    "log_statement": "mod",
    "log_min_duration_statement": "0",
    "log_min_duration_sample": "0",
}


def _log() -> str:
    return "".join(path.read_text(errors="replace") for path in servers.directory.log.glob("postgres*"))


@pytest.mark.usefixtures("_may_set")
@pytest.mark.parametrize("name", TALKATIVE)
def test_a_database_that_would_write_statements_into_its_log(name: str) -> None:
    """Each of them alone brings a name into the log of the server, where a family is refused or takes long."""
    who, kept = f"Жхцкв{name}", len(_log())
    told = ("SELECT %s::text, pg_sleep(0.01)", [who])
    refuse_unsafe_database()
    with connection.cursor() as cursor:
        cursor.execute(*told)
        _refused(who)
        assert who not in _log()[kept:]
        cursor.execute(f"SET LOCAL {name} = '{TALKATIVE[name]}'")
        if name.startswith("log_") and name.endswith(("statement", "verbosity")) and "duration" not in name:
            cursor.execute("SET LOCAL log_min_messages = 'error'")
        with pytest.raises(Unsafe, match=rf"{name} = |log_min_messages = error"):
            refuse_unsafe_database()
        cursor.execute(*told)
        _refused(who)
    assert who in _log()[kept:], "the control"


@pytest.mark.usefixtures("_may_set")
def test_one_that_writes_whole_transactions_from_their_beginning_on() -> None:
    refuse_unsafe_database()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_transaction_sample_rate = 0.1")
    with pytest.raises(Unsafe, match=r"log_transaction_sample_rate = 0\.1"):
        refuse_unsafe_database()


def _refused(who: str) -> None:
    """A row that a constraint refuses, and that PostgreSQL quotes."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS told (name text UNIQUE)")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("INSERT INTO told VALUES (%s), (%s)", [who, who])


@pytest.mark.django_db
def test_a_database_without_the_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_roles(["default"]) == has_roles(None) == []
    monkeypatch.setattr("config.row_roles.DESK", "nobody_here")
    with pytest.raises(Unsafe, match="nobody_here"):
        refuse_unsafe_database()
    [error] = has_roles(["default"])
    assert error.id == "musterpoint.E002"


@pytest.mark.django_db
def test_how_connections_of_each_process_stand(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    closed: list[bool] = []
    monkeypatch.setattr("config.starting.connections.close_all", lambda: closed.append(True))
    start_web()
    assert database_roles._base == CLOSED
    start_worker()
    assert database_roles._base == EVERYBODY
    assert closed == [True, True]


def _start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": database_url(), "ALLOWED_HOSTS": "desk.example.org", **environment}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command",
    [("-c", "import config.wsgi"), ("-m", "celery", "-A", "config", "worker", "--pool", "solo")],
    ids=["web", "worker"],
)
def test_a_real_process_ends_with_a_sentence(command: tuple[str, ...]) -> None:
    done = _start(*command, ALLOWED_HOSTS="*")
    assert done.returncode == 1
    assert "Musterpoint does not start. ALLOWED_HOSTS has a wildcard" in done.stderr
    assert "Traceback" not in done.stderr


_LATE = """
import os
from config.wsgi import application
from django.conf import settings
from django.db import connection
here = settings.DATABASES["default"]
here["PORT"] = connection.settings_dict["PORT"] = os.environ["LATER"]
for _ in range(2):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        print("served")
    except Exception as error:
        print(type(error).__name__, error)
"""


@pytest.mark.django_db
@pytest.mark.parametrize("may_lose", ["false", "true"])
def test_a_database_that_was_away_at_the_start_is_looked_at_with_the_first_connection(may_lose: str) -> None:
    """The database of the tests may lose data: it is refused each time, and served where it may."""
    url = urlsplit(database_url())
    away = url._replace(netloc=url.netloc.replace(f":{url.port}", ":1")).geturl()
    done = _start("-c", _LATE, DATABASE_URL=away, LATER=str(url.port), MAY_LOSE_DATA=may_lose)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    if may_lose == "true":
        assert lines == ["served", "served"]
    else:
        assert len(lines) == 2
        assert all(line.startswith("Unsafe PostgreSQL runs with fsync off") for line in lines)


def test_the_checks_of_a_deployment_are_clean(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what docker-compose.yml sets behind HTTPS."""
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # of the tests with a browser
    settings.SECRET_KEY = "q7" * 16 + "fGhJkLmNpQrStUvWxYz23456789"
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    assert [str(each) for each in run_checks(include_deployment_checks=True)] == []
    settings.SESSION_COOKIE_SECURE = False
    assert [each.id for each in run_checks(include_deployment_checks=True)] == ["security.W012"]


def test_the_web_server_has_the_collector_pass_over_what_is_loaded() -> None:
    """In a process of its own: what is frozen stays so."""
    told = "import gc, config.starting as s; s.keep_what_is_loaded(); print(gc.get_freeze_count(), *gc.get_threshold())"
    code = f"import django; django.setup(); {told}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    frozen, *thresholds = map(int, done.stdout.split())
    assert frozen > 50_000
    assert thresholds == [20_000, 20, 50]
