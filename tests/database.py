"""Lets tests that commit clean up after themselves.

Audit rows and claims may never be changed or removed: triggers refuse UPDATE, DELETE and TRUNCATE. A test with
`transactional_db` or `live_server` ends with a flush, which is TRUNCATE. For the duration of that one statement, and nothing
else, the triggers of these tables are switched off. The tests that show what the triggers refuse run with them on.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
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


@pytest.fixture(scope="session", autouse=True)
def _flush_past_refusing_triggers() -> Iterator[None]:
    """For the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _flush_past_triggers)
        yield
