"""A register that was backed up can be restored, and none is overwritten."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from environ import Env

from config.dumps import dump, restore
from config.embedded.directory import DataDirectory
from config.embedded.errors import EmbeddedServerError
from config.embedded.lease import use
from config.embedded.postgres import Postgres
from tests.factories.regions import RunningOperationFactory


@pytest.fixture
def url(directory: DataDirectory) -> Iterator[str]:
    """Of a database apart from the run's own."""
    with use([Postgres(directory, throwaway=True)]) as held:
        yield held.environment["DATABASE_URL"]


def test_backup_and_restore(url: str, tmp_path: Path) -> None:
    file, database = tmp_path / "register.dump", Env.db_url_config(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Суджа' AS name")
        dump(file, database)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        connection.execute("DROP TABLE kept")
        restore(file, database)
        assert connection.execute("SELECT name FROM kept").fetchone() == ("Суджа",)


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "register.dump").touch()
    with pytest.raises(EmbeddedServerError, match="exists already: name another file"):
        dump(tmp_path / "register.dump", {})


def test_a_file_that_is_no_backup_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("not a dump")
    with pytest.raises(EmbeddedServerError, match=r"^pg_restore did not succeed: .*"):
        restore(tmp_path / "other", Env.db_url_config(url))
    with pytest.raises(EmbeddedServerError, match="is no file: name one that"):
        restore(tmp_path / "missing", {})


@pytest.mark.django_db
def test_a_register_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    RunningOperationFactory.create()
    with pytest.raises(CommandError, match="This register is not empty"):
        call_command("restore", str(tmp_path / "register.dump"))
