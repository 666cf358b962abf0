"""The web server as it is shipped, with one application in it: it is asked for pages over HTTP, and their cost is metered."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import orjson
from django.conf import settings
from django.db import connection

from benchmarks.processor import descendants, of_process
from config.embedded.ports import HOST
from config.embedded.programs import web
from core.limits import valkey

#: As many as the web server's threads.
CONNECTIONS = 8
_STARTS_IN_SECONDS = 60
_OURS = "config.wsgi:application"


class Cost(NamedTuple):
    """Seconds of a page: of the processor, for the web server, PostgreSQL and Valkey together, and by the clock."""

    processor: float
    clock: float


class Server:
    """A started web server, which asks the database of the benchmark."""

    def __init__(self, port: int, process: int, token: str) -> None:
        self._port, self._process = port, process
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, path: str, each: int) -> Cost:
        """Ask for the page so often on each connection, all at once. Raises SystemExit for another answer than 100 people."""
        before, began = self._spent(), time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            for done in [threads.submit(self._ask, path, each) for _ in range(CONNECTIONS)]:
                done.result()
        clock, after = time.perf_counter() - began, self._spent()
        spent = sum(seconds - before.get(process, 0) for process, seconds in after.items())
        pages = CONNECTIONS * each
        return Cost((spent or clock) / pages, clock / pages)

    def wait(self) -> None:
        """Until it answers. Raises TimeoutError."""
        deadline = time.monotonic() + _STARTS_IN_SECONDS
        while time.monotonic() < deadline:
            try:
                http = HTTPConnection(HOST, self._port, timeout=_STARTS_IN_SECONDS)
                http.request("GET", "/api/v1/people/", headers=self._headers)
                http.getresponse().read()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise TimeoutError("The web server of the benchmark does not answer.")

    def _ask(self, path: str, each: int) -> None:
        http = HTTPConnection(HOST, self._port, timeout=60)
        for _ in range(each):
            http.request("GET", path, headers=self._headers)
            answer = http.getresponse()
            body = answer.read()
            if answer.status != 200 or body.count(b'"given_name"') != 100:
                raise SystemExit(f"{answer.status} {body[:500]!r}")
        if len(orjson.loads(body)["results"]) != 100:
            raise SystemExit("A page has another number of people.")
        http.close()

    def _spent(self) -> dict[int, float]:
        """Processor seconds so far of each process that works for a page."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            sessions = {pid for (pid,) in cursor.fetchall()}
        told: Any = valkey(settings.REDIS_URL).info("server")
        return {
            each: of_process(each)
            for each in {*descendants(self._process), *sessions, int(told["process_id"])}
        }


@contextmanager
def serving(application: str, token: str) -> Iterator[Server]:
    """A web server with `module:name` in it, on the database that this process works with; ended afterwards."""
    with socket.create_server((HOST, 0)) as bound:
        program = web(bound.fileno())
        command = [application if part == _OURS else part for part in program.command]
        place = urlsplit(os.environ["DATABASE_URL"])
        its_own = place._replace(path=f"/{connection.settings_dict['NAME']}")
        environment = {
            **os.environ,
            "DATABASE_URL": urlunsplit(its_own),
            "API_REQUESTS_A_MINUTE": str(10**9),
        }
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[bound.fileno()],
        )
        try:
            server = Server(bound.getsockname()[1], process.pid, token)
            server.wait()
            yield server
        finally:
            process.terminate()
            process.wait(program.stop_seconds)
