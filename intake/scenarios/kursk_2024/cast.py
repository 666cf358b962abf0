"""Who works in the scenario: three invented organisations and their invented staff, none of whom can sign in."""

import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Organisation, User
from accounts.models.organisation import OrganisationKind
from accounts.policy import Role
from intake.keys import Keys
from intake.scenarios.kursk_2024.days import STARTS_ON, local

#: Name, short name, and the share of households that each registers.
ORGANISATIONS: tuple[tuple[str, str, float], ...] = (
    ("Open Road Relief", "ORR", 0.45),
    ("Seim Valley Family Support", "SVFS", 0.33),
    ("Steppe Shelter Network", "SSN", 0.22),
)
#: The roles that each organisation has one invented member of staff for.
ROLES = (Role.REGISTRAR, Role.SHELTER_MANAGER, Role.CASUALTY_RECORDER, Role.CASUALTY_VERIFIER, Role.PUBLISHER)


@dataclass(frozen=True, slots=True)
class Team:
    """One organisation and the ids of its staff."""

    organisation: Organisation
    share: float
    staff: dict[Role, UUID]


def create_teams(keys: Keys) -> list[Team]:
    """Write the organisations and their staff. Accounts are inactive and have no password: they are names behind records."""
    joined_at = local(STARTS_ON) - timedelta(days=30)
    teams = []
    for name, short_name, share in ORGANISATIONS:
        organisation = Organisation(
            id=keys.at(joined_at), name=name, short_name=short_name, kind=OrganisationKind.NGO
        )
        teams.append(Team(organisation, share, {role: keys.at(joined_at) for role in ROLES}))
    Organisation.objects.bulk_create([team.organisation for team in teams])
    User.objects.bulk_create(
        User(
            id=user_id,
            username=f"scenario.{team.organisation.short_name.lower()}.{role.value}",
            email="",
            password=make_password(None),
            is_active=False,
            date_joined=joined_at,
        )
        for team in teams
        for role, user_id in team.staff.items()
    )
    Membership.objects.bulk_create(
        Membership(user_id=user_id, organisation=team.organisation, role=role.value)
        for team in teams
        for role, user_id in team.staff.items()
    )
    return teams


def pick(rng: random.Random, teams: list[Team]) -> Team:
    """One team, by its share."""
    return rng.choices(teams, weights=[team.share for team in teams])[0]
