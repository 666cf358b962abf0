"""What a list costs from its bytes to the register: staged, checked, keyed, written with movements and audit.

`INTAKE_PEOPLE=20000` makes it smaller; `INTAKE_LARGE=1000000` adds a list of so many, and a small one into the register that
then holds as many; with `INTAKE_AGAIN=1`, another large one into that.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Organisation
from benchmarks import intake_peer
from benchmarks.actors import almighty
from benchmarks.database import own_database
from benchmarks.intake import TABLES, Ready, _copy
from benchmarks.intake_lists import COLUMNS, write_csv, write_xlsx
from benchmarks.processor import spent
from core import names
from displacement.identity import keys
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch
from intake.staging import stage
from regions.models import Region

PEOPLE = int(os.environ.get("INTAKE_PEOPLE", "121000"))
LARGE = int(os.environ.get("INTAKE_LARGE", "0"))
AGAIN = bool(os.environ.get("INTAKE_AGAIN"))
ROUNDS = int(os.environ.get("INTAKE_ROUNDS", "3"))
BAR, PEER_BAR, WORKBOOK_BAR, LARGE_BAR = 2.5, 30, 1.5, 10
MEMORY_BAR, GROWTH_BAR = 200, 20
#: Its peak in kilobytes, since what getrusage tells includes the process that started it, as it was then; processor seconds,
#: its own and those of its PostgreSQL backend; and those of the clock.
_WORKER = """
import re, sys, time, uuid, django
django.setup()
from benchmarks.processor import spent
from intake.staging import stage
from intake.accepting import write
began, before = time.perf_counter(), spent()
(stage if sys.argv[1] == "stage" else write)(uuid.UUID(sys.argv[2]))
used = spent() - before, time.perf_counter() - began
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1], *used)
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, the median of interleaved rounds in a database of its own."""
    with own_database(), tempfile.TemporaryDirectory() as folder:
        yield from Lists(Path(folder)).lines()


class Work(NamedTuple):
    """The most memory that a worker held, in MB; its processor seconds with those of PostgreSQL; and the clock's."""

    memory: float
    cost: float
    seconds: float


class Lists:
    """One list and its workbook, taken in again and again into an empty register."""

    def __init__(self, folder: Path) -> None:
        self.csv, self.xlsx = folder / "list.csv", folder / "list.xlsx"
        self.large, self.again = folder / "large.csv", folder / "again.csv"
        if LARGE:
            # The teams that an invention brings along are those of the small list, too.
            for path, seed in ((self.large, 7), (self.again, 8))[: 1 + AGAIN]:
                with transaction.atomic():
                    write_csv(path, LARGE, seed=seed)
                    transaction.set_rollback(True)
        write_csv(self.csv, PEOPLE)
        write_xlsx(self.xlsx, self.csv)
        self.by = almighty()
        self.organisation = Organisation.objects.order_by("pk")[0]
        self.region = Region.objects.get(key="RU-KRS-KURSK")
        self.ready: Ready = []

    def lines(self) -> Iterator[str]:
        """All comparisons, those with a larger list only where it is asked for."""
        ours, least, workbook, peer = [], [], [], []
        for _ in range(ROUNDS):
            ours.append(self._cost(lambda: self._take_in(self.csv)))
            self.ready = self.ready or self._ready_rows()
            self._empty()
            least.append(self._cost(self._copy))
            rows = intake_peer.sample()
            self._empty()
            peer.append(self._cost(partial(intake_peer.write, rows)))
            self._empty()
            workbook.append(self._cost(lambda: self._take_in(self.xlsx)))
            self._empty()
        mine = median(ours)
        yield _line(
            f"a list of {PEOPLE:,} people, against COPY of ready rows",
            mine / median(least),
            f"at most {BAR}x",
        )
        yield _line(
            f"the same rows by django-import-export in bulk mode (timed at {intake_peer.SAMPLE:,} people), against a list",
            median(peer) * PEOPLE / intake_peer.SAMPLE / mine,
            f"at least {PEER_BAR}x",
        )
        yield _line(
            "the same as a workbook, against CSV", median(workbook) / mine, f"at most {WORKBOOK_BAR}x"
        )
        small = self._work_in(self.csv)
        self._empty()
        yield f"peak memory of a worker at {PEOPLE:,} people  {small.memory:.0f} MB  (below {MEMORY_BAR} MB)  n=1"
        if LARGE:
            yield from self._large(small)

    def _large(self, small: "Work") -> Iterator[str]:
        """A large list into an empty register, then a small and another large one into the full one."""
        large = self._work_in(self.large)
        grown = large.memory - small.memory
        yield f"memory at {LARGE:,} people beyond that  {grown:+.0f} MB  (at most +{GROWTH_BAR} MB)  n=1"
        yield from _against(f"{LARGE:,} people against {PEOPLE:,}", large, small, f"at most {LARGE_BAR}x")
        full = self._work_in(self.csv)
        yield from _against(
            f"{PEOPLE:,} people into a register of {LARGE:,}, against an empty one", full, small
        )
        if AGAIN:
            again = self._work_in(self.again)
            name = f"{LARGE:,} people into a register of {LARGE:,}, against {PEOPLE:,} into an empty one"
            yield from _against(name, again, small, f"at most {LARGE_BAR}x")

    def _received(self, path: Path) -> Batch:
        with path.open("rb") as file:
            batch = batches.receive(
                organisation=self.organisation,
                kind="people",
                file=file,
                name=path.name,
                by=self.by,
                registered_in=self.region,
            )
        return batches.map_columns(batch=batch, columns=COLUMNS, by=self.by)

    def _take_in(self, path: Path) -> None:
        _forget()
        batch = self._received(path)
        stage(batch.pk)
        batches.accept(batch=batch, by=self.by, with_warnings=True)
        write(batch.pk)
        done = Batch.objects.get(pk=batch.pk)
        assert done.progress == done.total, (done.state, done.failure, done.counts, done.outcome)

    def _work_in(self, path: Path) -> "Work":
        """What two processes of its own needed to read and check the list, and to write it."""
        batch = self._received(path)
        read = self._work("stage", batch.pk)
        batches.accept(batch=batch, by=self.by, with_warnings=True)
        written = self._work("write", batch.pk)
        return Work(
            max(read.memory, written.memory), read.cost + written.cost, read.seconds + written.seconds
        )

    def _work(self, what: str, batch_id: UUID) -> "Work":
        settings = connection.settings_dict
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
        command = [sys.executable, "-c", _WORKER, what, str(batch_id)]
        done = subprocess.run(
            command, env={**os.environ, "DATABASE_URL": url}, check=True, capture_output=True
        )
        memory, cost, seconds = map(float, done.stdout.split()[-3:])
        return Work(memory / 1024, cost, seconds)

    def _ready_rows(self) -> Ready:
        ready: Ready = []
        for model in TABLES:
            table = connection.ops.quote_name(model._meta.db_table)
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as source:
                ready.append((table, [bytes(block) for block in source]))
        return ready

    def _copy(self) -> None:
        with transaction.atomic():
            _copy(self.ready)

    def _empty(self) -> None:
        """An empty register again. Tables that refuse that are asked without their triggers, in this database alone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relname LIKE 'displacement%%'"
            )
            guarded = [name for (name,) in cursor.fetchall()]
            for name in guarded:
                cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
            cursor.execute(
                "TRUNCATE displacement_household, intake_batch, intake_stagedrow, intake_finding CASCADE"
            )
            for name in guarded:
                cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")

    def _cost(self, work: Callable[[], None]) -> float:
        """Processor seconds of this process, of its children and of its PostgreSQL backend."""
        before = spent() + _children()
        work()
        return spent() + _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _against(name: str, one: Work, other: Work, bar: str = "none") -> Iterator[str]:
    """The two in processor seconds, which a busy machine leaves alone, and by the clock, which it does not."""
    yield _line(f"{name}, processor seconds", one.cost / other.cost, bar, 1)
    yield _line(f"{name}, by the clock", one.seconds / other.seconds, bar, 1)


def _forget() -> None:
    """Names are folded anew in each round, as in a worker that has just started."""
    for remembered in (
        names.search_key,
        names.folded,
        names.loose,
        names.latin,
        keys._code,
        keys._family_codes,
    ):
        remembered.cache_clear()


def _line(name: str, ratio: float, bar: str, rounds: int = ROUNDS) -> str:
    return f"{name}  {ratio:.2f}x  ({bar})  n={rounds}"
