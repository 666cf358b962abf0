"""Which commands get servers, and what the environment names."""

import os
import socket
import stat

import pytest

from config.embedded.commands import needs_servers, unnamed_servers
from config.embedded.directory import DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.installation import alone, port_of
from config.embedded.ports import free_port
from tests.config.conftest import alive, manage


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("", False),
        ("help", False),
        ("migrate --help", False),
        ("collectstatic", False),
        ("demo_code registrar", False),
        ("--version", False),
        ("migrate", True),
        ("makemigrations --check", True),
        ("load_scenario kursk-2024", True),
        ("a_command_of_tomorrow", True),
    ],
)
def test_which_command_needs_servers(line: str, needed: bool) -> None:
    assert needs_servers(["manage.py", *line.split()]) is needed


def test_a_command_without_servers_starts_none_but_has_its_secret(directory: DataDirectory) -> None:
    done = manage(directory, "version")
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE((directory.path / "secret-key").stat().st_mode) == 0o600
    assert not (directory.path / "postgres").exists()
    assert manage(directory, "diffsettings").returncode == 0


def test_a_command_with_servers_has_them_for_its_time(directory: DataDirectory) -> None:
    asked = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 1'); print(k.fetchone())"
    )
    done = manage(directory, "shell", "--no-imports", "--command", asked)
    assert (done.stdout, done.stderr, done.returncode) == ("(1,)\n", "", 0)
    assert alive(directory) == []
    assert manage(directory, "shell", "--no-imports", "--command", asked).stdout == "(1,)\n"


def test_servers_that_the_environment_names_are_not_started(
    directory: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL")
    assert [server.name for server in unnamed_servers(directory)] == ["valkey"]
    monkeypatch.setenv("EMBEDDED", "never")
    with pytest.raises(EmbeddedServerError, match="REDIS_URL is not set, and EMBEDDED=never"):
        unnamed_servers(directory)


def test_a_missing_secret_is_an_error_where_nothing_may_be_made_up(directory: DataDirectory) -> None:
    done = manage(directory, "version", EMBEDDED="never")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SECRET_KEY is not set" in done.stderr


def test_up_names_a_busy_port_and_another_one(directory: DataDirectory) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = manage(directory, "up", PORT=str(port))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"Port {port} is used by another program: stop that, or choose another")
    assert f"PORT={port + 1}" in done.stderr
    assert alive(directory) == []


def test_a_second_up_names_the_address_of_the_first(directory: DataDirectory) -> None:
    port = free_port()
    with alone(directory, port):
        done = manage(directory, "up", PORT=str(free_port()))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"runs already on {directory.path}: http://localhost:{port}/" in done.stderr


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none(text: str) -> None:
    with pytest.raises(EmbeddedServerError, match="PORT must be a number from 1 to 65535"):
        port_of({"PORT": text})


def test_the_port_has_a_default() -> None:
    assert port_of({}) == port_of({"PORT": ""}) == 8000
    assert os.environ.get("PORT") is None or port_of(os.environ)
