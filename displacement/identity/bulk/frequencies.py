"""How common names are among the people of a run: a shared rare name says more than a shared Ivanov."""

import pyarrow

from displacement.identity.bulk.model import Comparison
from displacement.identity.bulk.workspace import Connection, write
from displacement.identity.compare import RAREST, STEADIED_BY, Frequencies
from displacement.identity.weights import LEAST_BITS, MOST_BITS

_SHARES = pyarrow.schema([("value", pyarrow.string()), ("share", pyarrow.float64())])


def frequencies_of(
    connection: Connection, people: str, comparison: Comparison, known: Frequencies | None = None
) -> str:
    """Make a table of shares by value for one comparison, steadied and clamped as at the door; its name.

    `known` are shares of the register of which `people` are a part; without it they are counted among `people`.
    """
    name = comparison.name
    exact = next(level for level in comparison.levels if level.is_adjusted)
    most, least = exact.m * 2.0**-LEAST_BITS, max(RAREST, exact.m * 2.0**-MOST_BITS)
    if known is None:
        shares, total = _counted(people, name), f"(SELECT count(*) FROM {people})"
    else:
        shares, total = _known(connection, people, name, known), str(known.people)
    table = f"frequencies_{name}"
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT value AS {name}, least({most}, greatest({least},
            (share * {total} + {exact.u * STEADIED_BY}) / ({total} + {STEADIED_BY}))) AS tf_{name}
        FROM ({shares})
        """
    )
    return table


def _counted(people: str, name: str) -> str:
    return (
        f"SELECT {name} AS value, count(*) / (SELECT count(*) FROM {people}) AS share"
        f" FROM {people} WHERE {name} <> '' GROUP BY {name}"
    )


def _known(connection: Connection, people: str, name: str, known: Frequencies) -> str:
    listed, other = (
        (known.family, known.other_family) if name == "family" else (known.given, known.other_given)
    )
    write(connection, f"known_{name}", _SHARES, listed.items())
    return (
        f"SELECT value, coalesce(share, {other}) AS share FROM (SELECT DISTINCT {name} AS value FROM {people}"
        f" WHERE {name} <> '') LEFT JOIN known_{name} USING (value)"
    )
