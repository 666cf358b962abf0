"""A place of its own for one run: DuckDB with bounded memory, whose overflow lies in a private folder and goes with it."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import duckdb
import pyarrow

from displacement.identity.identity import Features

#: Memory that a run may hold before it uses the disk; a million people need about as much.
MEMORY = "3GB"
THREADS = 2
#: Rows handed to DuckDB at a time.
CHUNK = 50_000

Connection = duckdb.DuckDBPyConnection

FEATURES = pyarrow.schema(
    [
        ("unique_id", pyarrow.int64()),
        *((name, pyarrow.string()) for name in ("family", "given", "patronymic")),
        *((name, pyarrow.string()) for name in ("family_loose", "given_loose")),
        ("aliases", pyarrow.list_(pyarrow.int64())),
        ("sex", pyarrow.string()),
        ("year", pyarrow.int32()),
        ("month_day", pyarrow.string()),
        ("is_year_exact", pyarrow.bool_()),
        *((name, pyarrow.string()) for name in ("phone", "place")),
    ]
)
_ALIASES = Features._fields.index("aliases")
_KEYS = pyarrow.schema([("unique_id", pyarrow.int64()), ("key", pyarrow.int64())])


@contextmanager
def workspace(*, memory: str = MEMORY) -> Iterator[Connection]:
    """A connection to an empty database in memory; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="identity-") as folder:
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


def write_features(connection: Connection, table: str, rows: Iterable[tuple[int, Features]]) -> None:
    """Make the table of what is compared, from pairs of a number and the features under it."""
    write(connection, table, FEATURES, ((number, *flat(features)) for number, features in rows))


def flat(features: Features) -> tuple[Any, ...]:
    """Features as a row of the table."""
    return (*features[:_ALIASES], tuple(features.aliases), *features[_ALIASES + 1 :])


def write_keys(connection: Connection, table: str, rows: Iterable[tuple[int, int]]) -> None:
    """Make the table of who has which key."""
    write(connection, table, _KEYS, rows)


def write(connection: Connection, table: str, schema: pyarrow.Schema, rows: Iterable[Sequence[Any]]) -> None:
    """Make a table and fill it, chunk by chunk."""
    connection.register("_chunk", schema.empty_table())
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM _chunk")
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        columns = [
            pyarrow.array(column, field.type)
            for column, field in zip(zip(*chunk, strict=True), schema, strict=True)
        ]
        connection.register("_chunk", pyarrow.Table.from_arrays(columns, schema=schema))
        connection.execute(f"INSERT INTO {table} SELECT * FROM _chunk")
    connection.unregister("_chunk")
