"""Asks a running part of the service whether it is well: `python -m config.healthcheck web|worker|clock`."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

#: Where compose lets the clock note that it still ticks; it does so every three minutes.
CLOCK_NOTE = "/tmp/clock"  # noqa: S108 - a private file system of its container
CLOCK_SECONDS = 600


def is_web_ready(port: int, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the desk on this machine's `port` serves: asked under a name, and a scheme, that it accepts."""
    allowed = [name for name in environ.get("ALLOWED_HOSTS", "").split(",") if name.strip("*.")]
    headers = {"Host": allowed[0].lstrip(".") if allowed else "localhost", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers=headers)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _web() -> bool:
    return is_web_ready(int(os.environ.get("PORT") or 8000))


def _worker() -> bool:
    """Whether the worker of this container answers over the broker."""
    command = [sys.executable, "-m", "celery", "-A", "config", "inspect", "ping", "--timeout", "5"]
    asked = [*command, "--destination", f"celery@{os.uname().nodename}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603 - ourselves


def _clock() -> bool:
    """Whether the clock noted its state lately."""
    notes = [path.stat().st_mtime for path in Path(CLOCK_NOTE).parent.glob(f"{Path(CLOCK_NOTE).name}*")]
    return bool(notes) and time.time() - max(notes) < CLOCK_SECONDS


PARTS: dict[str, Callable[[], bool]] = {"web": _web, "worker": _worker, "clock": _clock}


if __name__ == "__main__":
    sys.exit(0 if PARTS[sys.argv[1]]() else f"{sys.argv[1]} is not well.")
