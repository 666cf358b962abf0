"""Lets tests that commit clean up after themselves, in a tenth of the time that Django takes.

Django empties every table by TRUNCATE, which makes new files for all of them and their indexes, though most hold nothing. Here
the few with rows are emptied by DELETE. Audit rows and claims may never be changed or removed: triggers refuse it. For the
duration of these statements, and nothing else, the triggers of these tables are switched off. The tests that show what the
triggers refuse run with them on. What each `migrate` makes anew (kinds of records, triggers, the wall) stays as it is.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.core.management.commands import flush
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate

#: Made by `migrate`, and by nothing else.
_KEPT = {"django_content_type", "auth_permission"}

#: How often the database is dropped at the end, while others still let go of it.
_ATTEMPTS = 5

#: What lets tests make accounts of partners' systems of before there were clients, and one of all roles at once. What the
#: database says of new ones is tested in tests/accounts/test_systems_have_clients.py.
OLD_SYSTEMS = [
    f"ALTER TABLE {table} DISABLE TRIGGER {trigger};"
    for table in ("accounts_membership", "accounts_client")
    for trigger in ("system_has_client", "system_keeps_client")
]


def let_old_systems_be(**_told: Any) -> None:
    """After a `migrate`, which has made the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("".join(OLD_SYSTEMS))


def _delete_past_triggers(
    operations: DatabaseOperations, _style: Any, tables: list[str], **_options: Any
) -> list[str]:
    """What empties the tables that hold rows; Django runs it in one transaction, at whose end foreign keys are looked at."""
    names = [operations.quote_name(table) for table in tables if table not in _KEPT]
    filled = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(filled)
        names = [name for (name,) in cursor.fetchall()]
    off = [f"ALTER TABLE {name} DISABLE TRIGGER USER;" for name in names]
    on = [f"ALTER TABLE {name} ENABLE TRIGGER USER;" for name in names]
    emptied = [f"DELETE FROM {name};" for name in names]
    return [*off, *emptied, "SET CONSTRAINTS ALL IMMEDIATE;", *on, *OLD_SYSTEMS]


def _drop_with_its_sessions(creation: DatabaseCreation, name: str, _verbosity: int) -> None:
    """At the end of the run: a process that a test killed may not have let go of the database yet.

    PostgreSQL's own cleaning is ended by a plain DROP alone, since its process belongs to whom we may not end.
    """
    drop = f"DROP DATABASE {connection.ops.quote_name(name)}"
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own does
        for _attempt in range(_ATTEMPTS):
            for words in (f"{drop} WITH (FORCE)", drop):
                with suppress(ProgrammingError, OperationalError):
                    cursor.execute(words)
                    return
        cursor.execute(drop)


@pytest.fixture(scope="session", autouse=True)
def _flush_and_drop() -> Iterator[None]:
    """For the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _delete_past_triggers)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
        patch.setattr(DatabaseCreation, "_destroy_test_db", _drop_with_its_sessions)
        post_migrate.connect(let_old_systems_be, sender=apps.get_app_config("accounts"))
        yield
