"""What a merge does to the queue: the pair itself is decided, and what was asked of the merged is asked of the survivor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from core.actors import Actor
from displacement.models import Merge, PossibleDuplicate
from displacement.models.duplicate import UNDECIDED

#: Whatever was known of the two: from now on they are `state`.
_DECIDE = """
INSERT INTO displacement_possibleduplicate AS known
    (first_id, second_id, found_at, state, decided_at, decided_by, reason)
SELECT least(one, other), greatest(one, other), %(at)s, %(state)s, %(at)s, %(by)s, %(reason)s
FROM unnest(%(kept)s::uuid[], %(merged)s::uuid[]) AS pair(one, other) ORDER BY 1, 2
ON CONFLICT (first_id, second_id) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at,
    decided_by = excluded.decided_by, reason = excluded.reason
"""

#: Pairs of a merged record with somebody else become pairs of the survivor, judged as they were; a pair that the survivor has
#: with the same person already is the one that counts.
_CARRY = """
WITH pair AS (
    SELECT * FROM unnest(%(merged)s::uuid[], %(kept)s::uuid[], %(merges)s::bigint[]) AS pair(merged, kept, merge)
), theirs AS (
    SELECT known.*, pair.kept, pair.merge, known.second_id AS other
    FROM displacement_possibleduplicate known JOIN pair ON pair.merged = known.first_id
    UNION ALL
    SELECT known.*, pair.kept, pair.merge, known.first_id
    FROM displacement_possibleduplicate known JOIN pair ON pair.merged = known.second_id
), carried AS (
    SELECT theirs.*, coalesce(along.kept, other) AS with_whom
    FROM theirs LEFT JOIN pair along ON along.merged = theirs.other
    JOIN displacement_person somebody ON somebody.id = coalesce(along.kept, theirs.other)
    WHERE theirs.state <> 'same' AND somebody.merged_into_id IS NULL AND somebody.voided_at IS NULL
), made AS (
    INSERT INTO displacement_possibleduplicate
        (first_id, second_id, probability, found_at, run, state, decided_at, decided_by, reason, carried_by_id)
    SELECT DISTINCT ON (1, 2) least(kept, with_whom), greatest(kept, with_whom), probability, found_at, run, state, decided_at,
           decided_by, reason, merge
    FROM carried WHERE kept <> with_whom
    ORDER BY 1, 2, (state = 'different') DESC, probability DESC NULLS LAST
    ON CONFLICT (first_id, second_id) DO NOTHING
    RETURNING id, first_id, second_id
)
INSERT INTO displacement_pairword (pair_id, organisation_id, verdict, decided_at, decided_by, reason)
SELECT DISTINCT ON (1, 2) made.id, word.organisation_id, word.verdict, word.decided_at, word.decided_by, word.reason
FROM made
JOIN carried ON least(carried.kept, carried.with_whom) = made.first_id
            AND greatest(carried.kept, carried.with_whom) = made.second_id
JOIN displacement_pairword word ON word.pair_id = carried.id
ORDER BY 1, 2, word.decided_at DESC
"""


def settle(merges: Sequence[Merge], *, by: Actor, at: datetime, reason: str) -> None:
    """The merged pairs are one person from now on, and their other pairs go on with the survivors. Two queries.

    Called before the records are marked as merged.
    """
    ends: dict[str, Any] = {
        "kept": [merge.kept_id for merge in merges],
        "merged": [merge.merged_id for merge in merges],
        "merges": [merge.pk for merge in merges],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, {**ends, "at": at, "by": by.pk, "state": "same", "reason": reason})
        cursor.execute(_CARRY, ends)


def unsettle(merge: Merge, *, by: Actor, at: datetime, reason: str) -> None:
    """The two are different persons from now on; carried pairs that nobody judged since the merge go. Three queries."""
    both = {"kept": [merge.kept_id], "merged": [merge.merged_id]}
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, {**both, "at": at, "by": by.pk, "state": "different", "reason": reason})
    untouched = Q(state__in=UNDECIDED) | Q(decided_at__lte=merge.merged_at)
    PossibleDuplicate.objects.filter(untouched, carried_by=merge).delete()
