"""Django's backend for PostgreSQL, which is asked less often whether it is there (`ENGINE` in the settings)."""

import select
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import OperationalError

#: For so many seconds a server that was there is taken to be there still, while nothing says otherwise.
MOMENT = 5


class Operations(operations.DatabaseOperations):
    """Django's own, which tell nothing of a statement that was prepared."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The statement for whoever counts or reads them; without values where PostgreSQL put them in."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Before the first statement of a request Django asks `SELECT 1`, so that nobody meets a connection that was closed.

    A server that stops, or ends a session, says so on the socket, which is looked at without a round trip. What says nothing,
    such as a firewall that forgets, shows after MOMENT by asking.
    """

    ops_class = Operations
    _was_there = 0.0

    def is_usable(self) -> bool:
        """Whether statements can be sent."""
        now = monotonic()
        if now - self._was_there < MOMENT and self._says_nothing():
            return True
        is_there: bool = super().is_usable()
        self._was_there = now if is_there else 0.0
        return is_there

    def connect(self) -> None:
        """A new connection, whose server has just answered."""
        super().connect()
        self._was_there = monotonic()

    def _says_nothing(self) -> bool:
        """Whether nothing waits to be read: between statements PostgreSQL speaks only to say that it goes."""
        ours: Any = self.connection
        waiting = select.poll()
        try:
            waiting.register(ours.fileno(), select.POLLIN)
        except OperationalError:
            return False  # it is closed
        return not waiting.poll(0)
