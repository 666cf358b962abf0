"""How this package asks the database: one statement, with the moments of the question as its parameters."""

from typing import Any

from django.db import connection

from core.database_roles import Why, as_service
from reports.figures.known import as_known
from reports.figures.moment import Moment


def rows(sql: str, moment: Moment, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement that may name any of `Moment.parameters()` and of the given parameters; one query.

    Where somebody was merged since `known_at`, its tables give the rows as they were known then.
    """
    statement = as_known(sql) if moment.is_before_merges else sql
    with as_service(Why.FIGURES), connection.cursor() as cursor:
        cursor.execute(statement, {**moment.parameters(), **parameters})
        return list(cursor.fetchall())
