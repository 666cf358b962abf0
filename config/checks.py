"""Checks of the database server itself, run by `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections


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


def _is_letter(character: str, alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT %s ~ '[[:alpha:]]'", [character])
        return bool(cursor.fetchone()[0])
