"""An erasure while a file is being made: real connections, since what one transaction sees of the other is the matter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

from accounts.models import Organisation, User
from displacement.models import Person
from retention.actions import erasures
from retention.models import Erasure
from roster.actions import making
from roster.actions.exports import approve
from roster.exporting.writing import Told, read
from roster.exporting.writing import write as real
from roster.models import ExportState, PeopleExport
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.roster.conftest import asked

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Жхцквщыф"


class World:
    """One who is erased, an export in which she is, and the two who do both."""

    def __init__(self, own: Organisation, clerk: User, officer: User) -> None:
        self.person: Person = PersonFactory.create(
            household=HouseholdFactory.create(organisation=own), family_name=NAME
        )
        PersonFactory.create(household=HouseholdFactory.create(organisation=own))
        self.export: PeopleExport = approve(export=asked(own, clerk), by=officer)
        self.erasure: Erasure = erasures.ask(subject=self.person, ground="asked", by=clerk)
        self.officer = officer

    def erase(self) -> None:
        """All of it, in a transaction of its own."""
        erasures.approve(erasure=self.erasure, by=self.officer)

    def file(self) -> str:
        """What can be downloaded."""
        self.export.refresh_from_db()
        return b"".join(read(self.export)).decode()


@pytest.fixture
def world(own: Organisation, clerk: User, officer: User, settings: Settings, tmp_path: Path) -> World:
    """With a ledger of its own."""
    settings.ERASURES_FILE = tmp_path / "consent-erasures.jsonl"
    return World(own, clerk, officer)


@contextmanager
def beside(work: Any) -> Iterator[Thread]:
    """Somebody else at work, over a connection of their own."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(60)
    assert not thread.is_alive()


def wait_for_lock(thread: Thread) -> None:
    """Until one of the connections waits for a lock of another, or the thread is through."""
    until = monotonic() + 60
    while thread.is_alive() and monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot()"
            )  # within a transaction the view stays as it was first read
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)


def _erased_when_copied(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """COPY has read them, the file is not ready yet, and the erasure comes."""
    copied, go_on = Event(), Event()

    def write(export: PeopleExport) -> Told:
        told = real(export)
        copied.set()
        assert go_on.wait(60)
        return told

    monkeypatch.setattr(making, "write", write)
    with beside(making.make_due):
        assert copied.wait(60)
        with beside(world.erase) as erasing:
            try:
                wait_for_lock(erasing)
            finally:
                go_on.set()


def test_a_file_that_was_being_made_is_ended_by_the_erasure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _erased_when_copied(world, monkeypatch)
    assert NAME not in world.file()
    assert world.export.state == ExportState.OVER


def test_without_turns_the_name_stays_in_the_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: so it was."""
    monkeypatch.setattr(making, "_take_turn", lambda organisation: None)
    _erased_when_copied(world, monkeypatch)
    assert NAME in world.file()
    assert world.export.state == ExportState.READY


def test_a_file_is_begun_when_the_erasure_is_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its files were looked for already, and it is not committed yet."""
    ended, go_on = Event(), Event()
    end = making.end_files_of

    def slowly(*args: Any, **kwargs: Any) -> int:
        found = end(*args, **kwargs)
        ended.set()
        assert go_on.wait(60)
        return found

    monkeypatch.setattr("retention.actions.erasing.end_files_of", slowly)
    with beside(world.erase):
        assert ended.wait(60)
        with beside(making.make_due) as worker:
            try:
                wait_for_lock(worker)
            finally:
                go_on.set()
    assert NAME not in world.file()
    assert (world.export.state, world.export.people) == (ExportState.READY, 1)
