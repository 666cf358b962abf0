"""DATA_DIR: one directory for everything that an installation keeps, marked as ours, closed to others."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedServerError

PROJECT = Path(__file__).resolve().parents[2]
MARKER = "MUSTERPOINT"
MARKER_TEXT = (
    "This directory holds the data of one Musterpoint installation: database, mail, logs, keys.\n"
    "See docs/how-to/operate.md before you move or delete it.\n"
)
#: The scenario of 121,000 people takes about 500 MB with its log, static files and caches.
SPACE_NEEDED_AT_FIRST = 1024 * 1024 * 1024
SPACE_NEEDED = 300 * 1024 * 1024
#: What an installation keeps to itself: for each variable its file in DATA_DIR, and how the variable says it.
SECRETS = {
    "SECRET_KEY": ("secret-key", "{}"),
    "FIELD_ENCRYPTION_KEYS": ("field-encryption-key", "first:{}"),
    "BLIND_INDEX_KEY": ("blind-index-key", "{}"),
}


@dataclass(frozen=True)
class DataDirectory:
    """The places below one DATA_DIR. `prepare()` makes them; nothing else creates a directory at its top."""

    path: Path

    @property
    def run(self) -> Path:
        """Locks and state of what runs now."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        """One log file per process."""
        return self.path / "log"

    @property
    def mail(self) -> Path:
        """One file per mail that the embedded SMTP server took."""
        return self.path / "mail"

    @property
    def cache(self) -> Path:
        """What can be made anew at any time."""
        return self.path / "cache"

    @property
    def reports(self) -> Path:
        """The last report as a file, for the person at this machine."""
        return self.path / "reports"

    def prepare(self) -> None:
        """Make the directory, or see that an existing one is ours; else one sentence."""
        self._own_top()
        for place in (self.run, self.log, self.mail, self.cache, self.reports):
            make_directory(place)

    def _own_top(self) -> None:
        marker = self.path / MARKER
        if marker.is_file():
            return
        # Root's PostgreSQL runs as another user, who must be able to walk through here.
        make_directory(self.path, mode=0o711 if os.geteuid() == 0 else 0o700)
        if any(entry.name != MARKER for entry in self.path.iterdir()):
            raise EmbeddedServerError(
                f"{self.path} holds files that Musterpoint did not write: "
                "move them away, or set DATA_DIR to an empty directory."
            )
        with writing(marker):
            marker.write_text(MARKER_TEXT)

    @property
    def space_needed(self) -> int:
        """Bytes that a start may take: more where there is no register yet."""
        return SPACE_NEEDED if (self.path / "postgres").exists() else SPACE_NEEDED_AT_FIRST

    def require_space(self, needed: int) -> None:
        """Refuse to start where the disk has fewer than `needed` bytes left."""
        free = shutil.disk_usage(self.path).free
        if free < needed:
            raise EmbeddedServerError(
                f"The disk under {self.path} has {free // 2**20} MB left, {needed // 2**20} MB are needed: "
                "free some space, or set DATA_DIR to another disk."
            )

    def secret(self, name: str) -> str:
        """The random secret kept in file `name` (0600): made at first use, the same ever after."""
        path = self.path / name
        if not path.is_file():
            _keep_new_secret(path)
        with writing(path):
            return path.read_text().strip()


def make_directory(path: Path, mode: int = 0o700) -> None:
    """Make `path` with `mode`, or leave an existing directory as it is."""
    with writing(path):
        if path.exists() and not path.is_dir():
            raise EmbeddedServerError(
                f"{path} is a file, but Musterpoint needs a directory there: "
                "move it away, or set DATA_DIR to another directory."
            )
        if not path.is_dir():
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(mode)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in one sentence why `path` can not be read or written, instead of a traceback."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EmbeddedServerError(
                f"No space left on the disk of {path}: free some, or set DATA_DIR to another disk."
            ) from error
        raise EmbeddedServerError(
            f"Can not write {path} ({error.strerror}): "
            "make it writable for you, or set DATA_DIR to another directory."
        ) from error


def _keep_new_secret(path: Path) -> None:
    """Write a whole new secret, unless another process was first: readers never see half of one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with writing(path):
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink()


def data_directory(environ: Mapping[str, str]) -> DataDirectory:
    """The directory that DATA_DIR names, by default `var` beside manage.py."""
    return DataDirectory(Path(environ.get("DATA_DIR") or PROJECT / "var").expanduser().resolve())
