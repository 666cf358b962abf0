"""Invented evening headcounts: what site managers said, beside what the stays say, and who said nothing."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from intake.keys import Keys
from intake.scenarios.kursk_2024.days import LAST_HEADCOUNT_ON, local
from intake.scenarios.kursk_2024.lodging import Site
from shelters.models import Headcount

#: Of all open sites: never reports; reports for some days and then falls silent; leaves out an evening now and then.
NEVER, FALLS_SILENT, LEAVES_OUT = 0.08, 0.14, 0.06


def headcounts(rng: random.Random, keys: Keys, sites: list[Site]) -> Iterator[Headcount]:
    """One an evening for most sites, from the first day on; near what their stays say and seldom the same."""
    for site in sites:
        chance = rng.random()
        if chance < NEVER:
            continue
        silent_after = rng.randrange(2, 7) if chance < NEVER + FALLS_SILENT else 99
        for evening, at in enumerate(_evenings(site)):
            if evening >= silent_after:
                break
            if rng.random() >= LEAVES_OUT:
                yield _headcount(rng, keys, site, at)


def _evenings(site: Site) -> Iterator[datetime]:
    """20:00 local of each day on which the site is open."""
    last = min(site.closes_at or local(LAST_HEADCOUNT_ON, 23), local(LAST_HEADCOUNT_ON, 23))
    day = site.opened_at.date()
    while (at := local(day, 20)) <= last:
        if at >= site.opened_at:
            yield at
        day += timedelta(days=1)


def _headcount(rng: random.Random, keys: Keys, site: Site, at: datetime) -> Headcount:
    sleeping = sum(since <= at and (until is None or until > at) for since, until in site.guests)
    people = max(
        0, sleeping + (rng.choice([-3, -2, -1, 1, 2, 3, 5]) if sleeping and rng.random() < 0.6 else 0)
    )
    known_at = at + timedelta(minutes=rng.choice([15, 25, 40, 60, 90, 120, 13 * 60]))
    return Headcount(
        id=keys.at(known_at),
        shelter_id=site.id,
        people=people,
        children=round(people * (0.2 + 0.15 * rng.random())) if rng.random() < 0.6 else None,
        places_free=max(0, site.places - people) if rng.random() < 0.7 else None,
        occurred_at=at,
        recorded_at=known_at,
        recorded_by=site.manager,
    )
