"""Lets tests that commit clean up after themselves.

Audit rows and claims may never be changed or removed: triggers refuse UPDATE, DELETE and TRUNCATE. A test with
`transactional_db` or `live_server` ends with a flush, which is TRUNCATE. For the duration of that one statement, and nothing
else, the triggers of these tables are switched off. The tests that show what the triggers refuse run with them on.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

_TABLES_THAT_REFUSE = """
    SELECT DISTINCT format('%%I', c.relname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgname !~ '^audit_watch_' AND c.relname = ANY(%s) ORDER BY 1
"""


def _flush_past_triggers(
    operations: DatabaseOperations, style: Any, tables: list[str], **options: Any
) -> list[str]:
    """Django's statements, between switching these tables' triggers off and on; Django runs them in one transaction."""
    flush = _DJANGO_FLUSH(operations, style, tables, **options)
    with connection.cursor() as cursor:
        cursor.execute(_TABLES_THAT_REFUSE, [list(tables)])
        names = [name for (name,) in cursor.fetchall()]
    off = [f"ALTER TABLE {name} DISABLE TRIGGER USER;" for name in names]
    on = [f"ALTER TABLE {name} ENABLE TRIGGER USER;" for name in names]
    # What the watched tables told of being emptied.
    return [*off, *flush, "TRUNCATE audit_rowchange;", *on]


_DJANGO_FLUSH = DatabaseOperations.sql_flush


def _drop_with_its_sessions(creation: DatabaseCreation, name: str, _verbosity: int) -> None:
    """At the end of the run: a process that a test killed may not have let go of the database yet."""
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own does
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def _flush_and_drop() -> Iterator[None]:
    """For the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _flush_past_triggers)
        patch.setattr(DatabaseCreation, "_destroy_test_db", _drop_with_its_sessions)
        yield
