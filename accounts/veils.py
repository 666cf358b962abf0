"""Which columns come out of the database veiled (core.veils) for whom: what the policy hides, or shows by a mask."""

from accounts.authentication import acts_for_client
from accounts.fields import classes_of, shows
from accounts.masking import is_whole, masks_of
from accounts.models import User
from accounts.policy import FieldClass, Scope
from core.masking import Mask
from core.veils import Veils, veiling

#: What veils_of worked out, by all that it hangs on.
KNOWN_VEILS: dict[tuple[tuple[Scope, ...], bool], Veils] = {}
_MOST = 1_000


def veils_of(user: object) -> Veils:
    """The mask of each veiled column; of what somebody does not see at all, one that shows nothing. What is shown to nobody,
    in no role, is for code alone, and not veiled. No query beyond their scopes.
    """
    somebody = user if isinstance(user, User) and user.is_active else None
    told = (somebody.scopes(), acts_for_client(somebody)) if somebody else ((), False)
    found = KNOWN_VEILS.get(told)
    if found is None:
        if len(KNOWN_VEILS) >= _MOST:
            KNOWN_VEILS.clear()
        found = KNOWN_VEILS[told] = _veils_of(somebody)
    return found


def _veils_of(user: User | None) -> Veils:
    veils = {}
    for field in veiling():
        kind, column = field.model._meta.label_lower, field.name
        if classes_of(kind).get(column) is FieldClass.HIDDEN:
            continue
        if not shows(user, kind, column):
            veils[f"{kind}.{column}"] = Mask.NOTHING
        elif column in masks_of(kind) and not is_whole(user, kind):
            veils[f"{kind}.{column}"] = masks_of(kind)[column]
    return veils
