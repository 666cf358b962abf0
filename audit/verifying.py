"""Whether the trail is what was written: every row hashed anew, every seal, every link, and the anchors outside.

Nothing of this asks the functions that wrote the seals: whoever can change rows can change those too. All is compared in one
statement, so that two million rows pass in PostgreSQL and only what is wrong comes out.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.anchors import Anchor
from audit.models import BINDING, SERVICE
from audit.watching import unwatched

#: The tables of the trail, and what of a row is hashed: the same text as in the migrations that made the seals. Since a change
#: has its form 2, it is hashed with how many keys are kept; with how many of those before, one row of each chain says.
_TOLD = {
    "audit_auditevent": "jsonb_build_array(CASE WHEN t.reason_digest IS NULL THEN 'act' ELSE 'act with a sealed reason' END,"
    " t.id, extract(epoch FROM t.at), t.organisation_id, t.block, t.actor_id, t.action, t.object_type, t.object_id,"
    " coalesce(encode(CASE WHEN t.reason_salt IS NULL THEN t.reason_digest ELSE"
    " sha256(uuid_send(t.reason_salt) || convert_to(t.reason, 'UTF8')) END, 'hex'), t.reason), t.detail)",
    "audit_rowchange": "(jsonb_build_array('change', t.id, extract(epoch FROM t.at), t.organisation_id, t.block,"
    " t.table_name, t.operation, t.rows, t.columns, t.keys, encode(t.digest, 'hex'), t.role)"
    " || CASE WHEN t.form = 1 THEN '[]'::jsonb ELSE jsonb_build_array(t.form, coalesce(cardinality(t.ids), -1)) END)",
    "audit_reading": "jsonb_build_array('reading', t.id, extract(epoch FROM t.at), t.organisation_id, t.block,"
    " t.actor_id, t.page, t.object_type, t.object_id, t.shown, t.ids)",
}
_GENESIS = "decode(repeat('00', 32), 'hex')"
_SEAL = (
    "sha256(convert_to(concat_ws('|', s.organisation_id, s.number, s.block, extract(epoch FROM s.at), s.events,"
    " encode(s.digest, 'hex'), encode(s.previous, 'hex'), s.role), 'UTF8'))"
)
_ROWS = " UNION ALL ".join(
    f"SELECT t.organisation_id, t.block, t.id,"
    f" sha256(convert_to({told}::text, 'UTF8')) AS digest FROM {table} t {{of}}"
    for table, told in _TOLD.items()
)
_COMPARED = """
WITH rows AS (%(rows)s),
blocks AS (
    SELECT organisation_id, block, count(*) AS events, sha256(string_agg(digest, ''::bytea ORDER BY id)) AS digest
    FROM rows GROUP BY 1, 2
),
chain AS (
    SELECT s.organisation_id, s.block, s.number, s.at, s.events, s.digest,
        lag(s.number, 1, 0::bigint) OVER w AS before,
        s.previous <> lag(s.hash, 1, %(genesis)s) OVER w AS is_loose,
        s.hash <> %(seal)s AS is_edited
    FROM audit_seal s %(of_seals)s WINDOW w AS (PARTITION BY s.organisation_id ORDER BY s.number)
)
SELECT coalesce(c.organisation_id, b.organisation_id), c.number, coalesce(c.block, b.block), c.at, c.events, b.events,
    c.before, coalesce(c.is_loose, false), coalesce(c.is_edited, false), coalesce(c.digest <> b.digest, false)
FROM chain c FULL JOIN blocks b ON b.organisation_id = c.organisation_id AND b.block = c.block
WHERE c.number IS NULL OR b.events IS NULL OR c.events <> b.events OR c.digest <> b.digest
    OR c.number <> c.before + 1 OR c.is_loose OR c.is_edited
ORDER BY 1, 2 NULLS LAST
"""
_GUARDS = {
    "audit_auditevent": {
        "audit_event_append_only",
        "audit_event_stays",
        "audit_place",
        "audit_reason",
        "audit_seal",
    },
    "audit_rowchange": {"audit_rowchange_append_only", "audit_place", "audit_seal"},
    "audit_reading": {"audit_reading_append_only", "audit_place", "audit_seal"},
    "audit_seal": {"audit_seal_append_only"},
}


class _Row(NamedTuple):
    organisation: UUID | None
    number: int | None
    block: UUID | None
    at: datetime | None
    sealed: int | None
    found: int | None
    before: int | None
    is_loose: bool
    is_edited: bool
    is_other: bool

    def __str__(self) -> str:
        """The seal as a sentence begins with it."""
        told = {
            "number": self.number,
            "chain": named(self.organisation),
            "at": f"{self.at:%Y-%m-%d %H:%M:%S}",
        }
        return _("Seal %(number)s of %(chain)s (%(at)s)") % told


@dataclass(frozen=True, slots=True)
class Extent:
    """What a verification went through."""

    seals: int
    rows: int
    chains: int


def named(organisation: UUID | None) -> str:
    """A chain in words."""
    if organisation is None or organisation == SERVICE:
        return _("the service's own chain")
    return _("organisation %(id)s") % {"id": organisation}


def faults(
    *, organisation: UUID | None = None, anchors: Iterable[Anchor] = (), watched: Iterable[str] = ()
) -> Iterator[str]:
    """What is wrong, a sentence each, first what stands in the way of finding more; nothing where all is well.

    `watched` are the tables whose changes must leave traces. A few statements, one of which reads the whole trail.
    """
    yield from _fallen_guards(watched)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_statement(organisation), [organisation] * 4 if organisation else [])
        for told in cursor.fetchall():
            yield from _sentences(_Row(*told))
    yield from _other_ids(organisation)
    yield from _missing_ids(organisation)
    yield from _lost_reasons(organisation)
    yield from _against([*anchors, *_bound()], organisation)


def _bound() -> Iterator[Anchor]:
    """The heads that the service's own chain holds (audit.actions.binding). An act that was edited is told by its seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h::text FROM audit_auditevent e, jsonb_path_query(e.detail, 'lax $.heads[*]') h"
            " WHERE e.action = %s AND e.object_type = 'audit.seal' AND e.organisation_id = %s ORDER BY e.id",
            [BINDING, SERVICE],
        )
        for (told,) in cursor.fetchall():
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                yield Anchor.of(json.loads(told))


def _other_ids(organisation: UUID | None) -> Iterator[str]:
    """Changes of rows whose `ids`, from which other systems are told, are not those of their digest, which is sealed."""
    of = "AND organisation_id = %s" if organisation else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, id, at FROM audit_rowchange WHERE ids IS NOT NULL AND digest <> sha256(coalesce((SELECT"
            f" string_agg(uuid_send(k.id), ''::bytea ORDER BY k.n) FROM unnest(ids) WITH ORDINALITY k (id, n)), '')) {of}"
            " ORDER BY id",
            [organisation] if organisation else [],
        )
        for chain, change, at in cursor.fetchall():
            words = _(
                "The keys of change %(id)s (%(at)s) in %(chain)s are not those that were sealed: they were edited."
            )
            yield words % {"id": change, "at": f"{at:%Y-%m-%d %H:%M:%S}", "chain": named(chain)}


def _missing_ids(organisation: UUID | None) -> Iterator[str]:
    """Changes of before form 2 whose `ids` are gone: how many there were, and of which, was sealed when it began."""
    of = "AND s.organisation_id = %s" if organisation else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.organisation_id, s.rows, count(c.id) FROM audit_rowchange s LEFT JOIN audit_rowchange c"
            " ON c.organisation_id = s.organisation_id AND c.form = 1 AND c.ids IS NOT NULL"
            f" WHERE s.table_name = 'audit_rowchange' AND s.operation = 'ids' {of} GROUP BY s.id"
            " HAVING s.digest IS DISTINCT FROM sha256("
            "string_agg(uuid_send(c.id) || int4send(cardinality(c.ids)), ''::bytea ORDER BY c.id)) ORDER BY s.id",
            [organisation] if organisation else [],
        )
        for chain, sealed, found in cursor.fetchall():
            words = _(
                "Of the changes of %(chain)s, %(sealed)s had all their keys when that was sealed, and %(found)s have them: "
                "keys were removed, or put in."
            )
            yield words % {"chain": named(chain), "sealed": sealed, "found": found}


#: Reasons without their salt, for which only the sealed digest stands: each was taken out by an act that says so.
_FORGOTTEN = """
SELECT e.organisation_id, e.id, e.at FROM audit_auditevent e
WHERE e.reason_digest IS NOT NULL AND e.reason_salt IS NULL AND (e.reason <> '—' OR NOT EXISTS (
    SELECT FROM audit_auditevent a
    WHERE a.object_type = 'audit.auditevent' AND a.object_id = e.id::text AND a.action = 'forget_reason'
)) {of} ORDER BY e.id
"""


def _lost_reasons(organisation: UUID | None) -> Iterator[str]:
    """Acts whose reason was taken out, and no act says so."""
    of = "AND e.organisation_id = %s" if organisation else ""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN.format(of=of), [organisation] if organisation else [])
        for chain, act, at in cursor.fetchall():
            words = _(
                "The reason of act %(id)s (%(at)s) in %(chain)s was taken out, and no act says that it was."
            )
            yield words % {"id": act, "at": f"{at:%Y-%m-%d %H:%M:%S}", "chain": named(chain)}


def extent(organisation: UUID | None = None) -> Extent:
    """How much there is to verify. One query."""
    where = "WHERE organisation_id = %s" if organisation else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(events), 0)::bigint, count(DISTINCT organisation_id)"
            f" FROM audit_seal {where}",
            [organisation] if organisation else [],
        )
        return Extent(*cursor.fetchone())


def _statement(organisation: UUID | None) -> str:
    of = "WHERE {}.organisation_id = %s" if organisation else ""
    return _COMPARED % {
        "rows": _ROWS.format(of=of.format("t")),
        "genesis": _GENESIS,
        "seal": _SEAL,
        "of_seals": of.format("s"),
    }


def _sentences(row: _Row) -> Iterator[str]:
    """One row may be wrong in several ways, and each of them says something of where to look."""
    if row.number is None:
        words = ngettext(
            "%(n)s row of transaction %(block)s in %(chain)s was never sealed: it was put there past the triggers, or its "
            "seal was taken away.",
            "%(n)s rows of transaction %(block)s in %(chain)s were never sealed: they were put there past the triggers, or "
            "their seal was taken away.",
            row.found or 0,
        )
        yield words % {"n": row.found, "block": row.block, "chain": named(row.organisation)}
        return
    if row.number != (row.before or 0) + 1:
        told = {"first": (row.before or 0) + 1, "last": row.number - 1, "chain": named(row.organisation)}
        yield _("Seals %(first)s to %(last)s of %(chain)s are missing: they were deleted.") % told
    elif row.is_loose:
        words = _(
            "%(seal)s does not follow from the one before it: one of them was edited, put in or moved to another place."
        )
        yield words % {"seal": row}
    if row.is_edited:
        yield _("%(seal)s was edited: its hash does not fit what it says.") % {"seal": row}
    sealed, found = row.sealed or 0, row.found or 0
    counts = {"seal": row, "sealed": sealed, "found": found, "block": row.block}
    if found < sealed:
        words = _(
            "%(seal)s holds %(sealed)s rows, %(found)s of transaction %(block)s are there: rows were deleted."
        )
        yield words % counts
    elif found > sealed:
        words = _(
            "%(seal)s holds %(sealed)s rows, %(found)s of transaction %(block)s are there: rows were inserted later."
        )
        yield words % counts
    elif row.is_other:
        words = _(
            "%(seal)s: the rows of transaction %(block)s are not what was sealed: one was edited, or their order was changed."
        )
        yield words % counts


def _against(anchors: Iterable[Anchor], organisation: UUID | None) -> Iterator[str]:
    """What the anchors say that the chains do not. One query for a thousand of them."""
    wanted = [anchor for anchor in anchors if organisation in (None, anchor.organisation)]
    for start in range(0, len(wanted), 1_000):
        part = wanted[start : start + 1_000]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.place, encode(s.hash, 'hex'),"
                " (SELECT max(number) FROM audit_seal e WHERE e.organisation_id = a.chain)"
                " FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS a (chain, number, place)"
                " LEFT JOIN audit_seal s ON s.organisation_id = a.chain AND s.number = a.number ORDER BY a.place",
                [[anchor.organisation for anchor in part], [anchor.number for anchor in part]],
            )
            told: list[Any] = cursor.fetchall()
        for anchor, (_place, found, end) in zip(part, told, strict=True):
            if found is None or not found.startswith(anchor.hash):
                yield _broken(anchor, end, is_there=found is not None)


def _broken(anchor: Anchor, end: int | None, *, is_there: bool) -> str:
    told = {"number": anchor.number, "chain": named(anchor.organisation), "at": anchor.at, "end": end}
    if end is None:
        words = _(
            "Seal %(number)s of %(chain)s was anchored at %(at)s, and nothing of that chain is there: it was emptied "
            "(TRUNCATE), or this is another database."
        )
    elif is_there:
        words = _(
            "Seal %(number)s of %(chain)s has another hash than when it was anchored at %(at)s: the chain was written anew."
        )
    elif end < anchor.number:
        words = _(
            "Seal %(number)s of %(chain)s was anchored at %(at)s, and the chain ends at %(end)s: its tail was cut."
        )
    else:
        words = _("Seal %(number)s of %(chain)s was anchored at %(at)s and is not there: it was deleted.")
    return words % told


def _fallen_guards(watched: Iterable[str]) -> Iterator[str]:
    """Triggers that are missing or switched off, and a trail in which there is nothing. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relname LIKE 'audit%'"
        )
        standing = set(cursor.fetchall())
        cursor.execute("SELECT EXISTS (SELECT FROM audit_seal)")
        is_empty = cursor.fetchone() == (False,)
    for table, names in _GUARDS.items():
        for name in sorted(names):
            if (table, name) not in standing:
                words = _(
                    "The trigger %(name)s of %(table)s is missing or switched off: rows can be changed or left unsealed."
                )
                yield words % {"name": name, "table": table}
    for table in unwatched(watched):
        words = _(
            "Changes of the table %(table)s leave no trace: run manage.py migrate, and ask who took its triggers away."
        )
        yield words % {"table": table}
    if is_empty:
        yield _(
            "There is no seal at all, although every set-up leaves one: the trail was emptied (TRUNCATE)."
        )
