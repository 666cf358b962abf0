"""Who of the register a person may be who is being registered: asked at the door, so answered while somebody types."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from displacement.identity.compare import weight
from displacement.identity.frequencies import current
from displacement.identity.identity import Identity, features_of
from displacement.identity.keys import keys_of
from displacement.models.person import Person

#: A registrar should look at a person from here on: one in ten of those shown is the same human being or better.
DOOR_THRESHOLD = 0.1

_KNOWN = (
    "given_name",
    "patronymic",
    "family_name",
    "sex",
    "birth_date",
    "birth_precision",
    "household__phone",
    "household__origin_id",
)


class Likely(NamedTuple):
    """A person of the register who may be the same human being, how probably, and why: the levels of all comparisons."""

    person_id: UUID
    probability: float
    levels: Mapping[str, str]


def likely_duplicates(
    identity: Identity, *, limit: int = 5, threshold: float = DOOR_THRESHOLD, excluding: Collection[UUID] = ()
) -> list[Likely]:
    """The likeliest standing persons of all organisations, best first; one query, and two more once an hour.

    Whoever calls decides what of them may be shown. Too little to go by, such as one name and nothing else, finds nobody.
    """
    features = features_of(identity)
    keys = keys_of(identity, features)
    if not keys:
        return []
    frequencies = current()
    found = []
    candidates = Person.objects.current().unmerged().sharing_keys(keys).exclude(pk__in=excluding)
    for pk, *known, phone, origin in candidates.values_list("pk", *_KNOWN):
        other = features_of(Identity._make((*known, phone, str(origin or ""))))
        match = weight(features, other, frequencies=frequencies)
        if match.probability >= threshold:
            found.append(Likely(pk, match.probability, match.levels))
    return sorted(found, key=lambda likely: -likely.probability)[:limit]
