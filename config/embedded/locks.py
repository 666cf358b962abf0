"""File locks that the kernel drops when their holder dies, so that no stale pid file can ever mislead us."""

import os
from pathlib import Path
from typing import Self

from config.embedded.errors import EmbeddedServerError

try:
    import fcntl
except ImportError as missing:  # Windows
    raise EmbeddedServerError(
        "Musterpoint runs on Linux and macOS: on Windows use WSL or docker compose (docs/how-to/run.md)."
    ) from missing


class FileLock:
    """An advisory lock on one file, held for as long as the object is open; children never inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Wait until nobody holds the lock alone, then hold it with others."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def take(self) -> None:
        """Wait until nobody else holds the lock, then hold it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Hold the lock alone if nobody else holds it now."""
        return self._try(fcntl.LOCK_EX)

    def try_share(self) -> bool:
        """Hold the lock with others if nobody holds it alone now."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        """Hold it no longer, but keep the file open."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Release and close; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def is_held(path: Path) -> bool:
    """Whether a living process holds this lock alone."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.try_share()
