"""What rows said as known at an earlier moment, where persons were merged, or two again, since then.

A merge lets rows name the survivor, so that today's question needs no join, and puts values of the merged record into the one
that goes on. Asked as known before a merge, a row names whom it named then, and a person has the values of then: `old` of its
earliest entry after that moment. The statements of this package stay as they are: their tables are
hidden behind expressions of the same names that give the rows as they were known.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from core.database_roles import Why, as_service
from displacement.identity.relations import Relation, re_pointed
from displacement.identity.takeable import TAKEABLE, Takeable
from displacement.models import Repointing
from reports.figures.decoys import guarded, without_decoys

#: What a row of the kind named at the moment; without an entry after it, what it names today.
_EARLIER = """
LEFT JOIN (
    SELECT DISTINCT ON (row) row, old FROM displacement_repointing
    WHERE model = '{model}' AND field = '{field}' AND at > %(known_at)s ORDER BY row, id
) AS earlier_{field} ON earlier_{field}.row = held.{key}"""
_THEN = "CASE WHEN earlier_{field}.row IS NULL THEN held.{column} ELSE earlier_{field}.old END AS {column}"
#: What a person's record said at the moment of one thing that a merge took over or gave back since.
_EARLIER_VALUES = """
LEFT JOIN (
    SELECT DISTINCT ON (row) row, old FROM displacement_takenover
    WHERE model = '{model}' AND field = '{field}' AND at > %(known_at)s ORDER BY row, id
) AS told_{field} ON told_{field}.row = held.{key}"""
_VALUE_THEN = """
CASE WHEN told_{field}.row IS NULL THEN held.{column} ELSE CAST(told_{field}.old ->> '{column}' AS {type}) END AS {column}"""


@as_service(Why.FIGURES)
def has_changed_since(known_at: datetime) -> bool:
    """Whether anybody was merged, or two again, after the moment. One query, answered by an index."""
    return Repointing.objects.filter(at__gt=known_at).exists()


def seen_as(sql: str, *, is_before_merges: bool, has_decoys: bool) -> str:
    """The statement over tables as known at `%(known_at)s`, and without decoys. Tables that neither changes stay as is."""
    tables: dict[str, list[Relation]] = {}
    if is_before_merges:
        for relation in re_pointed():
            tables.setdefault(relation.table, []).append(relation)
    if has_decoys:
        for table in sorted(guarded()):
            tables.setdefault(table, [])
    hidden = ",\n".join(
        _hidden(table, relations, sql, has_decoys=has_decoys)
        for table, relations in tables.items()
        if re.search(rf"\b{table}\b", sql)
    )
    if not hidden:
        return sql
    statement = sql.strip()
    rest = statement.removeprefix("WITH ")
    return f"WITH {hidden}{',' if rest != statement else ''}\n{rest}"


def _taken(label: str, sql: str) -> list[Takeable]:
    """What a merge can take over in rows of the kind, as far as the statement reads it."""
    return [
        thing
        for thing in TAKEABLE
        if thing.model == label and any(re.search(rf"\b{column}\b", sql) for column in thing.columns)
    ]


def _hidden(table: str, relations: Sequence[Relation], sql: str, *, has_decoys: bool) -> str:
    """An expression under the table's name with the rows that count, as known. Names come from the models."""
    told, joins = _as_known(relations, sql) if relations else ("held.*", "")
    where = without_decoys(table) if has_decoys else ""
    return f"{table} AS NOT MATERIALIZED (\nSELECT {told} FROM {table} AS held{joins}{where}\n)"


def _as_known(relations: Sequence[Relation], sql: str) -> tuple[str, str]:
    """The columns as known then, and the joins that they come from."""
    taken = _taken(relations[0].label, sql)
    meta = relations[0].model._meta
    key = str(meta.pk.column)
    then = {
        relation.column: _THEN.format(field=relation.field, column=relation.column) for relation in relations
    }
    for thing in taken:
        for column in thing.columns:
            then[column] = _VALUE_THEN.format(field=thing.name, column=column, type=thing.type_of(column))
    columns = ", ".join(then.get(str(f.column), f"held.{f.column}") for f in meta.concrete_fields)
    joins = "".join(
        _EARLIER.format(model=relation.label, field=relation.field, key=key) for relation in relations
    )
    joins += "".join(_EARLIER_VALUES.format(model=thing.model, field=thing.name, key=key) for thing in taken)
    return columns, joins
