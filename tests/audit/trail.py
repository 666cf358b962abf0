"""Sealing within a test's own transaction, and changing the trail as only the owner of its tables can."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from audit import verifying
from audit.actions.record import record
from audit.anchors import Anchor
from displacement.models import Household
from tests.factories.accounts import UserFactory
from tests.factories.displacement import HouseholdFactory

TABLES = ("audit_auditevent", "audit_rowchange", "audit_reading", "audit_seal")


def run(statement: str, *values: Any) -> None:
    """One statement past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def seal() -> None:
    """What a commit does, without one."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def past_the_triggers() -> Iterator[None]:
    """As the owner of the tables, who can switch triggers off and on again."""
    for table in TABLES:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def no_more_readings() -> Iterator[None]:
    """The database itself takes no reading meanwhile."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE audit_reading ADD CONSTRAINT no_more CHECK (false) NOT VALID")
    yield
    run("ALTER TABLE audit_reading DROP CONSTRAINT no_more")


def three_seals() -> Household:
    """A household whose organisation's chain has three seals, each with two acts, the first with its registration, too."""
    household, by = HouseholdFactory.create(), UserFactory.create()
    for reason in ("first", "second", "third"):
        record("look", household, by=by, reason=reason)
        record("look_again", household, by=by, reason=reason)
        seal()
    return household


def told(chain: UUID | None = None, anchors: list[Anchor] | None = None) -> str:
    """All sentences of a verification."""
    return "\n".join(verifying.faults(organisation=chain, anchors=anchors or []))
