"""Statements that every request makes: put together by the ORM once, planned by PostgreSQL once for each connection.

Putting a query together, and planning it, cost several times what PostgreSQL needs to answer it by a key. What is asked here is
still said in terms of models, so that a renamed column is not forgotten.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.sql import InsertQuery
from psycopg import adapters
from psycopg.pq import Format

from core.veils import is_veiling, worn

#: What stands in a query for a value that is not known yet, for each kind of value.
_MARKS: dict[type, Callable[[], object]] = {UUID: uuid4, str: lambda: uuid4().hex}


#: After so many times psycopg prepares a statement that does not say so. None would let nothing be prepared at all.
_NOTHING_BY_ITSELF = 2**31
#: Where a connection of Django keeps the cursor that waits.
_KEPT = "musterpoint_cursor"


class _Preparing(ServerBindingCursor):
    """A cursor whose statements PostgreSQL keeps, planned, for as long as the connection lives. So long it is used again, too:
    to make one costs more than what a short statement costs otherwise.
    """

    _ours: Any
    _reset: Callable[[], None]

    connection: Any

    def execute(self, query: Any, params: Any = None) -> Any:
        """Run it, with values that PostgreSQL puts in.

        Only meanwhile the connection prepares. Otherwise psycopg would count what others ask, and keep the last hundred
        of their statements for that, whole, with the values that Django writes into them: names of people, megabytes of files.
        """
        self.connection.prepare_threshold = _NOTHING_BY_ITSELF
        try:
            return super().execute(query, params, prepare=True)  # type: ignore[misc]  # psycopg's, which the stubs leave out
        finally:
            self.connection.prepare_threshold = None

    def close(self) -> None:
        """Wait for the next statement, and hold no row of this one."""
        self._reset()
        vars(self._ours)[_KEPT] = self


_MAKE: Any = _Preparing  # what the stubs do not know how to make
#: psycopg's own reader of moments, in C: three times as fast as ours (core.moments), and Django cannot ask it for its zone.
_MOMENTS: Any = adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)


def preparing() -> Any:
    """A cursor of Django's connection whose statements are kept planned; its errors, wrappers and counts are Django's."""
    ours: Any = connection
    ours.close_if_health_check_failed()
    ours.ensure_connection()
    with ours.wrap_database_errors:
        return ours._prepare_cursor(kept_cursor(ours))


def kept_cursor(ours: Any) -> Any:
    """The cursor below it, of psycopg, for whoever closes it again: nobody else gets it meanwhile. The connection is open."""
    cursor = vars(ours).pop(_KEPT, None)
    if cursor is None or cursor.connection is not ours.connection:
        cursor = _MAKE(ours.connection)
        cursor.adapters.register_loader("timestamptz", _MOMENTS)
        cursor._ours = ours
    return cursor


#: A statement whose rows another one finds as `page`. They are read once, whatever the planner thinks of it.
_BOTH = 'WITH "page" AS MATERIALIZED ({}), "besides" AS ({}) SELECT * FROM "page"'


class Beside(NamedTuple):
    """What one statement does besides with the rows that it reads: SQL that finds them as `page`, and its values."""

    sql: str
    values: tuple[object, ...]


class _Statement(NamedTuple):
    sql: str
    #: Each value of the statement: the name under which it is given, or else the value that it always has.
    values: tuple[tuple[str | None, object], ...]
    #: Makes of the rows what the ORM would.
    read: Callable[[list[Any]], list[Sequence[Any]]]
    #: The order of the rows, in the names of their columns.
    order: str
    #: Whether it can find nothing, whatever the values are.
    is_empty: bool

    def with_what(self, beside: Beside | None) -> str:
        """The SQL, doing besides what is to be done, in the one transaction that a statement is."""
        if beside is None:
            return self.sql
        both = _BOTH.format(self.sql, beside.sql)
        return f"{both} ORDER BY {self.order}" if self.order else both

    def told(self, given: Mapping[str, object], beside: Beside | None) -> list[Any]:
        """Its values."""
        told: list[object] = [given[name] if name else always for name, always in self.values]
        return told if beside is None else [*told, *beside.values]


def _put_together(query: Any, marks: Mapping[str, object]) -> _Statement:
    """The statement of a query of values. It asks also where nothing can be found: what is done besides is done then too."""
    try:
        compiler, is_empty = query.query.get_compiler(DEFAULT_DB_ALIAS), False
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        compiler, is_empty = query.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False), True
        sql, params = compiler.as_sql()
    names = {mark: name for name, mark in marks.items()}
    values = tuple((names.get(value) if isinstance(value, UUID | str) else None, value) for value in params)
    converters = compiler.get_converters([column for column, *_rest in compiler.select])
    only_veils = all(is_veiling(each) for found, _column in converters.values() for each in found)

    def read(rows: list[Any]) -> list[Sequence[Any]]:
        if not converters or (only_veils and not worn()):
            return rows
        return list(compiler.apply_converters(rows, converters))

    named = [column for column in query.query.order_by if isinstance(column, str) and "?" not in column]
    order = ", ".join(f'"{column[1:]}" DESC' if column.startswith("-") else f'"{column}"' for column in named)
    return _Statement(sql, values, read, order, is_empty)


def ask(query: Any, beside: Beside | None = None) -> list[Sequence[Any]]:
    """What a query of values finds, asked this once. One statement."""
    statement = _put_together(query, {})
    with connection.cursor() as cursor:
        cursor.execute(statement.with_what(beside), statement.told({}, beside))
        return statement.read(cursor.fetchall())


class Prepared:
    """A query of values (`.values_list()`) that differs by its parameters alone.

    `build` makes it from the parameters by name; `kinds` says what each is, UUID or str. It is called once, with values that
    stand for others, so it must not look at them, and they are compared as they are: no `LIKE`, no cast.
    """

    def __init__(self, build: Callable[..., Any], **kinds: type) -> None:
        self._build, self._kinds = build, kinds

    def rows(self, beside: Beside | None = None, **values: object) -> list[Sequence[Any]]:
        """What the query finds with these values. One statement."""
        statement = self._statement
        with preparing() as cursor:
            cursor.execute(statement.with_what(beside), statement.told(values, beside))
            return statement.read(cursor.fetchall())

    def put_together(self) -> None:
        """Do now what else happens when it is first asked, and let go of what `build` holds."""
        self._statement  # noqa: B018 - it is made and kept
        del self._build

    @cached_property
    def _statement(self) -> _Statement:
        marks = {name: _MARKS[kind]() for name, kind in self._kinds.items()}
        statement = _put_together(self._build(**marks), marks)
        if not statement.is_empty and {name for name, _value in statement.values if name} != set(marks):
            raise TypeError("The query does not ask about each of its parameters as it was given.")
        return statement


class Remembered:
    """Queries that were put together before, by all that they hang on: so much that two of the same name are the same."""

    def __init__(self, most: int = 500) -> None:
        self._most, self._known = most, dict[Hashable, Prepared]()

    def known(self, name: Hashable, build: Callable[..., Any], **kinds: type) -> Prepared:
        """The query of this name. `build` is called where it is not known yet."""
        found = self._known.get(name)
        if found is None:
            found = Prepared(build, **kinds)
            found.put_together()
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[name] = found
        return found

    def forget(self) -> None:
        """All of them; for tests that change how they are put together."""
        self._known.clear()


class Columns:
    """All columns of a model, to be asked for through a relation and to make its object from."""

    def __init__(self, model: type[models.Model], through: str = "") -> None:
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields]
        self.lookups = [through + name for name in self.names]

    def made(self, values: Iterable[Any]) -> Any:
        """The object as a query would have made it."""
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, list(values))


def insert(row: models.Model) -> None:
    """Add one row as `bulk_create` would: its own `save` is not called, and no signal is sent. One INSERT."""
    sql, compiler = _insert_into(type(row))
    columns = row._meta.local_concrete_fields
    values = [compiler.prepare_value(column, compiler.pre_save_val(column, row)) for column in columns]
    with preparing() as cursor:
        cursor.execute(sql, values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insert_into(model: type[models.Model]) -> tuple[str, Any]:
    """The statement, and what knows how values are written for it."""
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, [model()], raw=True)
    compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
    ((sql, _params),) = compiler.as_sql()
    query.raw = False
    return str(sql), compiler
