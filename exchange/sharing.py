"""What is shared with somebody's organisation at this moment: asked anew with each request, so that an end is an end."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from accounts.authentication import acts_for_client
from accounts.fields import classes_of
from accounts.models import User
from accounts.policy import POLICY, FieldClass, Role
from exchange.models.agreement import Agreement

#: What an agreement lets somebody see, and the kind of record of which it does.
RESOURCE, OF = "exchange.sharedperson", "displacement.person"
#: The same as the API calls it: what an agreement shares.
SHARED_KINDS = ("shared-person",)
#: What leads to records that are not shared.
_LEFT_OUT = frozenset({"merged_into"})


@cache
def shareable_fields() -> tuple[str, ...]:
    """The columns of people that an agreement can name: of those that the policy shows to a partner's system of its own."""
    seen = POLICY[Role.PARTNER_SYSTEM][OF].sees - {FieldClass.OPEN, FieldClass.HIDDEN}
    classes = classes_of(OF)
    return tuple(sorted(name for name, each in classes.items() if each in seen and name not in _LEFT_OUT))


@dataclass(frozen=True, slots=True)
class Share:
    """One agreement as it reaches one reader: of whom, where (paths of regions, and all below), and which columns."""

    agreement: UUID
    giving: UUID
    paths: tuple[str, ...]
    fields: frozenset[str]

    def covers(self, organisation: UUID, path: str) -> bool:
        """Whether people whom this organisation registered in the region of this path are shared."""
        return organisation == self.giving and path.startswith(self.paths)


def shares_with(user: User) -> list[Share]:
    """The agreements in force under which a client's account reads, and nobody else. Two queries, none where nothing does."""
    scopes = user.scopes() if acts_for_client(user) else ()
    reaching = [scope for scope in scopes if scope.organisation_id and scope.reach(RESOURCE, "view")]
    if not reaching:
        return []
    receiving = {scope.organisation_id for scope in reaching}
    agreements = Agreement.objects.in_force().filter(receiving__in=receiving).prefetch_related("regions")
    found = []
    for agreement in agreements:
        own = [scope.region_path for scope in reaching if scope.organisation_id == agreement.receiving_id]
        named = [region.path for region in agreement.regions.all()] or [""]
        paths = tuple(sorted({path for mine in own for there in named for path in _within(mine, there)}))
        if paths:
            found.append(Share(agreement.pk, agreement.giving_id, paths, frozenset(agreement.fields)))
    return found


def _within(one: str, other: str) -> Iterator[str]:
    """The smaller of two regions, where one lies in the other."""
    if one.startswith(other):
        yield one
    elif other.startswith(one):
        yield other
