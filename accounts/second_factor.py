"""Who must sign in with a second factor, who has one, and where its secret lies."""

from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.policy import POLICY, Role
from core.encryption import Place

#: Kinds of record that tell of a person, where people sleep, or who was hurt. Whoever may see one signs in with two factors.
PEOPLE = frozenset(
    {
        "displacement.bulkdecision",
        "displacement.casualty",
        "displacement.casualtysource",
        "displacement.casualtystep",
        "displacement.consent",
        "displacement.household",
        "displacement.householdchange",
        "displacement.householdgroup",
        "displacement.identitydocument",
        "displacement.incident",
        "displacement.merge",
        "displacement.movement",
        "displacement.person",
        "displacement.personneed",
        "displacement.possibleduplicate",
        "intake.submission",
        "shelters.stay",
    }
)
#: Who gives roles can give themselves one that opens people.
_GIVES_ROLES = "accounts.membership"
#: The trail holds reasons as they were typed, and says which families are decoys.
_TRAIL = "audit.auditevent"
#: Recovery codes alone are no factor: they stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def opens_people(role: Role) -> bool:
    """Whether the policy opens people to the role, or the trail of who read them, or lets it give such a role."""
    rules = POLICY[role]
    gives_roles = _GIVES_ROLES in rules and "add" in rules[_GIVES_ROLES].actions
    return gives_roles or _TRAIL in rules or not PEOPLE.isdisjoint(rules)


def must_have_second_factor(user: User) -> bool:
    """Whether nothing opens to the user without a second factor. No query beyond the user's scopes."""
    return any(opens_people(scope.role) for scope in user.scopes())


def has_second_factor(user: User) -> bool:
    """Whether an authenticator app or a security key is set up. One query."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def place_of_secrets(user_pk: object) -> Place:
    """Where the secrets of a user's second factors lie: each opens in this user's rows only."""
    return Place("mfa_authenticator", user_pk, "data")
