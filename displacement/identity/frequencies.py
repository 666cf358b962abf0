"""How common names are in this register: from a sample of its pages, kept for an hour in each process.

At the door nobody waits for a count of a million names. A sample knows to within a bit every name that one person in a
thousand bears, and that is all that is needed: a rare name is rare.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from core.names import folded
from displacement.identity.compare import Frequencies

#: People whose names are read, and seconds for which what they say holds.
SAMPLE, KEPT = 20_000, 3_600
#: A name borne by fewer in the sample counts as rare; no single person is told by a share.
_FEWEST = 3

#: As of the last ANALYZE; before the first one by the size of the table, a person taking some 400 bytes.
_ESTIMATE = """
SELECT CASE WHEN reltuples > 0 THEN reltuples::bigint ELSE pg_relation_size(oid) / 400 END
FROM pg_class WHERE oid = 'displacement_person'::regclass
"""
_NAMES = (
    "SELECT family_name, given_name FROM displacement_person TABLESAMPLE SYSTEM (%s) REPEATABLE (1) LIMIT %s"
)


class _Memory:
    """What this process knows, and until when."""

    known: tuple[float, Frequencies] | None = None


def current() -> Frequencies:
    """Shares of names as sampled within the last hour: no query but for the first caller after it, who runs two."""
    now = time.monotonic()
    if _Memory.known is None or _Memory.known[0] < now:
        _Memory.known = (now + KEPT, sample())
    return _Memory.known[1]


def forget() -> None:
    """Sample anew at the next need: another register stands behind the connection."""
    _Memory.known = None


def sample() -> Frequencies:
    """Shares of names in a sample of pages; the size of the register is PostgreSQL's own estimate. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_ESTIMATE)
        (people,) = cursor.fetchone()
        cursor.execute(_NAMES, [min(100.0, 100.0 * SAMPLE / max(people, 1)), SAMPLE])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return shares(rows, people=max(people, len(rows)))


def shares(names: Iterable[tuple[Any, ...]], *, people: int) -> Frequencies:
    """Shares from pairs of family and given name as written, for a register of so many people."""
    family: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for family_name, given_name in names:
        family[folded(family_name, is_surname=True)] += 1
        given[folded(given_name)] += 1
    rarest = 1 / max(family.total(), 1)
    return Frequencies(people, _listed(family), _listed(given), rarest, rarest)


def _listed(seen: Counter[str]) -> Mapping[str, float]:
    total = max(seen.total(), 1)
    return {name: count / total for name, count in seen.items() if name and count >= _FEWEST}
