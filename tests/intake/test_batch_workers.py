"""Batches in the hands of workers: killed with `kill -9`, overtaken, at work side by side. Nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
from threading import Thread
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from audit.models import AuditEvent
from config.embedded.directory import PROJECT
from core.clock import database_now
from displacement.models import Movement, Person
from intake import accepting, lease
from intake.accepting import write
from intake.actions import batches
from intake.lease import LeaseLost, renew, take
from intake.models import Batch, StagedRow
from intake.models.batch import BatchState
from intake.staging import stage
from tests.intake.lists import COLUMNS, checked, clerk, family, organisation_of, people, sent
from tests.refusals import codes
from tests.workers import database_url, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

#: A worker without its queue: takes small steps, so that there is a middle in which it can be killed.
_WORKER = """
import django, sys, uuid
django.setup()
from intake import accepting, staging
accepting.SET_WISE_CHUNK, staging.CHUNK = 20, 20
(staging.stage if sys.argv[1] == "stage" else accepting.write)(uuid.UUID(sys.argv[2]))
"""


def _start(what: str, batch: Batch) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database_url()}
    command = [sys.executable, "-c", _WORKER, what, str(batch.pk)]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL)


def _write(batch: Batch) -> None:
    """In a thread, with a connection of its own."""
    try:
        write(batch.pk)
    finally:
        connection.close()


def _rows(count: int) -> list[dict[str, object]]:
    return [row for number in range(count) for row in family(str(number), HH=f"H{number}")]


def _now(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def _kill_after(worker: subprocess.Popen[bytes], batch: Batch, progress: int) -> None:
    """Kill it without warning in the middle of its work, and let two minutes pass."""
    wait_until(lambda: _now(batch).progress >= progress)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    Batch.objects.filter(pk=batch.pk, leased_until__isnull=False).update(leased_until=database_now())


def _state_of_the_register() -> set[tuple[object, ...]]:
    people = Person.objects.values_list("family_name", "given_name", "household__reference", "birth_date")
    assert len(set(people)) == Person.objects.count()
    return set(people)


def test_a_worker_that_is_killed_twice_while_writing_leaves_the_same_register(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = checked(people(*_rows(100)), by := clerk())
    batches.accept(batch=batch, by=by, with_warnings=False)
    for progress in (20, 100):
        worker = _start("write", batch)
        _kill_after(worker, batch, progress)
        assert _now(batch).state == BatchState.ACCEPTING
        assert Person.objects.count() == _now(batch).progress < 200
    monkeypatch.setattr(accepting, "SET_WISE_CHUNK", 20)
    write(batch.pk)
    done = _now(batch)
    assert (done.state, done.progress, done.outcome["people"]) == (BatchState.ACCEPTED, 200, 200)
    assert len(_state_of_the_register()) == 200
    assert Movement.objects.count() == 400
    assert AuditEvent.objects.filter(action="register_in_bulk").count() == 10
    staged = StagedRow.objects.filter(batch=batch).values_list("record_id", flat=True)
    assert set(staged) == set(Person.objects.values_list("pk", flat=True))


def test_a_worker_that_is_killed_while_reading_leaves_no_row_twice() -> None:
    batch = sent(people(*_rows(100)), by := clerk())
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    _kill_after(_start("stage", batch), batch, 20)
    ids = set(StagedRow.objects.filter(batch=batch).values_list("record_id", flat=True))
    stage(batch.pk)
    again = set(StagedRow.objects.filter(batch=batch).values_list("record_id", flat=True))
    assert _now(batch).state == BatchState.READY
    assert (len(again), ids <= again) == (200, True)


def test_overlapping_lists_accepted_at_the_same_moment_make_no_doubles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two workers write at once; families 30 to 59 stand in both lists."""
    by = clerk()
    colleague = clerk(organisation_of(by))
    rows = _rows(90)
    one, other = checked(people(*rows[:120]), by), checked(people(*rows[60:]), colleague)
    monkeypatch.setattr(accepting, "SET_WISE_CHUNK", 20)
    for batch, who in ((one, by), (other, colleague)):
        batches.accept(batch=batch, by=who, with_warnings=False)
    workers = [Thread(target=_write, args=(batch,)) for batch in (one, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert {_now(one).state, _now(other).state} == {BatchState.ACCEPTED}
    assert len(_state_of_the_register()) == 180
    assert _now(one).outcome["people"] + _now(other).outcome["people"] == 180
    assert StagedRow.objects.exclude(known_as=None).count() == 60


def test_a_worker_that_was_overtaken_changes_nothing() -> None:
    batch = checked(people(*_rows(1)), by := clerk())
    batches.accept(batch=batch, by=by, with_warnings=False)
    slow = take(batch.pk, BatchState.ACCEPTING)
    assert slow is not None
    assert take(batch.pk, BatchState.ACCEPTING) is None
    Batch.objects.update(leased_until=database_now())
    assert take(batch.pk, BatchState.ACCEPTING) is not None
    with pytest.raises(LeaseLost):
        renew(slow, progress=1)


def test_a_worker_goes_no_way_that_the_table_does_not_have() -> None:
    batch = checked(people(*_rows(1)), by := clerk())
    batches.accept(batch=batch, by=by, with_warnings=False)
    held = take(batch.pk, BatchState.ACCEPTING)
    assert held is not None
    with pytest.raises(ValidationError) as refusal:
        renew(held, state=BatchState.UNDONE)
    assert codes(refusal.value) == {"__all__": ["wrong_state"]}
    assert (_now(batch).state, _now(batch).attempts) == (BatchState.ACCEPTING, 1)
    since = _now(batch).state_since
    renew(held, state=BatchState.ACCEPTED)
    assert _now(batch).state_since > since


def test_the_sweep_finds_what_waits_and_what_was_left_behind() -> None:
    batch = checked(people(*_rows(1)), by := clerk())
    assert lease.due() == []
    batches.accept(batch=batch, by=by, with_warnings=False)
    assert lease.due() == [("intake.tasks.write_batch", batch.pk)]
    take(batch.pk, BatchState.ACCEPTING)
    assert lease.due() == []
    Batch.objects.update(leased_until=database_now())
    assert lease.due() == [("intake.tasks.write_batch", batch.pk)]


def test_a_list_of_which_workers_die_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    batch = sent(people(*_rows(1)), by := clerk())
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    Batch.objects.update(attempts=lease.MOST_TRIES)
    assert take(batch.pk, BatchState.STAGING) is None
    assert (_now(batch).state, _now(batch).failure) == (BatchState.FAILED, "stopped")
    stage(UUID(int=1))
    assert connection.in_atomic_block is False
