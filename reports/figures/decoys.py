"""Decoys are in no figure: the tables that every statement of this package reads are hidden behind the same rows without them.

One place for all statements, as for what was known before merges (reports.figures.known): no statement has to remember it, and
where nobody was laid out, nothing is added to any.
"""

from typing import Any

from core.database_roles import Why, as_service
from displacement.models import HoneyRecord
from displacement.models.honey import Laid

#: By which column and parameter a table's rows are those of a decoy. What hangs on these (needs, groups) is counted with them.
_OF_DECOYS = {
    "displacement_household": ("id", "decoy_households"),
    "displacement_person": ("id", "decoy_people"),
    "displacement_movement": ("person_id", "decoy_people"),
    "shelters_stay": ("person_id", "decoy_people"),
}


@as_service(Why.FIGURES)
def laid_out() -> Laid:
    """All decoys. One query."""
    return HoneyRecord.objects.laid()


def guarded() -> frozenset[str]:
    """The tables that may hold rows of decoys."""
    return frozenset(_OF_DECOYS)


def without_decoys(table: str) -> str:
    """The condition for rows of the table, called `held`, that are no decoy's; blank for other tables.

    The ids come as a constant, which PostgreSQL looks up by a hash: some thirty nanoseconds a row.
    """
    if table not in _OF_DECOYS:
        return ""
    column, parameter = _OF_DECOYS[table]
    return f"\nWHERE (held.{column} = ANY(%({parameter})s::uuid[])) IS NOT TRUE"


def parameters_of(laid: Laid) -> dict[str, Any]:
    """What the conditions ask for by name."""
    return {"decoy_households": list(laid.households), "decoy_people": list(laid.people)}
