"""Families that are laid out for intruders, as a worker has written them a week later."""

from datetime import datetime, timedelta

from accounts.models import Organisation, User
from accounts.policy import Role
from core.clock import database_now
from displacement.actions.honey import DAYS, lay_due, place
from displacement.models import HoneyRecord, Household
from tests.factories.accounts import user_in_role


def laid_out(organisation: Organisation, count: int, clerk: User | None = None) -> list[HoneyRecord]:
    """So many, in the register; real families are there already, of which they take regions and hours."""
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation)
    clerk = clerk or user_in_role(Role.REGISTRAR, organisation=organisation)
    placed = place(organisation=organisation, count=count, registered_as=clerk, by=admin)
    assert lay_due(a_week_on()) == count
    return placed


def a_week_on() -> datetime:
    """When all of them are there."""
    return database_now() + timedelta(days=DAYS + 2)


def house_of(kept: HoneyRecord) -> Household:
    """The household that it is."""
    found: Household = Household.objects.get(pk=kept.laid.households[0])
    return found
