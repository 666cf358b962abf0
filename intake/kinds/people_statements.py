"""Statements from staged rows into the tables of the register: columns that every fact has, and how slots are read."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from displacement.actions.consents import CONSENT_TEXT
from intake.flatten import COLUMNS
from intake.kinds.kind import Chunk

_FIRST_VERSION = 1
STAGED = "intake_stagedrow"
ID, SERIAL = "uuidv7()", "nextval('displacement_registration_serial')"
#: What gives another value each time, or has no type of its own.
_OUTSIDE = (ID, SERIAL, "NULL", "''")
#: Memory for one sort or join of a chunk.
WORK_MEMORY = "64MB"


class Statements:
    """What a writer of one chunk's rows builds on. `slots` says where each field stands in a row's values."""

    def __init__(self, slots: Mapping[str, int], chunk: Chunk) -> None:
        self._slots, self._chunk = slots, chunk
        batch, span = chunk.batch, chunk.span
        self._params: dict[str, Any] = {
            "batch": batch.pk,
            "organisation": batch.organisation_id,
            "after": span.after,
            "last": span.last,
            "worst": chunk.worst,
            "here": batch.registered_in_id,
            "received": batch.received_at,
            "at": chunk.at,
            "by": chunk.by.pk,
            "text": CONSENT_TEXT,
        }

    def insert(self, model: type[models.Model], values: Mapping[str, str], source: str) -> int:
        """One INSERT with every column of the table; what every fact has is filled in here."""
        fact = {
            "recorded_at": "%(at)s",
            "recorded_by": "%(by)s",
            "voided_at": "NULL",
            "voided_by": "NULL",
            "void_reason": "''",
            "serial": SERIAL,
            "organisation_id": "%(organisation)s",
            "obtained": "''",
            "version": str(_FIRST_VERSION),
        }
        known = {**fact, **values}
        columns = COLUMNS[model]
        outside = [column for column in columns if known[column] in _OUTSIDE]
        told = ", ".join(f"{known[column]} AS {column}" for column in columns if column not in outside)
        chosen = ", ".join(known[column] if column in outside else f"q.{column}" for column in columns)
        # Ids are drawn outside: inside, whole staged rows and not a few columns would be sorted.
        return self.run(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
            f" SELECT {chosen} FROM (SELECT {told} FROM {source}) q"
        )

    def run(self, statement: str) -> int:
        """Run a statement with the chunk's parameters; answers the rows that it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            return int(cursor.rowcount)

    def rows_of(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a question."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def rows(self) -> str:
        """The rows that are written, as `s`."""
        return f"{STAGED} s WHERE {self.written()}"

    def written(self) -> str:
        """Which rows of the chunk are written."""
        return (
            "s.batch_id = %(batch)s AND s.lead > %(after)s AND s.lead <= %(last)s AND s.severity <= %(worst)s"
            " AND NOT s.is_left_out AND s.known_as IS NULL"
        )

    def text(self, name: str, row: str = "s") -> str:
        """The SQL for a slot; an empty text where nothing is known."""
        return f"{row}.value[{self._slots[name] + 1}]"

    def number(self, name: str, row: str = "s") -> str:
        """The SQL for a slot that holds a whole number; NULL where nothing is known."""
        return f"nullif({self.text(name, row)}, '')::int"

    def code(self, name: str, unknown: str) -> str:
        """The SQL for a slot that holds a code, with what stands for not known."""
        return f"coalesce(nullif({self.text(name)}, ''), '{unknown}')"

    def here(self, row: str) -> str:
        """The SQL for the region in which the row's people are registered."""
        return f"coalesce({self.number('registered_in', row)}, %(here)s)"

    def registered_at(self, row: str = "s") -> str:
        """The SQL for when the row's people were registered: when the list came, unless it says so itself."""
        return f"coalesce(nullif({self.text('registered_on', row)}, '')::timestamptz, %(received)s)"
