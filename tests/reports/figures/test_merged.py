"""A merged person counts once from the merge on and as two in figures as known before, also when it was taken back."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from displacement.actions.merging import merge, unmerge
from displacement.models import Household, Merge, Movement, Person, Repointing
from displacement.models.movement import DISPLACING
from regions.models import Region
from reports.figures.casualties import count_casualties
from reports.figures.count import count
from reports.figures.late import count_late
from reports.figures.moment import Moment
from reports.figures.register import count_needs
from reports.figures.series import days_between, displaced_by_day, nights
from reports.figures.subtree import Subtree
from tests.factories.accounts import almighty
from tests.factories.displacement import (
    MovementFactory,
    PersonFactory,
    PersonNeedFactory,
    VerifiedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.shelters import EndedStayFactory, OpenShelterFactory, OpenStayFactory
from tests.refusals import codes
from tests.reports.figures.asking import HOUR, value
from tests.reports.figures.histories import START, messy

pytestmark = pytest.mark.django_db
AS_OF = START + timedelta(hours=150)


def everything(known_at: datetime) -> dict[str, Any]:
    """Every number that people go into, as known at a moment."""
    place = region("RU-KRS")
    counted = count(place, as_of=AS_OF, known_at=known_at)
    moment, days = counted.moment, days_between(START.date(), AS_OF.date())
    ends = [START + timedelta(days=n) for n in range(6)]
    return {
        "cells": sorted(map(str, counted.people.cells)),
        "flows": astuple(counted.flows),
        "households": counted.households,
        "sites": sorted(map(str, counted.all_sites.sites)),
        "victims": count_casualties(counted.subtree, moment),
        "needs": count_needs(counted.subtree, moment),
        "series": displaced_by_day(counted.subtree, moment, days),
        "nights": nights(counted.subtree.ids, moment, ends),
        "late": count_late(counted.subtree, moment, before=START + timedelta(hours=60), cut_off=AS_OF),
    }


def recount(known_at: datetime) -> tuple[int, int]:
    """Displaced persons and households with somebody in them, row by row over the entries of merges."""
    then: dict[tuple[str, Any], Any] = {}
    for entry in Repointing.objects.filter(at__gt=known_at).order_by("id"):
        then.setdefault((entry.field + entry.model, entry.row), entry.old)
    people = {p.pk: p for p in Person.objects.all() if _known(p, known_at)}
    alone = {
        pk
        for pk, p in people.items()
        if then.get(("merged_intodisplacement.person", pk), p.merged_into_id) is None
    }
    ids = Subtree.of(region("RU-KRS")).ids
    latest: dict[Any, Movement] = {}
    for step in Movement.objects.filter(person__isnull=False, occurred_at__lte=AS_OF).order_by(
        "occurred_at", "recorded_at", "pk"
    ):
        if _known(step, known_at):
            latest[then.get(("persondisplacement.movement", step.pk), step.person_id)] = step
    displaced = sum(
        latest[pk].kind in DISPLACING and latest[pk].origin_id in ids for pk in alone & latest.keys()
    )
    emptied = {people[pk].household_id for pk in people.keys() - alone} - {
        people[pk].household_id for pk in alone
    }
    return displaced, Household.objects.filter(pk__in=emptied, origin__in=ids).count()


def _known(fact: Any, known_at: datetime) -> bool:
    return fact.recorded_at <= known_at and (fact.voided_at is None or fact.voided_at > known_at)


def acts(random: Random, by: User) -> Iterator[Merge]:
    """Merges of anybody into anybody, and merges taken back from anywhere."""
    while True:
        standing = list(Merge.objects.standing().order_by("pk"))
        if standing and random.random() < 0.3:
            yield unmerge(merge=random.choice(standing), by=by, reason="two").merge
            continue
        kept, merged = random.sample(list(Person.objects.current().unmerged().order_by("serial")), 2)
        try:
            yield merge(kept=kept, merged=merged, by=by, take=random.choice((None, {"sex", "birth_date"})))
        except ValidationError as refusal:
            if codes(refusal) != {"__all__": ["in_the_way"]}:
                raise


def _lodged(random: Random) -> None:
    """Give some of the people stays, needs and casualties."""
    shelters = OpenShelterFactory.create_batch(2)
    for person in random.sample(list(Person.objects.current().order_by("serial")), 12):
        when = START + timedelta(hours=random.randrange(100))
        random.choice((OpenStayFactory, EndedStayFactory)).create(
            person=person, shelter=random.choice(shelters), occurred_at=when
        )
        PersonNeedFactory.create(person=person, occurred_at=when)
        VerifiedCasualtyFactory.create(person=person, occurred_at=when)


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_as_known_between_merges_stays_what_it_was(seed: int) -> None:
    random = Random(seed)
    messy(seed, households=12)
    _lodged(random)
    by = almighty()
    seen = {(now := timezone.now()): everything(now)}
    counted_only = count(region("RU-KRS"), as_of=AS_OF, known_at=now).people.displaced() - recount(now)[0]
    for _number, _merge in zip(range(14), acts(random, by), strict=False):
        now = timezone.now()
        seen[now] = everything(now)
    assert len({str(numbers) for numbers in seen.values()}) > 8
    households = [numbers["households"] for numbers in seen.values()]
    for number, (known_at, numbers) in enumerate(seen.items()):
        assert everything(known_at) == numbers, number
        displaced, emptied = recount(known_at)
        assert (
            count(region("RU-KRS"), as_of=AS_OF, known_at=known_at).people.displaced()
            == displaced + counted_only
        )
        assert households[0] - numbers["households"] == emptied, number


def test_one_person_twice_counts_once_from_the_merge_on_and_twice_before() -> None:
    RunningOperationFactory.create()
    by = almighty()
    people = PersonFactory.create_batch(3)
    for person in people:
        MovementFactory.create(person=person)
    moments = [timezone.now()]
    merges = []
    for kept, merged in ((0, 1), (2, 0)):
        merges.append(merge(kept=people[kept], merged=people[merged], by=by))
        moments.append(timezone.now())
    for done in merges:
        unmerge(merge=done, by=by, reason="no")
        moments.append(timezone.now())
    for name in ("displaced", "registered", "households_registered", "left", "left_24h"):
        assert [value(name, as_of=KURSK_MORNING + HOUR, known_at=at) for at in moments] == [3, 2, 1, 2, 3], (
            name
        )


def test_age_and_sex_that_a_merge_fills_are_not_known_before_it() -> None:
    RunningOperationFactory.create()
    by = almighty()
    kept = PersonFactory.create(sex="not_collected", birth_date=None, birth_precision="")
    merged = PersonFactory.create(sex="female", birth_date=date(2019, 1, 2))
    MovementFactory.create(person=kept)
    place = region("RU-KRS")

    def cells(known_at: datetime) -> dict[tuple[str, str], int]:
        counted = count(place, as_of=KURSK_MORNING + HOUR, known_at=known_at)
        return {(cell.band, cell.sex): cell.people for cell in counted.people.cells if cell.people}

    moments = [timezone.now()]
    done = merge(kept=kept, merged=merged, by=by)
    moments.append(timezone.now())
    unmerge(merge=done, by=by, reason="two")
    moments.append(timezone.now())
    two = {("unknown", "not_collected"): 1, ("5-11", "female"): 1}
    assert [cells(at) for at in moments] == [two, {("5-11", "female"): 1}, two]


def test_who_was_reported_under_the_merged_record_is_no_late_registration() -> None:
    RunningOperationFactory.create()
    before = KURSK_MORNING + HOUR
    known = PersonFactory.create()
    MovementFactory.create(person=known)
    late = PersonFactory.create(recorded_at=before + HOUR)
    MovementFactory.create(person=late, recorded_at=before + HOUR)
    place: Region = region("RU-KRS")

    def learned() -> tuple[int, int]:
        moment = Moment.of(None, as_of=before, known_at=timezone.now())
        found = count_late(Subtree.of(place), moment, before=before, cut_off=before)
        return found.total, found.merged_up_to(before.date())

    by = almighty()
    assert learned() == (1, 0)
    done = merge(kept=late, merged=known, by=by)
    assert learned() == (0, 1)
    unmerge(merge=done, by=by, reason="two")
    assert learned() == (1, 0)


def test_files_of_one_victim_count_once() -> None:
    first, second = PersonFactory.create(), PersonFactory.create()
    for person in (first, second):
        VerifiedCasualtyFactory.create(person=person, outcome="killed")
    before = timezone.now()
    merge(kept=first, merged=second, by=almighty())
    assert [value("killed", known_at=at) for at in (before, timezone.now())] == [2, 1]
