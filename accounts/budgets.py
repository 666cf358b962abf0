"""How many records people open in a day with what is masked in them, and what they hear of others: a part of the policy."""

from accounts.policy import Role

#: How many records somebody in the role may open in a day, one by one, with what is masked in them; in several roles as many as
#: in the one that has most. Somebody in a role that is not named opens none.
REVEALS_A_DAY: dict[Role, int] = {
    Role.REGISTRAR: 60,
    Role.SHELTER_MANAGER: 20,
    Role.CASEWORKER: 40,
    Role.PROTECTION_OFFICER: 40,
    Role.TRACING_OFFICER: 60,
}
#: Of how many persons in a day somebody in the role is told, while registering, that another organisation knows somebody like
#: them. Whoever registers 300 families may find that each has been elsewhere before; who asks for more is not at a door.
HINTS_A_DAY: dict[Role, int] = {
    Role.REGISTRAR: 300,
    Role.CASEWORKER: 60,
    Role.PROTECTION_OFFICER: 60,
}
#: How many more an administrator can grant somebody for a day, all together.
MOST_REVEALS_GRANTED = 200
