"""Eight writers that commit in another order than they began, and one who reads meanwhile: real threads, real connections."""

import random
import time
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connections, transaction

from accounts.models import Organisation, User
from accounts.policy import Role
from displacement.models import Household
from exchange import feed
from exchange.cursors import parsed, written
from regions.models import Region
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import HouseholdFactory
from tests.factories.regions import region

WRITERS, EACH = 8, 12


class Naive:
    """The usual feed: what is newer than the newest that was seen. The control of the other."""

    def __init__(self) -> None:
        self.seen: list[UUID] = []
        self.newest = datetime(2000, 1, 1, tzinfo=UTC)

    def read(self) -> None:
        """What is newer."""
        rows = Household.objects.filter(recorded_at__gt=self.newest).order_by("recorded_at")
        for pk, self.newest in rows.values_list("pk", "recorded_at"):
            self.seen.append(pk)


class Feed:
    """Ours, page by page, with a cursor as a partner keeps it."""

    def __init__(self, user: User, organisation: Organisation) -> None:
        self.user, self.seen = user, list[UUID]()
        self.cursor = written(feed.newest(organisation.pk))

    def read(self) -> None:
        """One page, of a size that ends in the middle of things."""
        page = feed.read(parsed(self.cursor), self.user, size=3)
        self.cursor = written(page.place)
        self.seen += [UUID(change.record) for change in page.changes]


def write(organisation: Organisation, place: Region, barrier: Barrier, made: list[UUID], seed: int) -> None:
    """Some transactions, each held open for a while after it wrote."""
    draw = random.Random(seed)
    try:
        barrier.wait(timeout=30)
        for _ in range(EACH):
            with transaction.atomic():
                told = {"organisation": organisation, "registered_in": place, "origin": None}
                household = HouseholdFactory.create(recorded_at=datetime.now(UTC), **told)
                time.sleep(draw.random() * 0.03)
            made.append(household.pk)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_out_of_order_and_no_change_is_missed_or_told_twice() -> None:
    organisation, place = OrganisationFactory.create(), region("RU-KRS-KURSK")
    ours = Feed(user_in_role(Role.PARTNER_SYSTEM, organisation=organisation), organisation)
    naive, made, barrier = Naive(), list[UUID](), Barrier(WRITERS)
    threads = [Thread(target=write, args=(organisation, place, barrier, made, n)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ours.read()
        naive.read()
    for _ in range(WRITERS * EACH):
        ours.read()
    naive.read()
    assert len(made) == WRITERS * EACH
    assert sorted(ours.seen) == sorted(made)
    # The control: the same writers, and some of what they wrote is never told.
    assert len(set(naive.seen)) < len(made)
