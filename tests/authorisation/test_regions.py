"""PostgreSQL alone keeps regions of one organisation apart: every table of people, to see, to change and to add."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models, transaction
from django.db.models import F

from accounts.bounds import BOUNDS, EVERY, WAYS
from accounts.policy import Role
from accounts.rows import standing_of
from config.row_security import Walled, walled
from core.database_roles import LOGIN, Standing, stand
from displacement.models import Household, Person
from tests.authorisation.expected import ELSEWHERE, OWN
from tests.authorisation.grounds import HERE, THERE, Grounds
from tests.factories.accounts import MembershipFactory, user_in_role
from tests.factories.regions import region

pytestmark = pytest.mark.django_db

BOUNDED = [wall for wall in walled() if wall.kind in WAYS]
#: Of whom rows here tell besides, whatever their own region is: guests and victims.
NAMED = "displacement.person"


@contextmanager
def standing(held: Standing) -> Iterator[None]:
    """Work so in the block."""
    stand(held)
    try:
        yield
    finally:
        stand(LOGIN)


def _rows(wall: Walled) -> set[Any]:
    """The keys of all rows that are seen now, with no condition at all."""
    return set(wall.model._base_manager.order_by().values_list("pk", flat=True))


def _inside(wall: Walled, organisation: Any, path: str) -> set[Any]:
    """Those that lie in the organisation's region, as their ways say; read by whoever sees all."""
    found = []
    for way in wall.ways:
        names = {f"{way.organisation}": organisation, f"{way.region}__path__startswith": path}
        found.append(set(wall.model._base_manager.filter(**names).values_list("pk", flat=True)))
    return set.intersection(*found) if wall.kind in EVERY else set.union(*found)


def test_every_walled_kind_that_regions_bound_has_a_way() -> None:
    """One table for both layers: what bounds a kind by its region has a lookup to it, and row security knows no other."""
    bounded = {kind for kind, bounds in BOUNDS.items() if "region" in bounds}
    walls = {wall.kind: wall for wall in walled()}
    assert (bounded & walls.keys()) - WAYS.keys() == set()
    assert WAYS.keys() - walls.keys() == set()
    assert [kind for kind, wall in walls.items() if not all(way.region for way in wall.ways)] == [
        "exchange.endpoint"
    ]


@pytest.mark.parametrize("wall", BOUNDED, ids=lambda wall: wall.kind)
def test_one_region_of_an_organisation_is_seen_and_changed(wall: Walled, grounds: Grounds) -> None:
    """The control: who works in all regions sees and changes what lies elsewhere."""
    organisation, here = grounds.at[OWN.name].organisation, region(HERE).path
    inside = _inside(wall, organisation, here)
    elsewhere = _inside(wall, organisation, "") - inside
    key = wall.model._meta.pk.name if wall.model._meta.pk else "pk"
    column = next(f for f in wall.model._meta.concrete_fields if not f.primary_key and not f.is_relation)
    touch: dict[str, Any] = {column.attname: F(column.attname)}

    def changed() -> int:
        with transaction.atomic():
            there = elsewhere - _besides(wall)
            number = wall.model._base_manager.filter(pk__in=there).update(**touch) if there else 0
            transaction.set_rollback(True)
        return number

    with standing(standing_of(grounds.users[Role.REGISTRAR])):
        seen, written = _rows(wall), changed()
    assert seen - _besides(wall) == inside - _besides(wall), key
    assert written == 0
    with standing(standing_of(user_in_role(Role.REGISTRAR, organisation=organisation))):
        assert _rows(wall) >= inside | elsewhere
        assert changed() == len(elsewhere - _besides(wall))


def _besides(wall: Walled) -> set[Any]:
    return set()


__all__ = ["ELSEWHERE", "THERE", "Household", "MembershipFactory", "Person", "connection", "models", "uuid4"]
