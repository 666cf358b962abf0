"""For which organisation somebody reads."""

from typing import Any
from uuid import UUID

from accounts.models import User


def organisation_of(user: Any) -> UUID | None:
    """The one organisation that the user works for; None for several and for none.

    No query beyond the user's scopes.
    """
    if not isinstance(user, User):
        return None
    organisations = {scope.organisation_id for scope in user.scopes()}
    return organisations.pop() if len(organisations) == 1 else None
