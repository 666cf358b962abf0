"""The kinds of record of whose changes other systems are told, by the names that the policy has for them.

Nothing above is imported: a kind is a resource of the policy (`app.model`), and its model says itself whom it is visible to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.urls import reverse

from accounts.models import User
from accounts.visibility import may


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `parts` are tables that its answers show, each with the column that names the record."""

    name: str
    resource: str
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def model(self) -> Any:
        """Its model, whose `visible_to` decides who is told."""
        return apps.get_model(self.resource)

    @property
    def address(self) -> str:
        """The path under which the API shows its records, each by its id."""
        return reverse(f"api:{self.name}-list")


#: The name is that of the API's view; a new kind is one line here, and `manage.py migrate` lets the trail keep its keys.
KINDS = (
    Kind(
        "household",
        "displacement.household",
        {"displacement.householdgroup": "household_id", "displacement.consent": "household_id"},
    ),
    Kind(
        "person",
        "displacement.person",
        {"displacement.personneed": "person_id", "displacement.identitydocument": "person_id"},
    ),
    Kind("movement", "displacement.movement"),
    Kind(
        "shelter",
        "shelters.shelter",
        {"shelters.shelterstate": "shelter_id", "shelters.protectedplace": "shelter_id"},
    ),
    Kind("stay", "shelters.stay"),
    Kind("headcount", "shelters.headcount"),
    Kind("incident", "displacement.incident"),
    Kind(
        "casualty",
        "displacement.casualty",
        {"displacement.casualtysource": "casualty_id", "displacement.casualtystep": "casualty_id"},
    ),
    Kind("batch", "intake.batch"),
)
NAMES = tuple(kind.name for kind in KINDS)
#: Tables (`app.model`) of which the trail keeps all keys.
TOLD = frozenset(resource for kind in KINDS for resource in (kind.resource, *kind.parts))


def parts_of(resource: str) -> Mapping[str, str]:
    """Tables that the answers of a kind of record (`app.model`) show, each with the column that names the record."""
    return next(kind.parts for kind in KINDS if kind.resource == resource)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the trail: of which kind its rows tell, and through which column where they are parts of a record."""

    name: str
    kind: str
    parent: str = ""


@cache
def tables() -> tuple[Table, ...]:
    """All told tables, by their names in the database."""
    return tuple(
        Table(apps.get_model(resource)._meta.db_table, kind.name, parent)
        for kind in KINDS
        for resource, parent in {kind.resource: "", **kind.parts}.items()
    )


def open_to(user: User, only: frozenset[str] = frozenset(NAMES)) -> list[Kind]:
    """The kinds of which this user may see records at all, of these names. No query beyond the user's scopes."""
    return [kind for kind in KINDS if kind.name in only and may(user, kind.resource, "view")]
