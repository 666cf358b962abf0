"""How this package asks the database: one statement, with the moments of the question as its parameters."""

from typing import Any

from django.db import connection

from core.database_roles import Why, as_service
from reports.figures.decoys import parameters_of
from reports.figures.known import seen_as
from reports.figures.moment import Moment


def rows(sql: str, moment: Moment, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement that may name any of `Moment.parameters()` and of the given parameters; one query.

    Where somebody was merged since `known_at`, its tables give the rows as they were known then; decoys are in none of them.
    """
    statement = seen_as(
        sql, is_before_merges=moment.is_before_merges, has_decoys=bool(moment.decoys.households)
    )
    with as_service(Why.FIGURES), connection.cursor() as cursor:
        cursor.execute(statement, {**moment.parameters(), **parameters, **parameters_of(moment.decoys)})
        return list(cursor.fetchall())
