"""What every embedded server has in common: how its keeper prepares, starts, recognises and stops it."""

import os
import pwd
import signal
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, TypedDict

from config.embedded.directory import DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.state import State


class Server(ABC):
    """One kind of server over one data directory. `throwaway` servers (tests) trade durability for speed."""

    #: Name of its files under DATA_DIR, and in messages.
    name: ClassVar[str]
    #: The environment variable that names another server instead of this one.
    variable: ClassVar[str]
    #: Asks for an orderly stop.
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    #: Seconds that an orderly stop may take before the process is killed.
    stop_seconds: ClassVar[float] = 30

    def __init__(self, directory: DataDirectory, *, throwaway: bool = False) -> None:
        self.directory = directory
        self.throwaway = throwaway

    @abstractmethod
    def prepare(self, port: int) -> None:
        """Make whatever must lie on disk before the first start; does nothing where it lies there already."""

    @property
    @abstractmethod
    def mark(self) -> str:
        """The argument of its command that no other process of this machine has: a path of ours."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The program and its arguments, `mark` among them; it stays in the foreground."""

    @abstractmethod
    def is_ready(self, state: State) -> bool:
        """Whether the process of this state answers as ours: the right protocol, and where it has a password, the right one."""

    @abstractmethod
    def url(self, port: int) -> str:
        """The value of its environment variable, password included: never print it."""

    def complete(self, port: int) -> None:  # noqa: B027 - most servers need nothing
        """What can be set up only while it runs; safe to repeat."""

    def user(self) -> pwd.struct_passwd | None:
        """The account it runs under, where that is not our own."""
        return None


def package_file(package: str, relative: str, variable: str) -> Path:
    """A program inside an installed wheel, found without importing it (its import has side effects)."""
    spec = find_spec(package)
    path = Path(spec.origin).parent / relative if spec and spec.origin else None
    if path is None or not path.is_file():
        raise EmbeddedServerError(
            f"{package} has no server for this platform: set {variable} to one that you run."
        )
    return path


class Identity(TypedDict, total=False):
    """What subprocess needs to start a child as another user."""

    user: int
    group: int
    extra_groups: list[int]


def as_user(user: pwd.struct_passwd | None) -> Identity:
    """Arguments for subprocess: run as `user`, in none of root's groups; nothing where no user is named."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom root's PostgreSQL runs as (it refuses to run as root); None where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return user
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: "
        "run as another user, or set DATABASE_URL."
    )
