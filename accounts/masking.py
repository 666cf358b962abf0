"""Which columns are shown by their masks, and to whom whole: the policy's table, asked by every page and answer."""

from collections.abc import Mapping
from typing import Any

from accounts.authentication import acts_for_client
from accounts.models import User
from accounts.policy import MASKED, UNMASKED_BY, reach_of
from core.masking import Mask, masked

_NONE: Mapping[str, Mask] = {}


def masks_of(resource: str) -> Mapping[str, Mask]:
    """The masked columns of a kind of record (`app.model`)."""
    return MASKED.get(resource, _NONE)


def is_whole(user: Any, resource: str) -> bool:
    """Whether the user is shown such records without masks. No query beyond the user's scopes.

    What acts for a client of a partner's system is, and whoever may do the act by which the policy opens the kind, in each
    role that shows it.
    """
    if not isinstance(user, User):
        return False
    if acts_for_client(user):
        return True
    action = UNMASKED_BY.get(resource)
    showing = [scope.role for scope in user.scopes() if reach_of(scope.role, resource, "view")]
    return action is not None and bool(showing) and all(reach_of(role, resource, action) for role in showing)


def mask_of(record: Any, column: str) -> str:
    """What a page shows of a column of a record: its mask, or all of what is not masked."""
    value, mask = getattr(record, column), masks_of(record._meta.label_lower).get(column)
    return masked(value, mask) if mask else str(value or "")
