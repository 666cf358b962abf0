"""Conditions of row-level security, made of the lookups that lead from a row to its organisation and its region.

A condition is a value and no EXISTS: that would be answered from a list of all people of the organisation, made anew for each
page. What the session names is asked in brackets of its own, so that it is read once for a statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from accounts.bounds import Way

#: Each organisation with each region where the session works in it. Regions are few: it is made once for a statement.
IN_PLACES = (
    "IN (SELECT split_part(told, '|', 1)::uuid, r.id FROM unnest(musterpoint_places()) told"
    " JOIN regions_region r ON starts_with(r.path, split_part(told, '|', 2)))"
)


@dataclass
class _Walk:
    """From a row along foreign keys: the rows that were met, the first one included, and what joins them."""

    met: list[type[models.Model]]
    aliases: list[str]
    tables: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    @classmethod
    def along(cls, model: type[models.Model], alias: str, steps: Sequence[str], names: str) -> "_Walk":
        """Rows that are met are called by the letters and a number."""
        walk = cls([model], [alias])
        for depth, step in enumerate(steps):
            key: Any = walk.met[-1]._meta.get_field(step)
            beyond, name = key.related_model, f"{names}{depth}"
            walk.tables.append(f"{beyond._meta.db_table} {name}")
            walk.joins.append(f'{name}."{beyond._meta.pk.column}" = {walk.aliases[-1]}."{key.column}"')
            walk.met.append(beyond)
            walk.aliases.append(name)
        return walk

    def column(self, name: str) -> str:
        """A column of the last row."""
        end: Any = self.met[-1]._meta.get_field(name)
        return f'{self.aliases[-1]}."{end.column}"'

    def told(self, value: str, *conditions: str) -> str:
        """What is read there; the conditions where nothing has to be met."""
        if not self.tables:
            return " AND ".join(conditions) or value
        met = " AND ".join([*self.joins, *conditions])
        return f"(SELECT {value} FROM {', '.join(self.tables)} WHERE {met})"


def in_place(model: type[models.Model], way: Way) -> str:
    """The condition for rows of a model that the way leads to an organisation of the session, in a region of it there.

    Who works everywhere is not asked for the region: that is a look-up for each row, where it is the household's.
    """
    *steps, last = way.organisation.split("__")
    walk = _Walk.along(model, model._meta.db_table, steps, "b")
    organisation = walk.column(last)
    ours = f"{organisation} = ANY ((SELECT musterpoint_organisations())::uuid[])"
    if not way.region:
        return f"({walk.told('true', ours)})"
    there = f"({organisation}, {_region(walk, steps, way.region)}) {IN_PLACES}"
    return f"({walk.told('true', ours, f'((SELECT musterpoint_is_everywhere()) OR {there})')})"


def _region(walk: _Walk, steps: list[str], lookup: str) -> str:
    """A row's region, from the last row that lies on the way to its organisation, too."""
    *there, last = lookup.split("__")
    depth = 0
    while steps[depth : depth + 1] and steps[depth : depth + 1] == there[depth : depth + 1]:
        depth += 1
    beyond = _Walk.along(walk.met[depth], walk.aliases[depth], there[depth:], "r")
    return beyond.told(beyond.column(last))


def in_regions(model: type[models.Model], lookup: str, wanted: str) -> str:
    """The condition for rows of every organisation in the regions that the session names for an act (`kind:act`)."""
    *steps, last = lookup.split("__")
    walk = _Walk.along(model, model._meta.db_table, steps, "b")
    there = (
        f"{walk.column(last)} IN (SELECT r.id FROM regions_region r"
        f" WHERE r.path LIKE ANY ((SELECT musterpoint_regions('{wanted}'))::text[]))"
    )
    return f"({walk.told('true', there)})"
