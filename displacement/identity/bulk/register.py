"""The register as a run over many pairs reads it: standing persons who are not merged, whole or as far as keys reach."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from displacement.identity.bulk.candidates import MOST_SHARING
from displacement.identity.identity import Identity

_PERSON = """
    p.id::text, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date, p.birth_precision,
    h.phone, coalesce(h.origin_id::text, ''), p.match_keys
"""
_TYPES = ("text", "text", "text", "text", "text", "date", "text", "text", "text", "int8[]")
_STANDING = "p.voided_at IS NULL AND p.merged_into_id IS NULL"
_EVERYBODY = f"""
SELECT {_PERSON} FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id WHERE {_STANDING}
"""
#: One more than a key may have: then it is known to be shared by too many, and the rest need not be read.
_SHARING = f"""
SELECT {_PERSON} FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
WHERE p.id IN (
    SELECT sharing.id FROM unnest(%(keys)s::bigint[]) AS key,
    LATERAL (SELECT p.id FROM displacement_person p WHERE p.match_keys @> ARRAY[key] AND {_STANDING}
             LIMIT {MOST_SHARING + 1}) AS sharing
)
"""


class Registered(NamedTuple):
    """A person of the register, as far as is compared; `id` is the person's."""

    id: str
    identity: Identity
    keys: Sequence[int]


def everybody() -> Iterator[Registered]:
    """All standing persons, streamed by one COPY: memory does not grow with them. Nothing else runs meanwhile."""
    yield from _read(_EVERYBODY, {})


def sharing(keys: Sequence[int]) -> list[Registered]:
    """Standing persons with one of the keys, by the index on keys; of a key that too many share, enough to know that."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Rare keys are the rule here, and a scan of the whole register for one of them would never be worth it.
        cursor.execute("SET LOCAL enable_seqscan = off")
        return list(_read(_SHARING, {"keys": list(keys)}))


def _read(statement: str, params: dict[str, Any]) -> Iterator[Registered]:
    copy = f"COPY ({statement}) TO STDOUT (FORMAT BINARY)"
    # The cursor's own copy() is psycopg's: its errors are made Django's here.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copy, params) as rows:
        rows.set_types(_TYPES)
        for person_id, *known, keys in rows.rows():
            yield Registered(person_id, Identity._make(known), keys)
