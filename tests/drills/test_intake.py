"""Two processes take in overlapping lists at once, and one of them is killed with `kill -9`: everybody is there once.

Each round is held against the same two lists taken in one after the other. A control without the lock of an organisation's
identities must find doubles.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.models import F

from accounts.models import User
from audit.models import AuditEvent
from config.embedded.directory import PROJECT
from displacement.models import Household, Movement, Person
from intake import accepting
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch, StagedRow
from intake.models.batch import BatchState
from intake.staging import stage
from tests.intake.lists import COLUMNS, clerk, family, organisation_of, people, sent
from tests.workers import database_url, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

#: Families of each list; those in both stand first in each, under other numbers.
EACH, BOTH = 50, 30
#: People of both lists together, two of each family.
PEOPLE = 2 * (2 * EACH - BOTH)
#: A process that works on one batch until that is done. It takes small steps and waits in the middle of each, between the
#: look at the register and the writing; the lease of whoever dies runs out after four seconds.
_WORKER = """
import django, sys, time, uuid
from datetime import timedelta
django.setup()
from intake import accepting, lease, staging
from intake.kinds.registry import KINDS
from intake.models import Batch
work, pk, is_locked = sys.argv[1], uuid.UUID(sys.argv[2]), sys.argv[3] == "locked"
accepting.SET_WISE_CHUNK, staging.CHUNK, lease.LEASE = 20, 20, timedelta(seconds=4)
kind, read = KINDS["people"], staging._write
def slowly(act):
    def wait_and_act(*args):
        time.sleep(0.2)
        return act(*args)
    return wait_and_act
kind.write, staging._write = slowly(kind.write), slowly(read)
if not is_locked:
    accepting._be_alone = lambda batch: None
do, state = (staging.stage, "staging") if work == "stage" else (accepting.write, "accepting")
while Batch.objects.filter(pk=pk, state=state).exists():
    do(pk)
    time.sleep(0.1)
"""


@contextmanager
def _working(work: str, *lists: Batch, lock: str = "locked") -> Iterator[list[subprocess.Popen[bytes]]]:
    """A process for each batch; whatever happens, none of them is left behind."""
    environment = {**os.environ, "DATABASE_URL": database_url()}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, work, str(batch.pk), lock],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        for batch in lists
    ]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _two_lists(by: User, colleague: User) -> tuple[Batch, Batch]:
    """Sent and not read yet, by two people of one organisation."""
    return _list(by, "A", range(EACH - 1, -1, -1)), _list(colleague, "B", range(EACH - BOTH, 2 * EACH - BOTH))


def _list(by: User, letter: str, numbers: range) -> Batch:
    rows = [
        row
        for number in numbers
        for row in family(f"{number:03}", HH=f"{letter}{number}", Patronymic="Ivanovych")
    ]
    batch = sent(people(*rows), by)
    return batches.map_columns(batch=batch, columns=COLUMNS, by=by)


def _state(batch: Batch) -> str:
    return Batch.objects.get(pk=batch.pk).state


def _kill_in_the_middle(worker: subprocess.Popen[bytes], batch: Batch, working: BatchState) -> None:
    """Kill it without warning after some steps and before the last."""
    wait_until(lambda: Batch.objects.get(pk=batch.pk).progress >= 20, 90)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    left = Batch.objects.get(pk=batch.pk)
    assert (left.state, left.leased_until is None) == (working, False)


def _finish(workers: list[subprocess.Popen[bytes]]) -> None:
    assert [worker.wait(120) for worker in workers] == [0] * len(workers)


def _at_once(work: str, lists: tuple[Batch, Batch], *, kill: bool = False, lock: str = "locked") -> None:
    """Both lists in the hands of a process each; where one is killed, a third waits for the end of its lease."""
    working = BatchState.STAGING if work == "stage" else BatchState.ACCEPTING
    with _working(work, *lists, lock=lock) as workers:
        if kill:
            first = workers.pop(0)
            _kill_in_the_middle(first, lists[0], working)
            with _working(work, lists[0], lock=lock) as heirs:
                _finish(heirs)
        _finish(workers)


def _accept(lists: tuple[Batch, Batch], *who: User) -> None:
    for batch, by in zip(lists, who, strict=True):
        batches.accept(batch=batch, by=by, with_warnings=True)


def _register(by: User) -> Counter[tuple[object, ...]]:
    """How often each person, and each of their movements, is in the register of the organisation."""
    mine = {"household__organisation": organisation_of(by)}
    names = ("family_name", "given_name", "patronymic", "birth_date", "sex")
    persons = Person.objects.current().filter(**mine).values_list(*names)
    steps = Movement.objects.current().filter(person__household__organisation=organisation_of(by))
    moved = steps.values_list("person__family_name", "person__given_name", "kind", "occurred_at")
    return Counter([*persons, *moved])


def _one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[object, ...]]:
    """What the same lists come to in another organisation when nobody is in anybody's way."""
    monkeypatch.setattr(accepting, "SET_WISE_CHUNK", 20)
    by = clerk()
    for batch in _two_lists(by, clerk(organisation_of(by))):
        stage(batch.pk)
        batches.accept(batch=batch, by=by, with_warnings=True)
        write(batch.pk)
        assert _state(batch) == BatchState.ACCEPTED
    return _register(by)


def _check(lists: tuple[Batch, Batch], by: User, expected: Counter[tuple[object, ...]]) -> None:
    """Nothing lost, nothing doubled; each person and household written by one chunk that left one trace."""
    assert [_state(batch) for batch in lists] == [BatchState.ACCEPTED] * 2
    found = _register(by)
    assert set(found.values()) == {1}
    assert found == expected
    assert Person.objects.filter(household__organisation=organisation_of(by)).count() == PEOPLE
    assert not Household.objects.filter(organisation=organisation_of(by), people=None).exists()
    written, told = Counter[str](), Counter[str]()
    for batch in lists:
        written.update(people=batch.__class__.objects.get(pk=batch.pk).outcome["people"])
        for event in AuditEvent.objects.filter(action="register_in_bulk", reason=f"list {batch.pk}"):
            told.update(people=event.detail["people"])
    assert written["people"] == told["people"] == PEOPLE
    rows = StagedRow.objects.filter(batch__in=lists)
    assert rows.count() == 4 * EACH
    assert rows.exclude(known_as=None).exclude(known_as=F("record_id")).count() == 2 * BOTH


@pytest.mark.parametrize("killed", ["stage", "write"])
def test_two_lists_at_once_and_one_worker_killed(monkeypatch: pytest.MonkeyPatch, killed: str) -> None:
    expected = _one_after_the_other(monkeypatch)
    by = clerk()
    colleague = clerk(organisation_of(by))
    lists = _two_lists(by, colleague)
    _at_once("stage", lists, kill=killed == "stage")
    assert [_state(batch) for batch in lists] == [BatchState.READY] * 2
    _accept(lists, by, colleague)
    _at_once("write", lists, kill=killed == "write")
    _check(lists, by, expected)


def test_control_without_the_lock_there_are_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the drill looks for is found where the guard is off."""
    expected = _one_after_the_other(monkeypatch)
    by = clerk()
    colleague = clerk(organisation_of(by))
    lists = _two_lists(by, colleague)
    for batch in lists:
        stage(batch.pk)
    _accept(lists, by, colleague)
    _at_once("write", lists, lock="open")
    found = _register(by)
    assert max(found.values()) > 1
    with pytest.raises(AssertionError):
        _check(lists, by, expected)
