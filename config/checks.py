"""Checks of the database server itself, run by `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from config.row_roles import may_make_roles, missing_roles


def knows_cyrillic_letters(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A database with character type C takes Cyrillic letters for punctuation: every search by name finds nothing."""
    return [
        Error(
            "The database does not know Cyrillic letters, so that no search by name finds anything.",
            hint="Create it with --locale-provider=builtin --builtin-locale=C.UTF-8 (as docker-compose.yml does).",
            id="musterpoint.E001",
        )
        for alias in databases or []
        if not _is_letter("Ж", alias)
    ]


def has_roles(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Without the roles of requests and of the service there is no wall between the rows of organisations."""
    return [
        Error(
            f"The database has no roles for requests and for the service: {', '.join(missing)}.",
            hint="An administrator of the database runs what `manage.py database_roles` prints, once for a server.",
            id="musterpoint.E002",
        )
        for alias in databases or []
        if (missing := missing_roles(alias)) and not may_make_roles(alias)
    ]


def _is_letter(character: str, alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT %s ~ '[[:alpha:]]'", [character])
        return bool(cursor.fetchone()[0])
