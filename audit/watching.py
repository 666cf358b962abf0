"""The triggers that write down what each statement does to the rows of a table: its number of rows, their keys, no value.

They are made from the models after every `migrate`, so that a new table or column cannot be forgotten. One function
for each table and kind of statement, since PostgreSQL keeps the plan of a function and not that of a built statement.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from audit.models import KEYS_TOLD

#: Lookups from a row to the organisation that it belongs to; the first one that leads to one counts.
Paths = tuple[str, ...]
_SEND = {"uuid": "uuid_send", "bigint": "int8send", "integer": "int4send"}
_STATEMENTS = ("insert", "update", "delete")
#: Whoever changed rows need not be able to write what is told of it, nor to see whose they are.
_AS_OWNER = " SECURITY DEFINER SET search_path FROM CURRENT"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table, its key, and how its rows lead to their organisation."""

    model: type[models.Model]
    paths: Paths = ()
    #: Whether all keys are kept of each statement, since other systems are told of them; then its key is a UUID.
    keeps_ids: bool = False

    @property
    def table(self) -> str:
        """Its name."""
        return self.model._meta.db_table

    @property
    def keys(self) -> list[str]:
        """The columns of its primary key."""
        fields: list[Any] = list(self.model._meta.pk_fields)
        return [field.column for field in fields]

    @property
    def columns(self) -> list[str]:
        """Its columns."""
        return [field.column for field in self.model._meta.concrete_fields if field.column]

    def key_of(self, row: str) -> str:
        """The primary key as one value that sorts."""
        if len(self.keys) == 1:
            return f'{row}."{self.keys[0]}"'
        return "concat_ws(':', " + ", ".join(f'{row}."{key}"' for key in self.keys) + ') COLLATE "C"'

    @property
    def sender(self) -> str:
        """The function that writes a key as bytes."""
        fields: list[Any] = list(self.model._meta.pk_fields)
        kind = str(fields[0].db_type(connection)) if len(fields) == 1 else "text"
        return _SEND.get(kind.split("(")[0], "textsend")

    def organisation_of(self, row: str) -> str:
        """The organisation's id as an expression over a row: of several paths the first that leads to one."""
        found = [_looked_up(self.model, path.split("__"), row) for path in self.paths]
        return f"coalesce({', '.join(found)})" if found else "NULL::uuid"


def _looked_up(model: type[models.Model], path: list[str], row: str) -> str:
    """Key by key, one lookup inside the other. A join could be planned for a table that looks empty to statistics made while
    its first rows were on their way, and read it whole for each row; a lookup is by its index or not at all.
    """
    step, *beyond = path
    field: Any = model._meta.get_field(step)
    column = f'{row}."{field.column}"'
    if not beyond:
        return column
    other, alias = field.related_model, f"{row}_{step}"
    found = _looked_up(other, beyond, alias)
    return f'(SELECT {found} FROM {other._meta.db_table} {alias} WHERE {alias}."{other._meta.pk.column}" = {column})'


def statements(watched: Watched) -> str:
    """The SQL that watches a table; it may be run again."""
    table = watched.table
    seen = {"insert": ("changed", "n"), "delete": ("gone", "o"), "update": ("changed", "n")}
    made = [
        _function(watched, "insert", _told_once(watched, *seen["insert"], "insert")),
        _function(watched, "delete", _told_once(watched, *seen["delete"], "delete")),
        _function(watched, "update", _told_of_update(watched)),
    ]
    tables = {
        "insert": "REFERENCING NEW TABLE AS changed",
        "delete": "REFERENCING OLD TABLE AS gone",
        "update": "REFERENCING NEW TABLE AS changed OLD TABLE AS gone",
    }
    made += [
        f"CREATE OR REPLACE TRIGGER audit_watch_{kind} AFTER {kind.upper()} ON {table} {tables[kind]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_name(table, kind)}();"
        for kind in _STATEMENTS
    ]
    made.append(
        f"CREATE OR REPLACE TRIGGER audit_watch_truncate AFTER TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_truncate();"
    )
    return "\n".join(made)


def _name(table: str, kind: str) -> str:
    return f"audit_watch_{kind}_{table}"[:63]


def _function(watched: Watched, kind: str, body: str) -> str:
    """Index lookups alone lead to organisations: a plan that was made for one row must hold for a million, and the reverse."""
    looks_up = any("__" in path for path in watched.paths)
    return (
        f"CREATE OR REPLACE FUNCTION {_name(watched.table, kind)}() RETURNS trigger LANGUAGE plpgsql{_AS_OWNER}"
        f"{' SET enable_seqscan = off' if looks_up else ''} AS $$ BEGIN {body} RETURN NULL; END $$;"
    )


def _told_once(watched: Watched, rows: str, row: str, kind: str) -> str:
    return (
        f"WITH seen AS MATERIALIZED (SELECT {watched.key_of(row)} AS key, {watched.organisation_of(row)} AS organisation"
        f" FROM {rows} {row}) {_written(watched, kind, 'ARRAY[]::varchar[]')}"
    )


def _told_of_update(watched: Watched) -> str:
    """Old and new rows meet by their key; a row whose key was changed has no partner and counts with both."""
    ours = [column for column in watched.columns if column not in watched.keys]
    differ = "".join(f', n."{column}" IS DISTINCT FROM o."{column}" AS c{n}' for n, column in enumerate(ours))
    meet = " AND ".join(f'n."{key}" = o."{key}"' for key in watched.keys)
    key = f"coalesce({watched.key_of('n')}, {watched.key_of('o')})"
    if len(watched.keys) > 1:
        key = f'CASE WHEN n."{watched.keys[0]}" IS NULL THEN {watched.key_of("o")} ELSE {watched.key_of("n")} END'
    named = ", ".join(f"CASE WHEN bool_or(s.c{n}) THEN '{column}' END" for n, column in enumerate(ours))
    columns = f"array_remove(ARRAY[{named}]::varchar[], NULL)"
    former, also_told = _former(watched)
    return (
        f"WITH seen AS MATERIALIZED (SELECT {key} AS key, {watched.organisation_of('n')} AS organisation{former}{differ}"
        f" FROM changed n FULL JOIN gone o ON {meet}){also_told} {_written(watched, 'update', columns)}"
    )


def _former(watched: Watched) -> tuple[str, str]:
    """Rows that go to another organisation are told to the former one, too, as of a touch: it alters no column.

    Only of tables of which partners' systems are told, who have copies. A column of `seen`, and the statement beside.
    """
    if not watched.keeps_ids or not watched.paths:
        return "", ""
    steps = sorted({path.split("__")[0] for path in watched.paths})
    fields: list[Any] = [watched.model._meta.get_field(step) for step in steps]
    columns = [field.column for field in fields]
    moved = " OR ".join(f'n."{column}" IS DISTINCT FROM o."{column}"' for column in columns)
    went = "SELECT key, former AS organisation FROM seen WHERE former <> organisation"
    told = _written(watched, "update", "ARRAY[]::varchar[]", rows="went").removesuffix(";")
    return (
        f", CASE WHEN {moved} THEN {watched.organisation_of('o')} END AS former",
        f", went AS MATERIALIZED ({went}), left_behind AS ({told})",
    )


def _written(watched: Watched, kind: str, columns: str, rows: str = "seen") -> str:
    # In the order of the digest, so that the rows are sorted once for both.
    ids = "array_agg(s.key ORDER BY s.key)" if watched.keeps_ids else "NULL"
    return (
        "INSERT INTO audit_rowchange"
        " (id, at, organisation_id, table_name, operation, rows, columns, keys, ids, digest, role)"
        f" SELECT uuidv7(), clock_timestamp(), s.organisation, '{watched.table}', '{kind}', count(*), {columns},"
        f" CASE WHEN count(*) <= {KEYS_TOLD} THEN ARRAY(SELECT k.key::varchar FROM {rows} k"
        " WHERE k.organisation IS NOT DISTINCT FROM s.organisation ORDER BY k.key)"
        f" ELSE ARRAY[]::varchar[] END, {ids},"
        f" sha256(string_agg({watched.sender}(s.key), ''::bytea ORDER BY s.key)), session_user"
        f" FROM {rows} s GROUP BY s.organisation;"
    )


#: TRUNCATE tells no rows. It is the service's own chain that holds it, or that of the organisation that was written before.
_TRUNCATION = f"""
CREATE OR REPLACE FUNCTION audit_watch_truncate() RETURNS trigger LANGUAGE plpgsql{_AS_OWNER} AS $$ BEGIN
    INSERT INTO audit_rowchange (id, at, table_name, operation, rows, columns, keys, digest, role)
    VALUES (uuidv7(), clock_timestamp(), TG_TABLE_NAME, 'truncate', NULL, '{{}}', '{{}}', sha256(''::bytea), session_user);
    RETURN NULL;
END $$;
"""


def watch(tables: Iterable[Watched]) -> bool:
    """Make the triggers of these tables as their models are now. False where they all stand already; then one query."""
    tables = list(tables)
    made = _TRUNCATION + "\n".join(statements(each) for each in tables)
    version = hashlib.sha256(made.encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regproc('audit_watch_truncate'))")
        if cursor.fetchone() == (version,) and not unwatched(each.table for each in tables):
            return False
        # What the functions keep as their search path: a table that somebody makes for a session is never taken for ours.
        cursor.execute("SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)")
        cursor.execute(made)
        cursor.execute(f"COMMENT ON FUNCTION audit_watch_truncate() IS '{version}'")
    return True


def unwatch() -> None:
    """Take the triggers away while tables are altered: their functions name columns that may be gone halfway through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t"
            " WHERE NOT t.tgisinternal AND t.tgname ~ '^audit_watch_'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def note_migrations(names: Iterable[str]) -> None:
    """Write down that these migrations ran: what they did to rows while nothing was watched, their own text says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_rowchange (id, at, table_name, operation, rows, columns, keys, digest, role)"
            " VALUES (uuidv7(), clock_timestamp(), '*', 'migrate', NULL, '{}', %s, sha256(''::bytea), session_user)",
            [list(names)],
        )


def unwatched(tables: Iterable[str]) -> list[str]:
    """Those of the tables of which some statement would leave no trace: a trigger is missing or switched off. One query."""
    wanted = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname ~ '^audit_watch_' AND t.tgenabled <> 'D' GROUP BY 1"
        )
        found: Mapping[str, int] = dict(cursor.fetchall())
    return sorted(table for table in wanted if found.get(table) != len(_STATEMENTS) + 1)
