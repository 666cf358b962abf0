"""The programs of the service itself: web, workers and clock, each bound to its parent's life."""

import os
import sys
from dataclasses import dataclass

WEB_WORKERS = 2
#: Endpoints that are told at the same time. They wait for others' servers nearly all of it.
ENDPOINTS_AT_ONCE = 8
WEB_THREADS = 4


_CELERY = (
    *("celery", "-A", "config", "worker"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


@dataclass(frozen=True)
class Program:
    """One program and how long its orderly stop may take."""

    name: str
    arguments: tuple[str, ...]
    stop_seconds: float = 30

    @property
    def command(self) -> list[str]:
        """Python arguments that run it under a tether."""
        return [sys.executable, "-m", "config.embedded.tether", *self.arguments]


def web(descriptor: int) -> Program:
    """gunicorn on a socket that is bound already, so that nobody takes the port while the register loads."""
    memory = ("--worker-tmp-dir", "/dev/shm") if os.access("/dev/shm", os.W_OK) else ()  # noqa: S108 - heartbeat
    return Program(
        "web",
        (
            *("gunicorn", "config.wsgi:application", "--bind", f"fd://{descriptor}", "--preload"),
            *("--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS), "--worker-class", "gthread"),
            *("--no-control-socket", "--graceful-timeout", "20", "--timeout", "60", *memory),
        ),
    )


def worker() -> Program:
    """One process takes tasks; a second would only compete for two cores."""
    return Program("worker", (*_CELERY, "--concurrency", "1"), stop_seconds=60)


def webhooks() -> Program:
    """Tells endpoints, several at once: one that does not answer holds up neither the others nor mails, lists and reports."""
    at_once = ("--pool", "threads", "--concurrency", str(ENDPOINTS_AT_ONCE))
    named = ("--queues", "webhooks", "--hostname", "webhooks@%h")
    return Program("webhooks", (*_CELERY, *named, *at_once), stop_seconds=60)


def clock() -> Program:
    """Celery's beat; it keeps no file, since the database says what is due."""
    return Program("clock", ("celery", "-A", "config", "beat", "--scheduler", "celery.beat:Scheduler"))


def command(name: str, *arguments: str) -> Program:
    """A management command in a process of its own; the servers are named by the environment already."""
    return Program(name, ("django", *arguments))
