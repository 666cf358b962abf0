"""Eight writers that commit in another order than they began, and one who reads meanwhile: real threads, real connections."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from accounts.models import Organisation, User
from accounts.policy import Role
from displacement.models import Household, Incident
from exchange import feed
from exchange.cursors import parsed, written
from regions.models import Region
from shelters.models import Shelter
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    HouseholdFactory,
    IncidentFactory,
    PersonFactory,
)
from tests.factories.regions import region
from tests.factories.shelters import HeadcountFactory, OpenStayFactory, ShelterFactory

WRITERS, EACH = 8, 12
KINDS = {"household", "stay", "casualty", "headcount", "incident", "shelter"}
#: A change that was made, and as it was told.
Made = tuple[str, UUID, str]


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
        self.user, self.seen = user, list[Made]()
        self.cursor = written(feed.newest(organisation.pk))

    def read(self) -> None:
        """One page, of a size that ends in the middle of things."""
        page = feed.read(parsed(self.cursor), self.user, size=3)
        self.cursor = written(page.place)
        self.seen += [(change.kind, UUID(change.record), change.change) for change in page.changes]


class Ground:
    """One organisation's shelter, incident and people without a bed, there before anybody reads."""

    def __init__(self) -> None:
        self.organisation: Organisation = OrganisationFactory.create()
        self.place: Region = region("RU-KRS-KURSK")
        own = {"organisation": self.organisation, "region": self.place}
        self.shelter: Shelter = ShelterFactory.create(**own)
        self.incident: Incident = IncidentFactory.create(**own)
        household = HouseholdFactory.create(
            organisation=self.organisation, registered_in=self.place, origin=None
        )
        self.people = PersonFactory.create_batch(WRITERS * EACH, household=household)

    def household(self) -> Household:
        """One more, learned now."""
        told = {"organisation": self.organisation, "registered_in": self.place, "origin": None}
        household: Household = HouseholdFactory.create(recorded_at=datetime.now(UTC), **told)
        return household

    def others(self) -> tuple[Callable[[], Any], ...]:
        """How a record of each other kind is made; one statement each, so that a page ends before it or after."""
        own = {"organisation": self.organisation, "region": self.place}
        return (
            lambda: OpenStayFactory.create(person=self.people.pop(), shelter=self.shelter),
            lambda: AllegedCasualtyFactory.create(incident=self.incident, steps=[]),
            lambda: HeadcountFactory.create(shelter=self.shelter),
            lambda: IncidentFactory.create(**own),
            lambda: ShelterFactory.create(name=str(uuid4()), **own),
        )


def change(record: Any) -> Made:
    """A fact is taken back, a shelter has another version."""
    rows = type(record)._base_manager.filter(pk=record.pk)
    kind = record._meta.model_name
    if isinstance(record, Shelter):
        rows.update(version=2)
        return kind, record.pk, "changed"
    rows.update(voided_at=datetime.now(UTC), voided_by=uuid4(), void_reason="Twice.")
    return kind, record.pk, "voided"


def write(ground: Ground, barrier: Barrier, made: list[Made], seed: int) -> None:
    """Some transactions, each held open for a while after it wrote: a household, another record, and the last one changed."""
    draw, others, last = random.Random(seed), ground.others(), None
    try:
        barrier.wait(timeout=30)
        for turn in range(EACH):
            with transaction.atomic():
                told = [("household", ground.household().pk, "created")]
                if last is not None:
                    told.append(change(last))
                last = others[(seed + turn) % len(others)]()
                told.append((last._meta.model_name, last.pk, "created"))
                time.sleep(draw.random() * 0.03)
            made += told
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_out_of_order_and_no_change_is_missed_or_told_twice() -> None:
    ground = Ground()
    reader = user_in_role(Role.PARTNER_SYSTEM, organisation=ground.organisation)
    ours, naive = Feed(reader, ground.organisation), Naive()
    naive.newest = datetime.now(UTC)
    made, barrier = list[Made](), Barrier(WRITERS)
    threads = [Thread(target=write, args=(ground, barrier, made, n)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ours.read()
        naive.read()
    for _ in range(len(made)):
        ours.read()
    naive.read()
    households = [record for kind, record, _change in made if kind == "household"]
    assert len(households) == WRITERS * EACH
    assert {kind for kind, _record, _change in made} == KINDS
    assert sorted(ours.seen) == sorted(made)
    # The control: the same writers, and some of what they wrote is never told.
    assert len(set(naive.seen)) < len(households)
