"""Who of the register a person may be who is being registered: asked at the door, so answered while somebody types."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from core.database_roles import Why, as_service
from core.decoys import is_marked
from displacement.identity.compare import weight
from displacement.identity.frequencies import current
from displacement.identity.identity import Features, Identity, features_of
from displacement.identity.keys import keys_asked_for, phone_key
from displacement.identity.phones import former_phone_index

#: A registrar should look at a person from here on: a glance costs less than a second record of the same human being.
DOOR_THRESHOLD = 0.1
#: Candidates that are compared, those first who share most keys. Few people have as many; a very common name may have.
MOST_CANDIDATES = 400

# Written by hand for two reasons. PostgreSQL knows no statistics of these keys and expects one person in fifty to share one, so
# a plain join with households would read all of them; behind a LIMIT it takes them one by one. And a query set costs a
# millisecond to put together, as much as the question itself.
_CANDIDATES = """
SELECT near.id, given_name, patronymic, family_name, sex, birth_date, birth_precision,
    coalesce(document_keys, '{}'), phone_index, origin_id
FROM (
    SELECT id, household_id, given_name, patronymic, family_name, sex, birth_date, birth_precision, document_keys
    FROM displacement_person
    WHERE match_keys && %(keys)s::bigint[] AND voided_at IS NULL AND merged_into_id IS NULL AND erased_at IS NULL
        AND id <> ALL(%(excluding)s::uuid[])
    ORDER BY (SELECT count(*) FROM unnest(match_keys) AS shared (key) WHERE key = ANY(%(keys)s::bigint[])) DESC, id
    LIMIT %(most)s
) near JOIN displacement_household household ON household.id = near.household_id
"""


class Likely(NamedTuple):
    """A person of the register who may be the same human being, how probably, and why: the levels of all comparisons."""

    person_id: UUID
    probability: float
    levels: Mapping[str, str]


@as_service(Why.LIKELY)
def likely_duplicates(
    identity: Identity, *, limit: int = 5, threshold: float = DOOR_THRESHOLD, excluding: Collection[UUID] = ()
) -> list[Likely]:
    """The likeliest standing persons of all organisations, best first; one query, and two more once an hour.

    Whoever calls decides what of them may be shown. Too little to go by, such as one name and nothing else, finds nobody; nor
    is a decoy found, or honest work would open it.
    """
    features = features_of(identity)
    keys = keys_asked_for(features)
    if not keys:
        return []
    frequencies, former = current(), _former(identity, features)
    keys += [token if token in identity.former_documents else phone_key(token) for token in former]
    found = []
    for person_id, other in _candidates(keys, excluding, former):
        match = weight(features, other, frequencies=frequencies)
        if match.probability >= threshold and not is_marked(person_id):
            found.append(Likely(person_id, match.probability, match.levels))
    return sorted(found, key=lambda likely: -likely.probability)[:limit]


def _former(identity: Identity, features: Features) -> dict[int, int]:
    """What stood for telephone and documents under the key of before, with what stands for them now; mostly empty."""
    former = dict(zip(identity.former_documents, identity.documents, strict=False))
    phone = former_phone_index(identity.phone)
    return former if phone is None else {**former, phone: int(features.phone)}


def _candidates(
    keys: Sequence[int], excluding: Collection[UUID], former: Mapping[int, int]
) -> Iterator[tuple[UUID, Features]]:
    """Standing persons who share a key, and what is compared of them, as it would stand under the key of now. One query."""
    asked: dict[str, Any] = {"keys": list(keys), "excluding": list(excluding), "most": MOST_CANDIDATES}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, asked)
        for person_id, *known, documents, phone, origin in cursor.fetchall():
            papers = tuple(former.get(paper, paper) for paper in documents)
            told = (*known, "", str(origin or ""), former.get(phone, phone), papers)
            yield person_id, features_of(Identity(*told))
