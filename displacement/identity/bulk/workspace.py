"""A place of its own for one run: DuckDB with bounded memory, whose overflow lies in a private folder and goes with it.

What a killed run left there is removed by the next run: a folder whose lock nobody holds belongs to nobody.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import pyarrow

from displacement.identity.identity import Features

#: Memory that a run may hold before it uses the disk; a million people need about as much.
MEMORY = "3GB"
THREADS = 2
#: Rows handed to DuckDB at a time.
CHUNK = 50_000

_PREFIX, _LOCK = "identity-", "lock"

Connection = duckdb.DuckDBPyConnection

FEATURES = pyarrow.schema(
    [
        ("unique_id", pyarrow.int64()),
        *((name, pyarrow.string()) for name in ("family", "given", "patronymic")),
        *((name, pyarrow.string()) for name in ("family_loose", "given_loose")),
        ("aliases", pyarrow.list_(pyarrow.int64())),
        ("initials", pyarrow.string()),
        ("sex", pyarrow.string()),
        ("year", pyarrow.int32()),
        ("month_day", pyarrow.string()),
        ("is_year_exact", pyarrow.bool_()),
        *((name, pyarrow.string()) for name in ("phone", "place")),
        ("documents", pyarrow.list_(pyarrow.int64())),
    ]
)
_COMPARED = pyarrow.schema([*FEATURES, ("id", pyarrow.string()), ("keys", pyarrow.list_(pyarrow.int64()))])
PEOPLE, HELD = "people", "held"
_Row = TypeVar("_Row", bound=Sequence[Any])


@contextmanager
def workspace(*, memory: str = MEMORY) -> Iterator[Connection]:
    """A connection to an empty database in memory; nothing of it stays."""
    with _folder() as folder:
        connection = duckdb.connect(":memory:")
        try:
            for name, value in (
                ("memory_limit", memory),
                ("threads", THREADS),
                ("temp_directory", folder),
                ("preserve_insertion_order", False),
                ("enable_progress_bar", False),
                ("enable_external_access", False),
                ("autoinstall_known_extensions", False),
            ):
                connection.execute(f"SET {name} = '{value}'")
            yield connection
        finally:
            connection.close()


@contextmanager
def _folder() -> Iterator[str]:
    """A private folder that is ours as long as we hold its lock."""
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, Path(folder, ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Under its name only once it is held: who looks meanwhile finds no lock, and leaves the folder alone.
        Path(lock.name).rename(Path(folder, _LOCK))
        yield folder


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError), (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


class Compared(NamedTuple):
    """One person of a run: the number under which the run knows them, their id, what is compared, and their keys."""

    number: int
    id: str
    features: Features
    keys: Sequence[int]


def write_people(connection: Connection, people: Iterable[Compared]) -> None:
    """Make the tables `people` (what is compared) and `held` (unique_id, id, keys), chunk by chunk."""
    connection.register("_chunk", _COMPARED.empty_table())
    features = ", ".join(FEATURES.names)
    connection.execute(f"CREATE TABLE {PEOPLE} AS SELECT {features} FROM _chunk")
    connection.execute(f"CREATE TABLE {HELD} AS SELECT unique_id, id, keys FROM _chunk")
    for chunk in _chunks(people):
        rows = [(number, *flat(of), name, keys) for number, name, of, keys in chunk]
        connection.register("_chunk", _table(rows, _COMPARED))
        connection.execute(f"INSERT INTO {PEOPLE} SELECT {features} FROM _chunk")
        connection.execute(f"INSERT INTO {HELD} SELECT unique_id, id, keys FROM _chunk")
    connection.unregister("_chunk")


def number(connection: Connection, query: str) -> int:
    """The one number that a query answers."""
    # Read to the end: a result that is not holds the connection.
    [(answer,)] = connection.execute(query).fetchall()
    return int(answer)


def write_features(connection: Connection, table: str, rows: Iterable[tuple[int, Features]]) -> None:
    """Make a table of what is compared alone, from pairs of a number and the features under it."""
    write(connection, table, FEATURES, ((number, *flat(features)) for number, features in rows))


def flat(features: Features) -> tuple[Any, ...]:
    """Features as a row of the table."""
    return tuple(tuple(value) if isinstance(value, frozenset) else value for value in features)


def write(connection: Connection, table: str, schema: pyarrow.Schema, rows: Iterable[Sequence[Any]]) -> None:
    """Make a table and fill it, chunk by chunk."""
    connection.register("_chunk", schema.empty_table())
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM _chunk")
    for chunk in _chunks(rows):
        connection.register("_chunk", _table(chunk, schema))
        connection.execute(f"INSERT INTO {table} SELECT * FROM _chunk")
    connection.unregister("_chunk")


def _chunks(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _table(rows: Sequence[Sequence[Any]], schema: pyarrow.Schema) -> pyarrow.Table:
    columns = zip(zip(*rows, strict=True), schema, strict=True)
    return pyarrow.Table.from_arrays(
        [pyarrow.array(column, field.type) for column, field in columns], schema=schema
    )
