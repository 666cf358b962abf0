"""What an export of people costs, against a bare COPY TO of the same columns in the same run, and how much memory it takes.

The export neutralises formulas, encrypts, and keeps the file in the database; the bare one writes what COPY tells to a file.
`PEOPLE=20000` makes it smaller. The last line is the memory of this process at its highest, alike for 20,000 and a million.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from statistics import median

from django.db import connection, transaction
from uuid6 import uuid7

from accounts.models import Organisation
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from core.clock import database_now
from displacement.models import Household
from regions.models import Region
from roster.exporting.columns import COLUMNS
from roster.exporting.writing import question, write
from roster.models import PeopleExport

PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BAR = 1.5
#: All that SQL reads: what is opened row by row is another matter.
WANTED = [column.name for column in COLUMNS.values() if column.sql]


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`."""
    with own_database():
        fill(PEOPLE)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE displacement_person, displacement_household")
        export = _export()
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(_timed(lambda: _copy(export)))
            ours.append(_timed(lambda: _write(export)))
        name = f"{PEOPLE:,} people by CSV, encrypted and kept, against a bare COPY TO (time)"
        yield f"{name}  {median(ours) / median(bare):.2f}x  (at most {BAR}x)  n={ROUNDS}"
        yield f"memory of the process at its highest  {_most_megabytes()} MB"


def _export() -> PeopleExport:
    """Everybody of the one organisation."""
    organisation, now = Organisation.objects.get(short_name="Bench"), database_now()
    region = Household.objects.values_list("registered_in__path", flat=True).first() or ""
    root = Region.objects.filter(level=0).order_by("path")
    found = next(each for each in root if region.startswith(each.path))
    return PeopleExport.objects.create(
        organisation=organisation,
        region=found,
        columns=WANTED,
        purpose="How long it takes.",
        needed_until=now + timedelta(days=1),
        asked_at=now,
        asked_by=uuid7(),
    )


def _write(export: PeopleExport) -> None:
    export.parts.all().delete()
    with transaction.atomic():
        told = write(export)
    assert told.people >= PEOPLE * 0.9, told.people


def _copy(export: PeopleExport) -> None:
    """The same columns of the same rows, as they are."""
    select, parameters = question(export)
    for column in COLUMNS.values():
        select = select.replace(column.written, column.sql) if column.sql else select
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        cursor = stack.enter_context(connection.cursor())
        for line in stack.enter_context(cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)", parameters)):
            file.write(line)


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _most_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
