"""Whether two accounts are two persons: nobody gets past a second person by an account that is in their own hands."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import AuditEvent
from core.clock import database_now

#: For how long an account is also in the hands of who made it, or set its password, or took its second factor away.
IN_HANDS = timedelta(days=7)
#: The acts of the trail on a user by which somebody can sign in as them; `change` where it changed the password.
_MADE, _RESET, _CHANGED, _PASSWORD = "add", "second_factor_reset", "change", "password"


def check_two_persons(asked_by: UUID, decides: UUID) -> None:
    """Raises PermissionDenied where the two count as one person (`why_another`). One query."""
    if words := why_another(asked_by, decides):
        raise PermissionDenied(words)


def why_another(asked_by: UUID | None, decides: UUID) -> str:
    """Why somebody else has to decide what `asked_by` asked for, in a sentence; empty where this one may, or nobody asked.

    That is for who asked, and where both accounts were in the hands of one person within IN_HANDS: one of the two made or
    reset the other, or somebody made or reset both. One query, none for who asked.
    """
    if asked_by is None:
        return ""
    if asked_by == decides:
        return _("You asked for this, so another person with the right has to decide. Tell a colleague.")
    hands = _hands_on({asked_by, decides})
    if hands[asked_by].isdisjoint(hands[decides]):
        return ""
    words = _(
        "You and whoever asked count as one person here: in the last %(days)d days one of these accounts was made, or its "
        "password or second factor reset, by the other, or both by the same person. Let somebody else decide, or wait."
    )
    return words % {"days": IN_HANDS.days}


def _hands_on(users: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Of each of these users who could have signed in as them lately, themselves among them."""
    hands: dict[UUID, set[UUID]] = defaultdict(set)
    for user in users:
        hands[user].add(user)
    acts = AuditEvent.objects.order_by().filter(
        object_type=User._meta.label_lower,
        object_id__in=[str(user) for user in hands],
        action__in=(_MADE, _RESET, _CHANGED),
        at__gte=database_now() - IN_HANDS,
    )
    for whose, actor, action, detail in acts.values_list("object_id", "actor_id", "action", "detail"):
        if action != _CHANGED or _PASSWORD in detail.get("changed", ()):
            hands[UUID(whose)].add(actor)
    return hands
