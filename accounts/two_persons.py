"""Whether two accounts are two persons: nobody gets past a second person by an account that is in their own hands."""

from datetime import UTC, datetime, timedelta
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
#: Who did it, and when.
_Act = tuple[UUID, datetime]


def check_two_persons(asked_by: UUID, decides: UUID) -> None:
    """Raises PermissionDenied where the two count as one person (`why_another`), with its queries."""
    if words := why_another(asked_by, decides):
        raise PermissionDenied(words)


def why_another(asked_by: UUID | None, decides: UUID) -> str:
    """Why somebody else has to decide what `asked_by` asked for, in a sentence; empty where this one may, or nobody asked.

    That is for who asked, and where both accounts were in the hands of one person within IN_HANDS: one of the two made or
    reset the other, or somebody made or reset both, or did so by an account that they had made or reset before. One query,
    one more for each step from hand to hand; none for who asked.
    """
    if asked_by is None:
        return ""
    if asked_by == decides:
        return _("You asked for this, so another person with the right has to decide. Tell a colleague.")
    acts = _acts_on({asked_by, decides})
    if _hands_on(asked_by, acts).isdisjoint(_hands_on(decides, acts)):
        return ""
    words = _(
        "You and whoever asked count as one person here: in the last %(days)d days one of these accounts was made, or its "
        "password or second factor reset, by the other, or both by the same person. Let somebody else decide, or wait."
    )
    return words % {"days": IN_HANDS.days}


def _acts_on(accounts: set[UUID]) -> dict[UUID, list[_Act]]:
    """By whom and when somebody could have signed in as these accounts lately, and as whoever did that, and so on."""
    acts: dict[UUID, list[_Act]] = {}
    since, ask = database_now() - IN_HANDS, accounts
    while ask:
        acts |= {account: [] for account in ask}
        found = AuditEvent.objects.order_by().filter(
            object_type=User._meta.label_lower,
            object_id__in=[str(account) for account in ask],
            action__in=(_MADE, _RESET, _CHANGED),
            at__gte=since,
        )
        for whose, actor, action, at, detail in found.values_list(
            "object_id", "actor_id", "action", "at", "detail"
        ):
            if action != _CHANGED or _PASSWORD in detail.get("changed", ()):
                acts[UUID(whose)].append((actor, at))
        ask = {actor for told in acts.values() for actor, _at in told} - acts.keys()
    return acts


def _hands_on(account: UUID, acts: dict[UUID, list[_Act]]) -> set[UUID]:
    """Who could have signed in as the account: itself, who made or reset it, and in whose hands these were by then."""
    held, look = {account: datetime.max.replace(tzinfo=UTC)}, {account}
    while look:
        whose = look.pop()
        for actor, at in acts[whose]:
            if at <= held[whose] and (actor not in held or at > held[actor]):
                held[actor] = at
                look.add(actor)
    return set(held)
