"""What the policy says should happen, worked out from its tables alone: no code under test is asked."""

import tomllib
from dataclasses import dataclass
from functools import cache

from accounts.bounds import BOUNDS
from accounts.policy import EVERYTHING, MASKED, POLICY, WAITING, FieldClass, Reach, Role
from tests.repository.source import ROOT


@dataclass(frozen=True)
class Place:
    """Where a record lies, seen from somebody who works for one organisation in one region."""

    name: str
    is_own_organisation: bool = False
    is_own_region: bool = False
    exists: bool = True


OWN = Place("own", is_own_organisation=True, is_own_region=True)
ELSEWHERE = Place("own organisation, other region", is_own_organisation=True)
FOREIGN = Place("other organisation", is_own_region=True)
FAR = Place("other organisation and region")
ABSENT = Place("absent", exists=False)
PLACES = (OWN, ELSEWHERE, FOREIGN, FAR)


def may_at_all(role: Role, resource: str, action: str) -> bool:
    """Whether the policy opens this act on some record."""
    return resource in POLICY[role] and action in POLICY[role][resource].actions


def may(role: Role, resource: str, action: str, place: Place) -> bool:
    """Whether the policy opens it on a record there."""
    if not place.exists or not may_at_all(role, resource, action):
        return False
    bounds = BOUNDS.get(resource, frozenset())
    is_everybodys = POLICY[role][resource].actions[action] is Reach.REGION
    is_ours = place.is_own_organisation or is_everybodys or "organisation" not in bounds
    return is_ours and (place.is_own_region or "region" not in bounds)


def sees(role: Role, resource: str, column: str, place: Place) -> bool:
    """Whether the policy shows this column of a record there, whole: what it masks, to nobody but partners' systems.

    What waits is not told yet in any of the grounds, so that only people of the record's organisation see it.
    """
    is_waiting = resource in WAITING and column in WAITING[resource].columns
    if is_waiting and (role is Role.PARTNER_SYSTEM or not place.is_own_organisation):
        return False
    if column in MASKED.get(resource, {}) and role is not Role.PARTNER_SYSTEM:
        return False
    kind = class_of(resource, column)
    return may(role, resource, "view", place) and kind in EVERYTHING and kind in POLICY[role][resource].sees


def class_of(resource: str, column: str) -> FieldClass:
    """As the file says."""
    app, _dot, model = resource.partition(".")
    return next(FieldClass(name) for name, columns in _classes()[app][model].items() if column in columns)


@cache
def _classes() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((ROOT / "accounts" / "field_classes.toml").read_text(encoding="utf-8"))


def personal_columns(resource: str) -> list[str]:
    """Every column that is not open."""
    app, _dot, model = resource.partition(".")
    lists = _classes()[app][model]
    return [column for name, columns in lists.items() if name != "open" for column in columns]


@cache
def personal_tables() -> tuple[str, ...]:
    """Every table with such a column."""
    return tuple(
        f"{app}.{model}"
        for app, models in _classes().items()
        for model in models
        if personal_columns(f"{app}.{model}")
    )
