"""The register as a run over many pairs reads it: standing persons who are not merged, all of them or as far as keys reach."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from displacement.identity.bulk.candidates import MOST_SHARING
from displacement.identity.identity import Identity

_STANDING = "p.voided_at IS NULL AND p.merged_into_id IS NULL AND p.erased_at IS NULL"
_PERSON = """
    p.id::text, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date, p.birth_precision,
    coalesce(h.origin_id::text, ''), h.phone_index, coalesce(p.document_keys, '{}'), p.match_keys
    FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
"""
_TYPES = ("bool", "text", "text", "text", "text", "text", "date", "text", "text", "int8", "int8[]", "int8[]")
_EVERYBODY = (
    f"SELECT to_search.id IS NOT NULL, {_PERSON} LEFT JOIN to_search ON to_search.id = p.id WHERE {_STANDING}"
)
_SEARCHED = f"SELECT true, {_PERSON} JOIN to_search ON to_search.id = p.id WHERE {_STANDING}"
#: Of a key that too many share one person more than that is read: then it is known, and the rest need not be.
_SHARING = f"""
SELECT false, {_PERSON} WHERE p.id IN (
    SELECT holder.id FROM unnest(%(keys)s::bigint[]) AS key, LATERAL (
        SELECT p.id FROM displacement_person p WHERE p.match_keys @> ARRAY[key] AND {_STANDING} LIMIT {MOST_SHARING + 1}
    ) AS holder
)
"""
#: Whoever changed since they were searched for, or was never searched for. What is compared makes the fingerprint.
_TO_SEARCH = f"""
CREATE TEMPORARY TABLE to_search AS
SELECT present.id, present.fingerprint FROM (
    SELECT p.id, hash_record_extended(ROW(%(version)s::text, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date,
        p.birth_precision, h.phone_index, h.origin_id, p.match_keys), 0) AS fingerprint
    FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id WHERE {_STANDING}
) AS present LEFT JOIN displacement_searchedperson AS searched ON searched.person_id = present.id
WHERE %(is_whole)s OR searched.fingerprint IS DISTINCT FROM present.fingerprint
"""
_REMEMBER = """
INSERT INTO displacement_searchedperson (person_id, fingerprint) SELECT id, fingerprint FROM to_search ORDER BY id
ON CONFLICT (person_id) DO UPDATE SET fingerprint = excluded.fingerprint
WHERE displacement_searchedperson.fingerprint <> excluded.fingerprint
"""


class Registered(NamedTuple):
    """A person of the register, as far as is compared; `is_searched` says that duplicates of this one are searched for."""

    is_searched: bool
    id: str
    identity: Identity
    keys: Sequence[int]


def choose(*, version: str, is_whole: bool) -> int:
    """Note for this connection who has to be searched for, as they are described now; how many they are.

    All standing people, or those who are new or changed. `version` is that of the weights: new ones are a reason to search
    again. Two scans, of the register and of who was searched for.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.to_search")
        cursor.execute(_TO_SEARCH, {"version": version, "is_whole": is_whole})
        count: int = cursor.rowcount
        cursor.execute("ANALYZE pg_temp.to_search")
    return count


def remember() -> None:
    """Write down that those who were chosen have been searched for, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER)
        cursor.execute("DROP TABLE pg_temp.to_search")


def everybody() -> Iterator[Registered]:
    """All standing people, those who were chosen marked; a stream, during which the connection does nothing else."""
    yield from _read(_EVERYBODY, {})


def chosen() -> list[Registered]:
    """Those who were chosen."""
    return list(_read(_SEARCHED, {}))


def sharing(keys: Iterable[int]) -> Iterator[Registered]:
    """Standing people with one of the keys, by the index on keys; of a key that too many share, enough to know that."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Keys are rare by their nature: for one of them a scan of the whole register is never worth it.
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield from _read(_SHARING, {"keys": list(keys)})


def _read(statement: str, params: dict[str, Any]) -> Iterator[Registered]:
    copy = f"COPY ({statement}) TO STDOUT (FORMAT BINARY)"
    # The cursor's own copy() is psycopg's: its errors are made Django's here.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copy, params) as rows:
        rows.set_types(_TYPES)
        for is_searched, person_id, *known, place, phone, documents, keys in rows.rows():
            identity = Identity._make((*known, "", place, phone, tuple(documents), ()))
            yield Registered(is_searched, person_id, identity, keys)
