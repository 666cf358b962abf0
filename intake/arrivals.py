"""What arrives and who is erased take turns: nothing comes in between the last look through what waits and the erasure."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def arrive(organisation: UUID) -> None:
    """Let a list or a form come in, beside others, unless somebody of the organisation is being erased: then wait for that.

    Until the transaction is over. Taken before any lock of a form or a list. One query.
    """
    _take("pg_advisory_xact_lock_shared", organisation)


def stop(organisations: Collection[UUID]) -> None:
    """Let nothing come in before the transaction is over, once what is coming in is there. A query for each."""
    for organisation in sorted(organisations):
        _take("pg_advisory_xact_lock", organisation)


def _take(lock: str, organisation: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"arrivals {organisation}"])
