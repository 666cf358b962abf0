"""Who is told what waits (`WAITING` of the policy): which columns of which record are held back from whom. No query."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.field_classes import told_classes
from accounts.models import User
from accounts.policy import WAITING, Reach, Role, Scope

Step = tuple[str, str]


def waiting_columns(resource: str) -> frozenset[str]:
    """The columns of a kind of record (`app.model`) that may wait."""
    return WAITING[resource].columns if resource in WAITING else frozenset()


def told_organisations(scopes: Iterable[Scope], resource: str) -> frozenset[UUID]:
    """Of whose records somebody is told everything: of the organisations for which they read as a person.

    A system is not: what it copies is shown elsewhere, by rules that nobody here knows.
    """
    return frozenset(
        scope.organisation_id
        for scope in scopes
        if scope.organisation_id is not None
        and scope.role is not Role.PARTNER_SYSTEM
        and scope.reach(resource, "view")
    )


def waits_for(user: User | AnonymousUser | None, resource: str) -> bool:
    """Whether the user may see a record of the kind of which something is held back from them."""
    if not isinstance(user, User):
        return True
    showing = [scope for scope in user.scopes() if scope.reach(resource, "view")]
    return any(
        scope.reach(resource, "view") is Reach.REGION or scope.role is Role.PARTNER_SYSTEM
        for scope in showing
    )


def is_held_back(user: User | AnonymousUser | None, resource: str, organisation: Any, until: Any) -> bool:
    """Whether what waits of a record of this organisation is not told to the user, `until` being what it waits for."""
    if until is not None:
        return False
    return not isinstance(user, User) or organisation not in told_organisations(user.scopes(), resource)


def holds_back(user: User | AnonymousUser | None, way: Iterable[Step], record: Any = None) -> bool:
    """Whether what a way of columns leads to is held back from the user in this record; without one, in any.

    What is no column may be made of any.
    """
    return any(
        _waits(resource, column) and waits_for(user, resource) and not _is_told(user, resource, record)
        for resource, column in way
    )


def _waits(resource: str, column: str) -> bool:
    return resource in WAITING and (column in WAITING[resource].columns or not _is_column(resource, column))


def _is_column(resource: str, column: str) -> bool:
    app, _dot, model = resource.partition(".")
    return any(column in columns for columns in told_classes()[app][model].values())


def _is_told(user: User | AnonymousUser | None, resource: str, record: Any) -> bool:
    if record is None or record._meta.label_lower != resource:
        return False
    waiting = WAITING[resource]
    organisation = record
    for step in waiting.organisation.split("__"):
        organisation = getattr(organisation, step)
    return not is_held_back(user, resource, organisation, getattr(record, waiting.until))
