"""The bulk way into the register: a stream of households, checked by the database, written by COPY.

Whatever reads a file or invents a scenario ends here. Households become rows of the same tables that single registrations
write, under the same constraints. A chunk is one transaction with one audit event, or nothing at all; memory does not
grow with the stream.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from displacement.actions.serials import next_serials
from displacement.models import Household
from intake.flatten import COLUMNS, Flattener
from intake.keys import Keys
from intake.rows import NewHousehold
from intake.tables import copy

#: Households in one transaction: some 13,000 rows, enough that the cost of a transaction vanishes.
CHUNK = 1_000


@dataclass(slots=True)
class Written:
    """How much has been written so far. `people` counts human beings: named, and counted in groups that hold."""

    households: int = 0
    people: int = 0
    rows: int = 0


class Register:
    """Writes streams of households in the name of one actor."""

    def __init__(
        self,
        *,
        by: Actor,
        source: str,
        keys: Keys | None = None,
        on_chunk: Callable[[Written], None] | None = None,
    ) -> None:
        """`source` says in the audit event where the rows come from; `on_chunk` is told after each chunk."""
        self.by = by
        self.source = source
        self.written = Written()
        self._keys = keys or Keys()
        self._on_chunk = on_chunk

    def write(self, households: Iterable[NewHousehold]) -> Written:
        """Write the stream, chunk by chunk; within a transaction of the caller, all of it or nothing.

        Some twelve statements for each thousand households. Raises ValidationError where the database refuses a row, with
        the rule as its code and without what stood in the row: then its chunk is not there, and those before it are.
        """
        stream = iter(households)
        while chunk := list(islice(stream, CHUNK)):
            self._write_chunk(chunk)
            if self._on_chunk:
                self._on_chunk(self.written)
        return self.written

    @whole_or_refused()
    def _write_chunk(self, households: list[NewHousehold]) -> None:
        drawn = sum(len(household.people) + (not household.is_known) for household in households)
        serials = next_serials(drawn)
        flat = Flattener(self._keys, iter(serials))
        for household in households:
            flat.add(household)
        with connection.cursor() as cursor:
            # Rows come in the order of their keys: checked at once, no million checks wait for the commit.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model, columns in COLUMNS.items():
            if rows := flat.rows[model]:
                copy(model, columns, rows)
        self._tell(flat, sum(household.head_count for household in households))

    def _tell(self, flat: Flattener, people: int) -> None:
        """Leave the trace of the chunk, and count it. The trace holds the first and the last id, and no names."""
        ids, new = flat.households, len(flat.rows[Household])
        detail = {"households": new, "people": people, "last": str(ids[-1])}
        record("register_in_bulk", Household(pk=ids[0]), by=self.by, reason=self.source, detail=detail)
        self.written.households += new
        self.written.people += people
        self.written.rows += sum(len(rows) for rows in flat.rows.values())
