"""The scopes that clients of partners' systems can have."""

from functools import cache

from accounts.field_classes import telling_of_people
from accounts.policy import POLICY, Role
from accounts.scopes import FAMILIES, scope_of


@cache
def client_scopes() -> tuple[str, ...]:
    """Those of what the policy opens to partner systems, in order of their names."""
    rules = POLICY[Role.PARTNER_SYSTEM].items()
    told = {scope_of(resource, action) for resource, rule in rules for action in rule.actions}
    return tuple(sorted(told - {""}))


@cache
def scopes_of_people() -> frozenset[str]:
    """Those of a family (accounts/scopes.py) with a kind of record that tells of people (accounts/field_classes.toml).

    Also to write: an answer shows what was written.
    """
    families = {name for name, kinds in FAMILIES.items() if not kinds.isdisjoint(telling_of_people())}
    return frozenset(scope for scope in client_scopes() if scope.partition(":")[0] in families)
