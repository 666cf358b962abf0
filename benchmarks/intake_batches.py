"""What a list costs from its bytes to the register: staged, checked, keyed, written with movements and audit.

`INTAKE_PEOPLE=20000` makes it smaller; `INTAKE_LARGE=1000000` adds a list of so many, and a small one into the register that
then holds as many.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Organisation, User
from benchmarks import intake_peer
from benchmarks.database import own_database
from benchmarks.intake import TABLES, Ready, _clock, _copy
from benchmarks.intake_lists import COLUMNS, write_csv, write_xlsx
from core import names
from displacement.identity import keys
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch
from intake.staging import stage
from regions.models import Region

PEOPLE = int(os.environ.get("INTAKE_PEOPLE", "121000"))
LARGE = int(os.environ.get("INTAKE_LARGE", "0"))
ROUNDS = int(os.environ.get("INTAKE_ROUNDS", "3"))
BAR, PEER_BAR, WORKBOOK_BAR, LARGE_BAR = 2.5, 30, 1.5, 10
MEMORY_BAR, GROWTH_BAR = 200, 20
#: Its own peak in kilobytes: what getrusage tells includes the process that started it, as it was then.
_WORKER = """
import re, sys, uuid, django
django.setup()
from intake.staging import stage
from intake.accepting import write
(stage if sys.argv[1] == "stage" else write)(uuid.UUID(sys.argv[2]))
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, the median of interleaved rounds in a database of its own."""
    with own_database(), tempfile.TemporaryDirectory() as folder:
        yield from Lists(Path(folder)).lines()


class Lists:
    """One list and its workbook, taken in again and again into an empty register."""

    def __init__(self, folder: Path) -> None:
        self.csv, self.xlsx, self.large = folder / "list.csv", folder / "list.xlsx", folder / "large.csv"
        if LARGE:
            # The teams that an invention brings along are those of the small list, too.
            with transaction.atomic():
                write_csv(self.large, LARGE, seed=7)
                transaction.set_rollback(True)
        write_csv(self.csv, PEOPLE)
        write_xlsx(self.xlsx, self.csv)
        self.by = User.objects.create(username="bench", is_superuser=True, is_active=True)
        self.organisation = Organisation.objects.order_by("pk")[0]
        self.region = Region.objects.get(key="RU-KRS-KURSK")
        self.ready: Ready = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (self.backend,) = cursor.fetchone()

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
        small = self._memory(self.csv)
        self._empty()
        yield f"peak memory of a worker at {PEOPLE:,} people  {small:.0f} MB  (below {MEMORY_BAR} MB)  n=1"
        if LARGE:
            yield from self._large(small)

    def _large(self, small: float) -> Iterator[str]:
        """A large list into an empty register, then a small one into the full one."""
        seconds = _seconds(lambda: self._take_in(self.csv))
        self._empty()
        started = time.perf_counter()
        grown = self._memory(self.large) - small
        empty = time.perf_counter() - started
        yield f"memory at {LARGE:,} people beyond that  {grown:+.0f} MB  (at most +{GROWTH_BAR} MB)  n=1"
        yield _line(
            f"{LARGE:,} people against {PEOPLE:,}, seconds", empty / seconds, f"at most {LARGE_BAR}x", 1
        )
        full = _seconds(lambda: self._take_in(self.csv))
        yield _line(
            f"{PEOPLE:,} people into a register of {LARGE:,}, against an empty one", full / seconds, "none", 1
        )

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

    def _memory(self, path: Path) -> float:
        """The largest that a process of its own grew to while it read, checked and wrote the list, in MB."""
        batch = self._received(path)
        read = self._work("stage", batch.pk)
        batches.accept(batch=batch, by=self.by, with_warnings=True)
        return max(read, self._work("write", batch.pk)) / 1024

    def _work(self, what: str, batch_id: UUID) -> int:
        settings = connection.settings_dict
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
        command = [sys.executable, "-c", _WORKER, what, str(batch_id)]
        done = subprocess.run(
            command, env={**os.environ, "DATABASE_URL": url}, check=True, capture_output=True
        )
        return int(done.stdout.split()[-1])

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
        before = _clock(self.backend) + _children()
        work()
        return _clock(self.backend) + _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


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
