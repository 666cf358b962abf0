"""How common names are among the people of a run: a shared rare name says more than a shared Ivanov."""

from displacement.identity.bulk.model import Comparison
from displacement.identity.bulk.workspace import Connection
from displacement.identity.compare import RAREST, STEADIED_BY
from displacement.identity.weights import LEAST_BITS, MOST_BITS


def frequencies_of(connection: Connection, people: str, comparison: Comparison) -> str:
    """Make a table of shares by value for one comparison, steadied and clamped as at the door; its name."""
    name = comparison.name
    exact = next(level for level in comparison.levels if level.is_adjusted)
    most, least = exact.m * 2.0**-LEAST_BITS, max(RAREST, exact.m * 2.0**-MOST_BITS)
    table = f"frequencies_{name}"
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT {name}, least({most}, greatest({least},
            (count(*) + {exact.u * STEADIED_BY}) / ((SELECT count(*) FROM {people}) + {STEADIED_BY}))) AS tf_{name}
        FROM {people} WHERE {name} <> '' GROUP BY {name}
        """
    )
    return table
