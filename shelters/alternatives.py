"""Where else there is a bed: the nearest shelters with free places that somebody may know of."""

from math import asin, cos, inf, radians, sin, sqrt

from accounts.models import User
from core.database_roles import Why, as_service
from shelters.models import Shelter
from shelters.models.shelter import Phase

_EARTH_KM = 6371.0


@as_service(Why.PLACES)
def nearest_with_places(
    shelter: Shelter, *, people: int, visible_to: User, limit: int = 3
) -> list[tuple[Shelter, int]]:
    """Open shelters with places for so many, nearest first, each with its free places. At most two queries.

    First those that share the smallest region with the shelter, then by distance where both points are known. Who may see no
    shelters, such as an account that cannot sign in, is told of none. Free places may be gone when people arrive.
    """
    if not visible_to.is_active:
        return []
    rows = (
        Shelter.objects.visible_to(visible_to)
        .exclude(pk=shelter.pk)
        .with_places()
        .filter(phase=Phase.OPEN, places_free__gte=people)
        .select_related("region")
    )
    ranked = sorted(
        rows, key=lambda other: (-_shared_levels(shelter, other), _kilometres(shelter, other), other.name)
    )
    return [(other, other.places_free or 0) for other in ranked[:limit]]


def _shared_levels(one: Shelter, other: Shelter) -> int:
    """How many regions, from the country down, the two have in common."""
    shared = 0
    for here, there in zip(one.region.path.split("/")[:-1], other.region.path.split("/")[:-1], strict=False):
        if here != there:
            break
        shared += 1
    return shared


def _kilometres(one: Shelter, other: Shelter) -> float:
    """Distance as the crow flies; endless where a point is not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return inf
    latitudes = radians(one.latitude), radians(other.latitude)
    half = (
        sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + cos(latitudes[0]) * cos(latitudes[1]) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * asin(sqrt(half))
