"""The feed of changes: read from what the trail's triggers wrote, in the order in which its seals were numbered at commit.

The seals of an organisation have no gaps, and a number is seen only when every lower one is: its lock is held until the
transaction is. So whoever has read up to a number has missed nothing below it, however long a writer took (docs/adr).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection

from accounts.models import User
from core.decoys import is_marked
from exchange.kinds import KINDS, Kind, Table, open_to, tables

#: Past every row of a seal.
_END = UUID(int=2**128 - 1)
#: How many seals one page looks through. Most of a chain may be readings, which tell nothing here.
MOST_SEALS = 20_000
#: How many rows more than are shown a page looks through, and at least how many where that is too few. Were they as many as are
#: shown, whoever asks for one at a time would count what is hidden: what others do elsewhere, and which decoys are laid out.
SPARE, LEAST_LOOKED_AT = 50, 1_000
_HASH_BYTES = 8


class RestoredError(Exception):
    """The place is in another past than this database has: it was restored from a backup since."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in an organisation's feed: after this key of this statement of this seal.

    `hash` is the beginning of the seal's hash. It names the past: another database, or this one restored and gone on
    differently, has another one under the number.
    """

    organisation: UUID
    number: int = 0
    hash: bytes = b""
    statement: UUID = _END
    nth: int = 0


class Change(NamedTuple):
    """That a record changed, and nothing of what it says. `is_left`: it is told to those whom the record left, too."""

    kind: str
    record: str
    change: str
    at: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in their order, the place after them, and whether there is more to read now."""

    changes: list[Change]
    place: Place
    has_more: bool


def newest(organisation: UUID) -> Place:
    """The end of the feed as it is now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, hash FROM audit_seal WHERE organisation_id = %s ORDER BY number DESC LIMIT 1",
            [organisation],
        )
        found = cursor.fetchone()
    return Place(organisation, found[0], bytes(found[1])[:_HASH_BYTES]) if found else Place(organisation)


def read(place: Place, user: User, *, size: int, kinds: Iterable[Kind] | None = None) -> Page:
    """The next changes after the place, of records that the user may see or that left the user's regions. Three queries, four
    where much is hidden.

    A record that changed several times in one transaction is told once for each run of such changes on the page. Raises
    RestoredError where the place is of another past.
    """
    end = newest(place.organisation)
    _check(place, end)
    # What was numbered after `end` was read is for the next page: nothing lower can still come.
    until = min(end.number, place.number + MOST_SEALS)
    asked, looked_at = list(open_to(user) if kinds is None else kinds), size + SPARE
    rows = _rows(place, until, looked_at + 1, user, asked)
    told = [nth for nth, row in enumerate(rows) if _is_told(row)]
    if len(told) <= size and len(rows) > looked_at:
        looked_at = max(looked_at, LEAST_LOOKED_AT)
        rows = _rows(place, until, looked_at + 1, user, asked)
        told = [nth for nth, row in enumerate(rows) if _is_told(row)]
    if len(told) > size or len(rows) > looked_at:
        last = told[size - 1] if len(told) > size else looked_at - 1
        number, statement, nth = rows[last][:3]
        place = _at(place.organisation, number, UUID(statement), nth)
        return Page(_told(rows[: last + 1]), place, has_more=True)
    after = end if until == end.number else _at(place.organisation, until)
    return Page(_told(rows), after, has_more=until < end.number)


def _check(place: Place, end: Place) -> None:
    if place.number > end.number or place.hash != _at(place.organisation, place.number).hash:
        raise RestoredError


def _at(organisation: UUID, number: int, statement: UUID = _END, nth: int = 0) -> Place:
    """The place with the hash of its seal. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hash FROM audit_seal WHERE organisation_id = %s AND number = %s", [organisation, number]
        )
        found = cursor.fetchone()
    return Place(organisation, number, bytes(found[0])[:_HASH_BYTES] if found else b"", statement, nth)


#: `page` holds one row more than is looked at, seen or not, so that a page costs the same whoever asks. It is read by seals:
#: with a plain join PostgreSQL sorts all that is left of the chain for each page. `named` is kept, since each kind asks for it:
#: written into each of them it made PostgreSQL plan eight hundred small queries for a page.
_PAGE = """
WITH page AS MATERIALIZED (
    SELECT s.number, s.at, told.*
    FROM audit_seal s CROSS JOIN LATERAL (
        SELECT c.id AS statement, k.nth, k.id, c.table_name, CASE
            WHEN c.table_name <> ALL(%(records)s) THEN 'changed'
            WHEN c.operation = 'insert' THEN 'created'
            WHEN c.operation = 'delete' THEN 'erased'
            WHEN 'erased_at' = ANY(c.columns) THEN 'erased'
            WHEN 'merged_into_id' = ANY(c.columns) THEN 'merged'
            WHEN 'voided_at' = ANY(c.columns) THEN 'voided'
            ELSE 'changed' END AS change,
            cardinality(c.columns) = 0 AND c.operation = 'update' AND c.table_name = ANY(%(records)s) AS is_moved
        FROM audit_rowchange c CROSS JOIN LATERAL unnest(c.ids) WITH ORDINALITY AS k (id, nth)
        WHERE c.block = s.block AND c.organisation_id = s.organisation_id AND c.table_name = ANY(%(tables)s)
            AND (s.number > %(number)s OR (c.id, k.nth) > (%(statement)s, %(nth)s))
        ORDER BY c.id, k.nth
    ) told
    WHERE s.organisation_id = %(organisation)s AND s.number BETWEEN %(number)s AND %(until)s
    ORDER BY s.number, statement, nth LIMIT %(size)s
), named AS MATERIALIZED (
    SELECT page.*, {record} AS record, {kind} AS kind FROM page
)
SELECT number, statement::text, nth, CASE WHEN {seen} THEN kind END, record::text, change,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), is_moved
FROM named ORDER BY number, named.statement, nth
"""


def _rows(place: Place, until: int, size: int, user: User, kinds: list[Kind]) -> list[Any]:
    if not kinds:
        return []
    told = [table for table in tables() if table.kind in {kind.name for kind in kinds}]
    seen, values = _seen(user, kinds)
    statement = _PAGE.format(record=_record(told), kind=_kind(told), seen=seen)
    asked = {
        "organisation": place.organisation,
        "number": place.number,
        "until": until,
        "statement": place.statement,
        "nth": place.nth,
        "size": size,
        "tables": [table.name for table in told],
        "records": [table.name for table in told if not table.parent],
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _kind(told: list[Table]) -> str:
    return (
        "CASE table_name " + " ".join(f"WHEN '{table.name}' THEN '{table.kind}'" for table in told) + " END"
    )


def _record(told: list[Table]) -> str:
    """The record whose change a row is: itself, or the one that it is a part of."""
    parts = [table for table in told if table.parent]
    if not parts:
        return "page.id"
    found = " ".join(
        f"WHEN '{table.name}' THEN (SELECT part.{table.parent} FROM {table.name} part WHERE part.id = page.id)"
        for table in parts
    )
    return f"CASE table_name {found} ELSE page.id END"


def _seen(user: User, kinds: list[Kind]) -> tuple[str, dict[str, Any]]:
    """Whether the user may see the record, by what each model says itself; of one that is erased only its id is left.

    A record that went to another region with its household was touched by triggers of displacement, without a column
    that changed: that is told to those whom it left as well, since they have copies of it.
    """
    values: dict[str, Any] = {}
    cases = []
    for kind in kinds:
        visible = kind.model._default_manager.visible_to(user).order_by().values("id")
        try:
            sql, given = visible.query.sql_with_params()
        except EmptyResultSet:
            continue
        first, *others = sql.split("%s")
        for value, text in zip(given, others, strict=True):
            name = f"seen{len(values)}"
            values[name] = value
            first += f"%({name})s{text}"
        told = f"ARRAY(SELECT record FROM named WHERE kind = '{kind.name}')"
        cases.append(
            f"WHEN '{kind.name}' THEN record IN (SELECT v.id FROM ({first}) v WHERE v.id = ANY ({told}))"
        )
    cases.append("WHEN NULL THEN false")  # a CASE has one part at least
    return f"change = 'erased' OR is_moved OR CASE kind {' '.join(cases)} ELSE false END", values


#: What is told of a record that one transaction changed in several ways: the last one here that happened.
_WEIGHTS = ("changed", "voided", "merged", "created", "erased")
CHANGES = ("created", "changed", "voided", "merged", "erased")


def _is_told(row: Any) -> bool:
    """Whether there is something to tell. What moved or was erased is told to whoever does not see it, too; no decoy is."""
    *_place, kind, record, change, _at, is_moved = row
    return kind is not None and not ((is_moved or change == "erased") and is_marked(record))


def _told(rows: list[Any]) -> list[Change]:
    found: dict[tuple[int, str], Change] = {}
    for row in filter(_is_told, rows):
        number, _statement, _nth, kind, record, change, at, is_moved = row
        before = found.get((number, record))
        if before is None or _WEIGHTS.index(change) > _WEIGHTS.index(before.change):
            found[number, record] = Change(kind, record, change, at, is_moved)
    return list(found.values())


def shown(changes: list[Change]) -> list[dict[str, str]]:
    """The changes as the API and webhooks tell them, each with the address where its record is read."""
    links = {kind.name: f"{settings.SITE_URL}{kind.address}" for kind in KINDS} if changes else {}
    return [
        {"kind": kind, "id": record, "change": change, "at": at, "url": f"{links[kind]}{record}/"}
        for kind, record, change, at, _is_left in changes
    ]


def still_seen(told: Iterable[tuple[str, str]], user: User, kinds: Iterable[Kind]) -> set[str]:
    """The ids of those records, told as kind and id, that the user may see now. A query for each of the kinds."""
    ids: dict[str, set[str]] = {}
    for name, record in told:
        ids.setdefault(name, set()).add(record)
    found: set[str] = set()
    for kind in kinds:
        if kind.name in ids:
            seen = kind.model._default_manager.visible_to(user).filter(pk__in=ids[kind.name])
            found |= {str(pk) for pk in seen.values_list("pk", flat=True)}
    return found
