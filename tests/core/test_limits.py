"""Limits hold when everybody tries at once, against the real Valkey."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from redis import Redis

from core.limits import Limit, LimitsAway, give_back, take

PARALLEL, MOST, WORKERS = 200, 5, 4


def _at_once(attempt: Callable[[], bool]) -> int:
    """How many of 200 tries that begin together are let through."""
    gate, passed = threading.Barrier(PARALLEL), []

    def run() -> None:
        gate.wait()
        passed.append(attempt())

    threads = [threading.Thread(target=run) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == PARALLEL
    return sum(passed)


def _limit(most: int = MOST, seconds: int = 60) -> Limit:
    return Limit(f"test:{uuid.uuid4()}", most, seconds)


def test_of_200_tries_at_once_as_many_pass_as_may() -> None:
    name, address = _limit(), _limit(most=100)
    assert _at_once(lambda: take(name, address)) == MOST


_WORKER = """
import sys, threading
import django
django.setup()
from core.limits import Limit, take
key, tries, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
passed = []
threads = [threading.Thread(target=lambda: passed.append(take(Limit(key, most, 60)))) for _ in range(tries)]
print("ready", flush=True)
sys.stdin.readline()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(passed), len(passed), flush=True)
"""


def test_of_200_tries_in_several_workers_at_once_as_many_pass_as_may() -> None:
    """As the web server's processes do, each with connections of its own."""
    key, each = f"test:{uuid.uuid4()}", PARALLEL // WORKERS
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", _WORKER, key, str(each), str(MOST)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=environment, **pipes) for _ in range(WORKERS)]
    assert [worker.stdout.readline() for worker in workers if worker.stdout] == ["ready\n"] * WORKERS
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert (sum(int(n) for n, _all in told), sum(int(n) for _n, n in told)) == (MOST, PARALLEL)


def test_reading_and_then_writing_would_let_more_through() -> None:
    """The control: the same 200 tries against a limit that asks first and counts afterwards."""
    key = f"test:{uuid.uuid4()}"
    with Redis.from_url(os.environ["REDIS_URL"], max_connections=PARALLEL) as shared:

        def careless() -> bool:
            count = int(shared.get(key) or 0)
            if count >= MOST:
                return False
            time.sleep(0.01)  # others ask meanwhile, however busy the machine is
            shared.set(key, count + 1, 60)
            return True

        assert _at_once(careless) > MOST


def test_a_try_that_one_limit_refuses_counts_under_none() -> None:
    narrow, wide = _limit(most=1), _limit(most=3)
    assert [take(narrow, wide) for _ in range(4)] == [True, False, False, False]
    assert [take(wide) for _ in range(3)] == [True, True, False]


def test_what_was_right_is_given_back_and_never_more() -> None:
    limit = _limit(most=2)
    give_back(limit)
    assert [take(limit) for _ in range(3)] == [True, True, False]
    give_back(limit)
    assert [take(limit) for _ in range(2)] == [True, False]


def test_a_limit_ends() -> None:
    limit = _limit(most=1, seconds=1)
    assert (take(limit), take(limit)) == (True, False)
    threading.Event().wait(1.1)
    assert take(limit)


def test_without_valkey_nobody_is_let_through(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(LimitsAway):
        take(_limit())
