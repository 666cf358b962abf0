"""What somebody may give to others: memberships, and what reads in regions. Nobody hands out more than they have."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.policy import GRANTS, Reach, Scope
from core.refusals import Refusals


def grantable(user: Any) -> Q:
    """The memberships that this user may give to others and take from them: by organisation, role and region. No query."""
    allowed = Q(pk__in=[])
    for scope, reach in _giving(user):
        bound = Q(role__in=GRANTS[scope.role])
        if reach is Reach.OWN:
            bound &= Q(organisation=scope.organisation_id)
        if scope.region_path:
            bound &= Q(region__path__startswith=scope.region_path)
        allowed |= bound
    return allowed


def may_grant(user: Any, membership: Membership) -> bool:
    """Whether the user may give this one, saved or not. One query, where its region was not read yet."""
    path = membership.region.path if membership.region else ""
    return any(
        membership.role in GRANTS[scope.role]
        and (reach is Reach.REGION or membership.organisation_id == scope.organisation_id)
        and path.startswith(scope.region_path)
        for scope, reach in _giving(user)
    )


def _giving(user: Any) -> Iterator[tuple[Scope, Reach]]:
    for scope in user.scopes() if isinstance(user, User) else ():
        reach = scope.reach("accounts.membership", "add")
        if reach is not None and (reach is Reach.REGION or scope.organisation_id is not None):
            yield scope, reach


def reaches_all(user: User, resource: str, action: str, organisation: UUID, paths: Iterable[str]) -> bool:
    """Whether one membership lets the user do this for the organisation in all of these regions, by paths; empty: everywhere.

    Emergency access never does. No query beyond the user's scopes.
    """
    paths = list(paths)
    return user.is_active and any(
        scope.until is None
        and (reach := scope.reach(resource, action)) is not None
        and (reach is Reach.REGION or scope.organisation_id == organisation)
        and all(path.startswith(scope.region_path) for path in paths)
        for scope in user.scopes()
    )


def paths_of(account: Any) -> list[str]:
    """Where an account reads, by the paths of its regions; empty: everywhere. One query."""
    told = Membership.objects.filter(user=account).values_list("region__path", flat=True)
    return [path or "" for path in told]


def check_not_beyond(
    refusals: Refusals,
    field: str,
    user: User,
    right: tuple[str, str],
    organisation: UUID,
    paths: Iterable[str],
) -> None:
    """Adds `beyond_region` at the field where the right (resource, action) does not reach into all of these regions."""
    if not reaches_all(user, *right, organisation, paths):
        words = _(
            "This reaches beyond the regions that you answer for. Choose regions inside them, or ask somebody who answers "
            "for all of them."
        )
        refusals.add(field, words, "beyond_region")
