"""Twenty writers at once: real threads, real connections. A chain forks nowhere, and nobody waits before a commit."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections, transaction

from audit.actions.record import record
from audit.models import Seal
from displacement.models import Household
from tests.audit.trail import past_the_triggers, run, told
from tests.factories.accounts import UserFactory
from tests.factories.displacement import HouseholdFactory

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 20
EACH = 5


def in_thread(work: Callable[[], None]) -> Thread:
    """The work in a thread with a connection of its own, started."""

    def run_and_close() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run_and_close)
    thread.start()
    return thread


def write_at_once(household: Household) -> None:
    """Each writer commits some transactions, all beginning at the same moment."""
    by, barrier = UserFactory.create(), Barrier(WRITERS)

    def work() -> None:
        barrier.wait(timeout=30)
        for _ in range(EACH):
            with transaction.atomic():
                record("look", household, by=by)

    for thread in [in_thread(work) for _ in range(WRITERS)]:
        thread.join(timeout=60)


def numbers(household: Household) -> Counter[int]:
    """How often each number stands in the chain of the household's organisation."""
    found = Seal.objects.filter(organisation_id=household.organisation_id)
    return Counter(found.values_list("number", flat=True))


@contextmanager
def without_the_lock() -> Iterator[None]:
    """The chain's lock does nothing, and nothing refuses a number that is there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('audit_lock_chain'::regproc)")
        (real,) = cursor.fetchone()
    run(
        real.replace("pg_advisory_xact_lock(hashtextextended('audit chain ' || chain, 0))", "pg_sleep(0.001)")
    )
    run("ALTER TABLE audit_seal DROP CONSTRAINT seal_once")
    try:
        yield
    finally:
        with past_the_triggers():
            run("DELETE FROM audit_seal")
        run("ALTER TABLE audit_seal ADD CONSTRAINT seal_once UNIQUE (organisation_id, number)")
        run(real)


def test_twenty_writers_fork_nothing() -> None:
    household = HouseholdFactory.create()
    write_at_once(household)
    assert numbers(household) == Counter(range(1, 2 + WRITERS * EACH))
    assert told() == ""


def test_without_the_lock_the_chain_forks() -> None:
    """The control: the same writers without the lock must fork, or the test above shows nothing."""
    household = HouseholdFactory.create()
    with without_the_lock():
        write_at_once(household)
        assert max(numbers(household).values()) > 1
        assert "does not follow from the one before it" in told()


def test_two_organisations_in_either_order_do_not_wait_for_each_other() -> None:
    pair, by = HouseholdFactory.create_batch(2), UserFactory.create()
    barrier, failed = Barrier(2), []

    def work(households: list[Household]) -> None:
        for _ in range(20):
            barrier.wait(timeout=30)
            try:
                with transaction.atomic():
                    for household in households:
                        record("look", household, by=by)
            except Exception as error:
                failed.append(error)
                raise

    for thread in [in_thread(lambda: work(pair)), in_thread(lambda: work(pair[::-1]))]:
        thread.join(timeout=60)
    assert failed == []
    assert told() == ""


def test_a_long_transaction_holds_nobody_up_before_it_commits() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    has_written, may_commit = Event(), Event()

    def long() -> None:
        with transaction.atomic():
            record("long", household, by=by)
            has_written.set()
            may_commit.wait(timeout=30)

    thread = in_thread(long)
    assert has_written.wait(timeout=30)
    run("SET lock_timeout = '2s'")
    record_alone(household, by)
    run("RESET lock_timeout")
    assert sum(numbers(household).values()) == 2
    may_commit.set()
    thread.join(timeout=30)
    assert sum(numbers(household).values()) == 3
    assert told() == ""


def record_alone(household: Household, by: object) -> None:
    """A short transaction of one act."""
    with transaction.atomic():
        record("short", household, by=by)  # type: ignore[arg-type]  # a user
