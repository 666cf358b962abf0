"""For which organisation somebody reads."""

from typing import Any
from uuid import UUID

from accounts.models import User


def organisation_of(user: Any) -> UUID | None:
    """The one organisation that the user works for; None for several, for none, and for those who see all.

    No query beyond the user's scopes.
    """
    if not isinstance(user, User) or user.is_superuser:
        return None
    organisations = {scope.organisation_id for scope in user.scopes()}
    return organisations.pop() if len(organisations) == 1 else None
