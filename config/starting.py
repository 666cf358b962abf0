"""What a process looks at before it serves anybody: it does not start where it would be unsafe, and says why in a sentence."""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from config.row_roles import missing_roles
from config.row_security import open_tables
from core.database_roles import CLOSED, EVERYBODY, Standing, begin_with

#: Settings of PostgreSQL without which a power cut loses or breaks what was committed.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
#: Settings of PostgreSQL by which its own log takes statements and rows of people, with the values that write nothing of them.
#: Names that the server does not know are those of modules that it has not loaded.
_QUIET: Mapping[str, Sequence[str]] = {
    "log_min_error_statement": ("panic", "fatal", "log"),
    "log_min_messages": ("log", "fatal", "panic"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "auto_explain.log_min_duration": ("-1",),
}
_SHORTEST_KEY = 32


class Unsafe(ImproperlyConfigured):
    """The process must not start as it is."""


def start_web() -> None:
    """Refuse to serve where that is unsafe; connections see nobody's rows until somebody has signed in."""
    _start(CLOSED)
    keep_what_is_loaded()


def keep_what_is_loaded() -> None:
    """Let the garbage collector look only through what requests make, and less often: an answer holds thousands of objects,
    and of what is loaded by now nothing goes. Processes that are forked share its memory with this one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def start_worker() -> None:
    """Refuse to work where that is unsafe; what the service does, it does for everybody."""
    _start(EVERYBODY)


def _start(standing: Standing) -> None:
    try:
        refuse_unsafe_settings()
        refuse_unsafe_database()
    except Unsafe as error:
        raise SystemExit(f"Musterpoint does not start. {error}") from None
    except OperationalError:
        # A restart is no answer to a database that is away: /health/ready says so, and asks again. What was not looked at is
        # looked at with the first connection.
        connection_created.connect(_look_late, dispatch_uid=_look_late.__name__)
    finally:
        connections.close_all()  # children are forked, and none may use its parent's connection
    begin_with(standing)


def _look_late(connection: BaseDatabaseWrapper, **_told: object) -> None:
    """Refuse each connection while the database is unsafe. Raises Unsafe, which nobody catches: the log has the sentence."""
    connection_created.disconnect(dispatch_uid=_look_late.__name__)
    try:
        refuse_unsafe_database()
    except BaseException:
        connection_created.connect(_look_late, dispatch_uid=_look_late.__name__)
        connection.close()
        raise


def refuse_unsafe_settings() -> None:
    """Raise Unsafe where the settings would open the service, or show its insides."""
    for sentence in _troubles():
        raise Unsafe(sentence)


def _troubles() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on: pages of errors would show records and secrets. Switch it off in the settings."
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS has a wildcard: anybody could pass their own address off as ours. Name each host."
    if not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is empty: name the hosts under which browsers reach the desk."
    if len(settings.SECRET_KEY) < _SHORTEST_KEY:
        yield f"SECRET_KEY is shorter than {_SHORTEST_KEY} characters: .env.example says how to make one."


def may_lose_data() -> bool:
    """Whether the environment says that this database is for tests or benchmarks, which lose nothing of value."""
    return os.environ.get("MAY_LOSE_DATA") == "true"


def refuse_unsafe_database() -> None:
    """Raise Unsafe where PostgreSQL may lose what was committed, would write of people into its log, or has no wall between
    organisations. Six queries.
    """
    if not may_lose_data():
        with connection.cursor() as cursor:
            for name in _DURABLE:
                cursor.execute("SELECT current_setting(%s)", [name])
                if cursor.fetchone()[0] == "off":
                    raise Unsafe(
                        f"PostgreSQL runs with {name} off: a power cut would lose or break what was committed. "
                        "Switch it on in postgresql.conf."
                    )
    _refuse_talkative_database()
    if missing := missing_roles():
        raise Unsafe(
            f"PostgreSQL has no role {missing[0]} for this login, so that nothing stands between the rows of organisations: "
            "an administrator of the database runs what `manage.py database_roles` prints, then `manage.py migrate`."
        )
    if tables := open_tables():
        raise Unsafe(
            f"PostgreSQL does not keep organisations apart in {tables[0]}, which tells of people: run `manage.py migrate`."
        )


def _refuse_talkative_database() -> None:
    """A statement that fails or takes long holds names, and a log is read by others than the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_QUIET)])
        found = dict(cursor.fetchall())
    for name, quiet in _QUIET.items():
        if name in found and found[name] not in quiet:
            raise Unsafe(
                f"PostgreSQL runs with {name} = {found[name]}: its log would take statements with the names of people. "
                f"Set {name} = {quiet[0]} in postgresql.conf and reload it, or as its administrator: "
                f"ALTER ROLE {connection.settings_dict['USER']} SET {name} = '{quiet[0]}'."
            )
