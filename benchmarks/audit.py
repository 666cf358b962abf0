"""What the trail costs where most is written, and how long it takes to verify two million rows of it.

`INTAKE_PEOPLE=20000 AUDIT_ROWS=100000` makes both smaller.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.db import connection

from audit import verifying, watching
from benchmarks.database import own_database
from benchmarks.intake_batches import PEOPLE, ROUNDS, Lists
from config.watched import watched

ROWS = int(os.environ.get("AUDIT_ROWS", "2000000"))
INTAKE_BAR, MOST_SECONDS = 1.15, 120
#: Rows of one transaction: an act and what it changed.
TOGETHER = 4

_FILLED = """
ALTER TABLE audit_auditevent DISABLE TRIGGER USER;
INSERT INTO audit_auditevent (id, at, organisation_id, block, actor_id, action, object_type, object_id, reason, detail)
SELECT uuidv7(), clock_timestamp(), ('00000000-0000-7000-8000-' || lpad(to_hex(b %% 20), 12, '0'))::uuid,
    ('00000000-0000-7000-9000-' || lpad(to_hex(b), 12, '0'))::uuid, uuidv7(), 'change', 'displacement.person',
    uuidv7()::text, '', '{"fields": ["family_name"]}'
FROM generate_series(1, %(blocks)s) b, generate_series(1, %(together)s) ORDER BY b;
ALTER TABLE audit_auditevent ENABLE TRIGGER USER;
ANALYZE audit_auditevent;
"""
_SEALED = """
DO $$ BEGIN
    FOR b IN 1 .. %(blocks)s LOOP
        PERFORM audit_seal_block(('00000000-0000-7000-9000-' || lpad(to_hex(b), 12, '0'))::uuid);
    END LOOP;
END $$;
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, each part in a database of its own."""
    with own_database(), tempfile.TemporaryDirectory() as folder:
        yield from _of_intake(Lists(Path(folder)))
    with own_database():
        yield _of_verifying()


def _of_intake(lists: Lists) -> Iterator[str]:
    """The same list with all of the trail and with its acts alone, in turns."""
    with_trail, without = [], []
    for number in range(2 * ROUNDS + 2):
        if number % 2:
            with _no_trail():
                cost = lists._cost(lambda: lists._take_in(lists.csv))
        else:
            cost = lists._cost(lambda: lists._take_in(lists.csv))
        if number > 1:
            (without if number % 2 else with_trail).append(cost)
        lists._empty()
    ratio = median(with_trail) / median(without)
    name = f"a list of {PEOPLE:,} people with changes of rows and seals, against acts alone"
    yield f"{name}  {ratio:.3f}x  (at most {INTAKE_BAR}x)  n={ROUNDS}"


@contextmanager
def _no_trail() -> Iterator[None]:
    """Neither changes of rows nor seals."""
    watching.unwatch()
    _execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_seal")
    yield
    _execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_seal")
    watching.watch(watched())


def _of_verifying() -> str:
    """By the clock on this machine, so no ratio."""
    sizes = {"blocks": ROWS // TOGETHER, "together": TOGETHER}
    _execute(_FILLED % sizes)
    _execute(_SEALED % sizes)
    _execute("ANALYZE audit_seal")
    began = time.perf_counter()
    wrong = list(verifying.faults(watched=[each.table for each in watched()]))
    seconds = time.perf_counter() - began
    assert wrong == [], wrong[:3]
    extent = verifying.extent()
    name = f"verifying {extent.rows:,} rows under {extent.seals:,} seals"
    return f"{name}  {seconds:.1f} s  (at most {MOST_SECONDS} s)  n=1"


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
