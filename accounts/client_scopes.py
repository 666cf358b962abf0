"""The scopes that clients of partners' systems can have."""

from functools import cache

from accounts.policy import POLICY, Role
from accounts.scopes import scope_of


@cache
def client_scopes() -> tuple[str, ...]:
    """Those of what the policy opens to partner systems, in order of their names."""
    rules = POLICY[Role.PARTNER_SYSTEM].items()
    told = {scope_of(resource, action) for resource, rule in rules for action in rule.actions}
    return tuple(sorted(told - {""}))
