"""Whose erasures somebody acts on, and whom an erasure concerns."""

from accounts.models import Organisation, User
from displacement.actions.erasing import Circle, circle_of
from displacement.models import Person
from regions.models import Region
from retention.models import Erasure
from retention.models.erasure import RESOURCE


def holds(user: User, action: str, whose: Organisation, where: Region, resource: str = RESOURCE) -> bool:
    """Whether a membership of the user's reaches the organisation and region for the act; emergency access never does.

    A partner's system asks by a scope of its token, too.
    """
    return user.is_active and any(
        scope.until is None
        and scope.reach(resource, action) is not None
        and scope.organisation_id == whose.pk
        and where.path.startswith(scope.region_path)
        for scope in user.scopes()
    )


def locked_erasure(erasure: Erasure) -> Erasure:
    """The erasure as it is now, locked."""
    rows = Erasure.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "region").get(pk=erasure.pk)


def subjects_of(erasure: Erasure) -> Circle:
    """Whom the erasure concerns as the register is now, locked."""
    model = Person._meta.label_lower
    people = [erasure.subject] if erasure.kind == model else []
    return circle_of(people=people, households=[] if people else [erasure.subject])
