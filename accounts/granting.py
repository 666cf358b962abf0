"""Which memberships somebody may give to others and take from them."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.policy import GRANTS, Reach


def grantable(user: Any) -> Q:
    """The memberships that this user may give to others and take from them: by organisation and role. No query of its own."""
    allowed = Q(pk__in=[])
    if not isinstance(user, User):
        return allowed
    for scope in user.scopes():
        reach = scope.reach("accounts.membership", "add")
        if reach is None or (reach is Reach.OWN and scope.organisation_id is None):
            continue
        bound = Q(role__in=GRANTS[scope.role])
        if reach is Reach.OWN:
            bound &= Q(organisation=scope.organisation_id)
        allowed |= bound
    return allowed
