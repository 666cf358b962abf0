"""The two roles of PostgreSQL that own the wall and stand before it: whether they are there, and how they are made."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from psycopg import sql

from core.database_roles import DESK, SERVICE


class NoRoles(ImproperlyConfigured):
    """The roles are missing, and this login may not make them."""


def missing_roles(alias: str = "default") -> list[str]:
    """Those that are not there, or that this login may not take. One query."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT wanted FROM unnest(%s::text[]) wanted LEFT JOIN pg_roles r ON r.rolname = wanted"
            " WHERE r.oid IS NULL OR NOT pg_has_role(session_user, r.oid, 'SET') ORDER BY 1",
            [[DESK, SERVICE]],
        )
        return [name for (name,) in cursor.fetchall()]


def may_make_roles(alias: str = "default") -> bool:
    """Whether this login could make them by itself. One query."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user")
        return bool(cursor.fetchone()[0])


def statements(owner: str, others: tuple[str, ...] = ()) -> str:
    """What makes the roles, for the login that runs migrations and for others that own nothing; it may be run again."""
    lines = [
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        for role in (DESK, SERVICE)
    ]
    lines.append(f"GRANT {DESK} TO {_name(owner)} WITH INHERIT FALSE, SET TRUE;")
    lines.append(f"GRANT {SERVICE} TO {_name(owner)} WITH INHERIT TRUE, SET TRUE;")
    lines += [f"GRANT {DESK}, {SERVICE} TO {_name(other)} WITH INHERIT FALSE, SET TRUE;" for other in others]
    return "\n".join(lines)


def provide_roles() -> None:
    """Make the roles where they are missing. Raises NoRoles, one sentence, where this login may not."""
    if not missing_roles():
        return
    if not may_make_roles():
        raise NoRoles(
            "The database has no roles for requests and for the service. An administrator of the database runs what "
            "`manage.py database_roles` prints, once for a server; then run this again."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        cursor.execute(statements(cursor.fetchone()[0]))


def _name(role: str) -> str:
    return sql.Identifier(role).as_string()
