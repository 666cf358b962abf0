"""What gunicorn writes of requests that it cannot read, and of answers that break off: nothing that was sent."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from config.embedded.directory import PROJECT
from config.embedded.programs import web
from tests.config.careless_app import NAME
from tests.config.conftest import wait_until

HOST = "Host: localhost\r\nConnection: keep-alive\r\n"
BODY = json.dumps({"family_name": NAME, "given_name": "Олена"}, ensure_ascii=False, separators=(",", ":"))
#: What a client sends that counts letters for bytes: the end of its body reads like the next request.
MISCOUNTED = f"POST / HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\n{{}}{BODY}\r\n\r\n"
SENT = {
    "InvalidHTTPVersion": f"GET /person/?q=Olena {NAME} HTTP/1.1\r\n{HOST}\r\n",
    "InvalidHeaderName": f"GET / HTTP/1.1\r\n{HOST}{NAME} Олена: 1\r\n\r\n",
    "InvalidHeader": f"GET / HTTP/1.1\r\n{HOST}{NAME}\r\n\r\n",
    "InvalidRequestMethod": f"{NAME}, / HTTP/1.1\r\n{HOST}\r\n",
    "InvalidRequestLine": MISCOUNTED,
    "ValueError": f"GET /file?q={NAME} HTTP/1.1\r\n{HOST}\r\n",
}


@contextmanager
def _serving(log: Path, *options: str) -> Iterator[int]:
    """Gunicorn as `manage.py up` starts it, with another application, and its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener, log.open("wb") as file:
        number: int = listener.fileno()
        arguments = web(number).arguments
        command = [arguments[0], "tests.config.careless_app", *arguments[2:], *options]
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=PROJECT,
            env={**os.environ, "GUNICORN_CMD_ARGS": ""},
            stdout=file,
            stderr=file,
            pass_fds=[number],
        )
        try:
            wait_until(lambda: log.read_text().count("Booting") == 2, 30)
            yield listener.getsockname()[1]
        finally:
            process.terminate()
            process.wait(30)


def _told(tmp_path: Path, *options: str) -> str:
    """Everything that it writes while it is sent what it cannot read."""
    log = tmp_path / "log"
    with _serving(log, *options) as port:
        for words in SENT.values():
            before = log.stat().st_size
            with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
                line.sendall(words.encode())
                wait_until(lambda before=before: log.stat().st_size > before, 10)  # type: ignore[misc]
                with suppress(OSError):
                    line.shutdown(socket.SHUT_WR)
    return log.read_text()


def test_it_says_what_kind_of_thing_was_wrong(tmp_path: Path) -> None:
    told = _told(tmp_path)
    assert NAME not in told
    assert "127.0.0.1," not in told
    assert "ip=" not in told
    lines = [json.loads(line) for line in told.splitlines()]
    for kind in SENT:
        assert any(kind in (line.get("exception"), line["event"].split()[-1]) for line in lines), kind


def test_gunicorn_by_itself_writes_all_of_it_down(tmp_path: Path) -> None:
    """The control."""
    told = _told(tmp_path, "--logger-class", "gunicorn.glogging.Logger")
    assert told.count(NAME) >= len(SENT)
    assert "ip=127.0.0.1" in told


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml"])
def test_the_container_starts_it_where_its_file_lies(file: str) -> None:
    text = (PROJECT / file).read_text()
    assert "gunicorn" in text
    for other in (
        "--config",
        "--chdir",
        "--logger-class",
        "--log-config",
        "--access-logfile",
        "GUNICORN_CMD_ARGS",
    ):
        assert other not in text, f"{other} would replace what gunicorn.conf.py says"
    assert (PROJECT / "gunicorn.conf.py").is_file()
    assert "COPY . ." in (PROJECT / "Dockerfile").read_text()
    assert "gunicorn" not in (PROJECT / ".dockerignore").read_text()
