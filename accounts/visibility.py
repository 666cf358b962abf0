"""Whose records a user may see: the condition that every queryset of people starts from."""

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from accounts.bounds import EVERY, WAYS, Way
from accounts.models import Membership, User
from accounts.policy import BOUND_TO_PURPOSE, Reach


class NoScope(PermissionError):
    """A queryset of protected records was asked for without a user whose scope could bound it."""


#: Kinds of record that stand or fall with what a household answered.
_OF_HOUSEHOLDS = frozenset({"displacement.household", "displacement.person"})


def may(user: User | AnonymousUser | None, resource: str, action: str) -> bool:
    """Whether any membership of the user allows the action at all. At most one query per user object."""
    if user is None or not isinstance(user, User) or not user.is_active:
        return False
    return any(scope.reach(resource, action) for scope in user.scopes())


def within_reach(
    user: User | AnonymousUser | None,
    resource: str,
    action: str = "view",
    *,
    organisation: str = "organisation_id",
    region: str = "",
    reader: str = "",
) -> Q:
    """The condition for records of `resource` (`app.model`) with which the user may do the action.

    `organisation` and `region` name the lookups from the record to its organisation's id and to its region; an empty one
    is not bounded by it. `reader` names that to an account that reads by itself, a partner's system: the record counts where
    that reads, everywhere included, and not for who answers for other regions alone. Nobody's scope, no records: a user
    without a fitting membership gets a condition that is never true. Raises NoScope where there is no signed-in user at all,
    since that is a mistake in the caller.
    """
    if not isinstance(user, User) or not user.is_active:
        raise NoScope("A signed-in user is needed to say which records may be seen.")
    allowed = Q(pk__in=[])
    for scope in user.scopes():
        reach = scope.reach(resource, action)
        if reach is None:
            continue
        bound = Q()
        if reach is Reach.OWN and scope.organisation_id is None:
            continue
        if reach is Reach.OWN and organisation:
            bound &= Q(**{organisation: scope.organisation_id})
        if scope.role in BOUND_TO_PURPOSE and resource in _OF_HOUSEHOLDS:
            bound &= _unless_refused(BOUND_TO_PURPOSE[scope.role], region)
        if scope.region_path and region:
            bound &= Q(**{f"{region}__path__startswith": scope.region_path})
        if scope.region_path and reader:
            bound &= _reads_in(scope.region_path, reader)
        if not bound:
            return Q()
        allowed |= bound
    return allowed


def reached(user: User | AnonymousUser | None, resource: str, action: str = "view") -> Q:
    """The condition for records of a kind whose ways are told (accounts/bounds.py). Raises NoScope as `within_reach`."""
    first, *others = (within_way(user, resource, action, way) for way in WAYS[resource])
    for each in others:
        first = first & each if resource in EVERY else first | each
    return first


def within_way(user: User | AnonymousUser | None, resource: str, action: str, way: Way) -> Q:
    """As `within_reach`, with the lookups of one way."""
    return within_reach(user, resource, action, organisation=way.organisation, region=way.region)


def _reads_in(path: str, reader: str) -> Q:
    """Whether the account reads in this region or below: in all, in one inside it, or in one around it."""
    inside, around = Q(region__path__startswith=path), Q(region__path__in=lineage(path))
    return Q(Exists(Membership.objects.filter(Q(region=None) | inside | around, user=OuterRef(reader))))


def lineage(path: str) -> list[str]:
    """The paths of the region and of all around it."""
    return [path[: place + 1] for place, letter in enumerate(path) if letter == "/"]


def _unless_refused(purpose: str, region: str) -> Q:
    """Whoever did not answer no last, of households that the lookup to their region leads through; nobody without it."""
    if not region:
        return Q(pk__in=[])
    *through, _field = region.split("__")
    answers = apps.get_model("displacement.consent").objects.filter(
        household=OuterRef("__".join([*through, "pk"])), purpose=purpose, voided_at=None
    )
    latest = answers.order_by("-occurred_at", "-recorded_at", "-pk").values("is_given")[:1]
    return Q(Exact(Coalesce(Subquery(latest), True), True))
