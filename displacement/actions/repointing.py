"""Letting rows name another person, and their own again: a statement for each key, however many rows and persons.

What is written down of each row is enough to take any merge back in any order, and to say what a row named at any earlier
moment.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from displacement.identity.relations import Relation, re_pointed
from displacement.models import Merge

#: Names of tables and columns come from the models; values are parameters.
_FORWARD = """
WITH moved AS (
    UPDATE {table} AS held SET {column} = pair.kept
    FROM unnest(%(merged)s::uuid[], %(kept)s::uuid[], %(merges)s::bigint[]) AS pair(merged, kept, merge)
    WHERE held.{column} = pair.merged
    RETURNING held.{key} AS row, pair.merged, pair.kept, pair.merge
)
INSERT INTO displacement_repointing (merge_id, at, model, field, row, old, new, is_return)
SELECT merge, %(at)s, %(model)s, %(field)s, row, merged, kept, false FROM moved ORDER BY row
"""

#: The merged persons themselves name their survivors from now on.
_ENTER = """
WITH moved AS (
    UPDATE displacement_person AS held SET merged_into_id = pair.kept
    FROM unnest(%(merged)s::uuid[], %(kept)s::uuid[], %(merges)s::bigint[]) AS pair(merged, kept, merge)
    WHERE held.id = pair.merged
    RETURNING held.id AS row, pair.kept, pair.merge
)
INSERT INTO displacement_repointing (merge_id, at, model, field, row, old, new, is_return)
SELECT merge, %(at)s, 'displacement.person', 'merged_into', row, NULL, kept, false FROM moved ORDER BY row
"""

#: A row goes back where this merge still holds it: no earlier merge that brought it here was taken back since (then that one
#: took the row along), and nobody made the row name somebody else by hand.
_BACK = """
WITH mine AS (
    SELECT entry.row, entry.old, held.{column} AS was
    FROM displacement_repointing entry JOIN {table} held ON held.{key} = entry.row
    WHERE entry.merge_id = %(merge)s AND NOT entry.is_return AND entry.model = %(model)s AND entry.field = %(field)s
      AND NOT EXISTS (
          SELECT FROM displacement_repointing gone
          WHERE gone.row = entry.row AND gone.model = entry.model AND gone.field = entry.field
            AND gone.is_return AND gone.id > entry.id AND gone.merge_id <= entry.merge_id
      )
      AND held.{column} = (
          SELECT latest.new FROM displacement_repointing latest
          WHERE latest.row = entry.row AND latest.model = entry.model AND latest.field = entry.field
          ORDER BY latest.id DESC LIMIT 1
      )
    FOR UPDATE OF held
), moved AS (
    UPDATE {table} AS held SET {column} = mine.old FROM mine WHERE held.{key} = mine.row
    RETURNING held.{key} AS row, mine.was, mine.old
)
INSERT INTO displacement_repointing (merge_id, at, model, field, row, old, new, is_return)
SELECT %(merge)s, %(at)s, %(model)s, %(field)s, row, was, old, true FROM moved ORDER BY row
"""


def re_point(merges: Sequence[Merge], *, at: datetime) -> Counter[str]:
    """Let every row that names a merged person name the survivor; how many rows of each kind. A query per kind and one more.

    The persons are locked and unmerged, no survivor is among the merged, and nothing is in the way: the caller has seen to it.
    """
    pairs: dict[str, Any] = {
        "merged": [merge.merged_id for merge in merges],
        "kept": [merge.kept_id for merge in merges],
        "merges": [merge.pk for merge in merges],
        "at": at,
    }
    moved = Counter[str]()
    for relation in re_pointed():
        moved[relation.label] += _run(_FORWARD, relation, pairs)
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, pairs)
    return +moved


def return_rows(merge: Merge, *, at: datetime) -> Counter[str]:
    """Let the rows that a merge re-pointed name what they named before it; how many of each kind. A query per kind."""
    moved = Counter[str]()
    for relation in re_pointed():
        moved[relation.label] += _run(_BACK, relation, {"merge": merge.pk, "at": at})
    return +moved


def _run(sql: str, relation: Relation, values: dict[str, Any]) -> int:
    quoted = connection.ops.quote_name
    statement = sql.format(
        table=quoted(relation.table),
        column=quoted(relation.column),
        key=quoted(str(relation.model._meta.pk.column)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "model": relation.label, "field": relation.field})
        return int(cursor.rowcount)
