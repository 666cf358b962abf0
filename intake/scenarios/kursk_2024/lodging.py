"""Invented shelters as the scenario fills them: who gets a place where, and for how long."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from intake.rows import NewStay
from intake.scenarios.kursk_2024.journeys import Journey, Journeys

#: Of sheltered households: check out to relatives or rented rooms, move to another shelter, sleep over capacity.
LEAVES, MOVES, OVER = 0.10, 0.03, 0.01
OVERRIDE = "No other place that night; extra mattresses agreed with the site manager."


@dataclass(slots=True)
class Bedroom:
    """A room and how many of its beds are given."""

    id: int
    beds: int
    taken: int = 0


@dataclass(slots=True)
class Site:
    """A shelter that is or will be open. `guests` are (from, until or None) of each person."""

    id: UUID
    region_id: int
    organisation_id: UUID
    manager: UUID
    places: int
    opened_at: datetime
    closes_at: datetime | None = None
    bedrooms: list[Bedroom] = field(default_factory=list)
    guests: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    filled_at: datetime | None = None

    @property
    def free(self) -> int:
        """Places that nobody has had: who leaves frees none in the scenario, so that it is never over capacity by chance."""
        return self.places - len(self.guests)

    def bedroom(self) -> int | None:
        """The next room with a bed, or None."""
        for room in self.bedrooms:
            if room.taken < room.beds:
                room.taken += 1
                return room.id
        return None


class Lodging:
    """All sites, by region."""

    def __init__(self, rng: random.Random, sites: list[Site]) -> None:
        self._random = rng.random
        self.sites = sites
        self._by_region: defaultdict[int, list[Site]] = defaultdict(list)
        for site in sites:
            self._by_region[site.region_id].append(site)

    def take_in(self, journey: Journey, people: int, journeys: Journeys) -> list[tuple[NewStay, ...]]:
        """Stays for each of so many people, and what they mean for their journey; empty ones where no place is free."""
        assert journey.arrived_at is not None
        site = self._find(journey.destination_id, journey.arrived_at, people)
        if site is None:
            return [()] * people
        journey.place = "shelter"
        self._plan_end(journey, site, journeys)
        until = (journey.moved.occurred_at, journey.moved.recorded_at) if journey.moved else (None, None)
        first = self._stays(site, people, journey.arrived_at, journey.arrival_known_at, *until)
        if journey.moved is None or journey.moved.place != "shelter":
            return [(stay,) for stay in first]
        moved = journey.moved
        second_site = self._find(moved.destination_id, moved.occurred_at, people)
        assert second_site is not None
        second = self._stays(second_site, people, moved.occurred_at, moved.recorded_at)
        return list(zip(first, second, strict=True))

    def _find(self, region_id: int | None, at: datetime, people: int) -> Site | None:
        """A site of the region that is open at the time and has room; rarely one that has none."""
        if region_id is None:
            return None
        is_over = self._random() < OVER
        fit = [
            site
            for site in self._by_region[region_id]
            if site.opened_at <= at
            and (site.closes_at is None or at < site.closes_at - timedelta(days=2))
            and (site.free >= people or (is_over and site.free <= 0))
        ]
        return fit[int(self._random() * len(fit))] if fit else None

    def _plan_end(self, journey: Journey, site: Site, journeys: Journeys) -> None:
        """Everybody leaves a site that closes; some leave others."""
        assert journey.arrived_at is not None
        if site.closes_at is not None:
            at = site.closes_at - timedelta(hours=2 + int(self._random() * 30))
            journey.moved = journeys.leave_shelter(journey, max(at, journey.arrived_at + timedelta(hours=8)))
            return
        if journey.moved is not None:
            journey.moved = journey.moved._replace(
                place="relatives" if journey.moved.place == "shelter" else journey.moved.place
            )
            return
        chance = self._random()
        at = journey.arrived_at + timedelta(minutes=720 + int(self._random() * 8 * 24 * 60))
        if chance < LEAVES:
            journey.moved = journeys.leave_shelter(journey, at)
        elif chance < LEAVES + MOVES:
            self._plan_move(journey, at, journeys)

    def _plan_move(self, journey: Journey, at: datetime, journeys: Journeys) -> None:
        """To another shelter, if one has room for a large family."""
        elsewhere = self._find(journey.destination_id, at, 9)
        if elsewhere is not None and elsewhere.closes_at is None and elsewhere.free >= 9:
            journey.moved = journeys.leave_shelter(journey, at)._replace(place="shelter")

    def _stays(
        self,
        site: Site,
        people: int,
        since: datetime,
        known_at: datetime,
        until: datetime | None = None,
        until_known_at: datetime | None = None,
    ) -> list[NewStay]:
        reason = OVERRIDE if site.free < people else ""
        site.guests += [(since, until)] * people
        if site.free <= 0 and site.filled_at is None:
            site.filled_at = since
        return [
            NewStay(site.id, site.bedroom(), since, known_at, until, until_known_at, reason)
            for _ in range(people)
        ]
