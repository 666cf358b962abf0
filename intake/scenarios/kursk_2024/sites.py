"""Invented shelters as they stand in the register: sites, states, rooms, protected places."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.policy import Role
from core.names import search_key
from intake.keys import Keys
from intake.scenarios.kursk_2024.cast import Team, pick
from intake.scenarios.kursk_2024.chance import shares
from intake.scenarios.kursk_2024.days import DESTINATIONS, local
from intake.scenarios.kursk_2024.lodging import Bedroom, Site
from shelters.models import ProtectedPlace, Room, Shelter, ShelterState
from shelters.models.shelter import CoverType, Phase, SiteType

SITES, FEWEST, PEOPLE_PER_SITE = 120, 14, 1000
#: Places are for somewhat more people than will come: 8% of all.
PLACES_PER_PERSON = 0.125
_TYPES: tuple[tuple[SiteType, str, float], ...] = (
    (SiteType.SCHOOL, "School No. {n}", 0.40),
    (SiteType.KINDERGARTEN, "Kindergarten No. {n}", 0.12),
    (SiteType.DORMITORY, "Student hostel No. {n}", 0.15),
    (SiteType.SANATORIUM, "Guest house No. {n}", 0.08),
    (SiteType.SPORTS_HALL, "Sports hall No. {n}", 0.10),
    (SiteType.CULTURE_HOUSE, "House of culture No. {n}", 0.10),
    (SiteType.TENTS, "Mobile reception centre No. {n}", 0.05),
)
#: What becomes of a site; of the others, one in twenty-five closes within the month.
_FATES: tuple[tuple[str, float], ...] = (
    (Phase.OPEN, 0.86),
    (Phase.PLANNED, 0.03),
    (Phase.ANNOUNCED, 0.03),
    (Phase.STANDBY, 0.06),
    (Phase.DAMAGED, 0.02),
)
CLOSES = 0.04
CLOSES_AT = local(date(2024, 8, 17), 12)


@dataclass(slots=True)
class Draft:
    """What is to be written, table by table."""

    shelters: list[Shelter]
    states: list[ShelterState]
    rooms: list[Room]
    cover: list[ProtectedPlace]


class Sites:
    """Draws the shelters and writes them."""

    def __init__(self, rng: random.Random, keys: Keys, regions: dict[str, int], teams: list[Team]) -> None:
        self._rng = rng
        self._keys = keys
        self._regions = regions
        self._teams = teams
        self._draft = Draft([], [], [], [])

    def create(self, people: int) -> list[Site]:
        """Write the shelters for so many people who fled; returns those that people will sleep in."""
        sites = list(self._draw(people))
        draft = self._draft
        Shelter.objects.bulk_create(draft.shelters)
        ShelterState.objects.bulk_create(draft.states)
        Room.objects.bulk_create(draft.rooms)
        ProtectedPlace.objects.bulk_create(draft.cover)
        by_id = {site.id: site for site in sites}
        for room in draft.rooms:
            if room.shelter_id in by_id and room.beds and room.pk:
                by_id[room.shelter_id].bedrooms.append(Bedroom(room.pk, room.beds))
        return sites

    def _draw(self, people: int) -> Iterator[Site]:
        where = [(key, weight) for key, weight in DESTINATIONS if key]
        count = max(FEWEST, min(SITES, people // PEOPLE_PER_SITE))
        for (key, weight), sites in zip(where, shares(count, [w for _, w in where]), strict=True):
            places = people * PLACES_PER_PERSON * weight / 98
            sizes = [0.4 + self._rng.random() for _ in range(sites)]
            for number, size in enumerate(sizes, start=1):
                site = self._site(key, number, max(10, round(places * size / sum(sizes))))
                if site is not None:
                    yield site

    def _site(self, key: str, number: int, places: int) -> Site | None:
        rng, team = self._rng, pick(self._rng, self._teams)
        # The first of each region always opens, so that there is somewhere to go also in a small scenario.
        fate = (
            rng.choices([f for f, _ in _FATES], weights=[w for _, w in _FATES])[0]
            if number > 1
            else Phase.OPEN
        )
        opened_at = local(date(2024, 8, 6 + min(4, int(rng.expovariate(0.9)))), 9 + rng.randrange(9))
        kind, name, _ = rng.choices(_TYPES, weights=[w for *_, w in _TYPES])[0]
        shelter = Shelter(
            id=self._keys.at(opened_at),
            name=name.format(n=number),
            name_key=search_key(name.format(n=number)),
            region_id=self._regions[key],
            organisation=team.organisation,
            site_type=kind,
            is_step_free=rng.choice([True, False, None]),
            has_daily_headcount=rng.random() < 0.93,
        )
        self._draft.shelters.append(shelter)
        manager = team.staff[Role.SHELTER_MANAGER]
        site = Site(shelter.id, self._regions[key], team.organisation.id, manager, places, opened_at)
        if fate is Phase.OPEN and number > 1 and rng.random() < CLOSES:
            site.closes_at = CLOSES_AT
        self._states(site, Phase(fate))
        self._cover(site)
        if rng.random() < 0.4:
            self._rooms(site)
        return site if fate == Phase.OPEN else None

    def _states(self, site: Site, fate: Phase) -> None:
        """Announced the day before; then what it came to."""
        self._state(
            site, Phase.ANNOUNCED, site.opened_at - timedelta(hours=10), places_announced=site.places + 10
        )
        if fate in (Phase.PLANNED, Phase.ANNOUNCED):
            self._state(site, fate, site.opened_at, places_announced=site.places + 20)
        elif fate is Phase.STANDBY:
            self._state(site, fate, site.opened_at, places_announced=site.places, places_set_up=site.places)
        else:
            self._open(site)
        if fate is Phase.DAMAGED:
            self._state(site, fate, site.opened_at + timedelta(days=1), places_open=0)
        if site.closes_at:
            self._state(site, Phase.CLOSED, site.closes_at, places_open=0)

    def _open(self, site: Site) -> None:
        blocked = self._rng.choice([0, 0, 0, 0, 2, 4])
        self._state(
            site,
            Phase.OPEN,
            site.opened_at,
            places_announced=site.places + 10,
            places_set_up=site.places + blocked,
            places_open=site.places + blocked,
            places_blocked=blocked,
            blocked_reason="Water damage" if blocked else "",
            floor_area_m2=round(site.places * (3.1 + 1.9 * self._rng.random()))
            if self._rng.random() < 0.7
            else None,
            toilets=max(1, site.places // self._rng.choice([15, 20, 30, 45]))
            if self._rng.random() < 0.7
            else None,
            water_litres_per_day=site.places * self._rng.choice([10, 15, 20])
            if self._rng.random() < 0.4
            else None,
        )

    def _state(self, site: Site, phase: Phase, at: datetime, **values: Any) -> None:
        known_at = at + timedelta(minutes=self._rng.randrange(5, 180))
        self._draft.states.append(
            ShelterState(
                id=self._keys.at(known_at),
                shelter_id=site.id,
                phase=phase,
                occurred_at=at,
                recorded_at=known_at,
                recorded_by=site.manager,
                **values,
            )
        )

    def _cover(self, site: Site) -> None:
        """Most sites have some protected places, few have enough, of a third nothing is known."""
        if self._rng.random() < 0.34:
            return
        cover = self._rng.choice(
            [CoverType.BASEMENT, CoverType.BASEMENT, CoverType.INTERIOR_ROOM, CoverType.PURPOSE_SHELTER]
        )
        self._draft.cover.append(
            ProtectedPlace(
                id=self._keys.at(site.opened_at),
                shelter_id=site.id,
                cover=cover,
                places=round(site.places * (0.3 + 0.8 * self._rng.random())),
                exits=self._rng.choice([1, 2, 2, 3, None]),
                minutes_to_reach=self._rng.choice([1, 2, 3, 5, None]),
                is_step_free=self._rng.choice([True, False, False, None]),
                is_usable_overnight=self._rng.choice([True, True, False, None]),
                occurred_at=site.opened_at,
                recorded_at=site.opened_at + timedelta(minutes=self._rng.randrange(20, 600)),
                recorded_by=site.manager,
            )
        )

    def _rooms(self, site: Site) -> None:
        left, number = site.places, 1
        while left > 0:
            beds = min(left, self._rng.choice([4, 6, 8, 8, 12, 20]))
            area = Decimal(f"{beds * (3 + 2 * self._rng.random()):.1f}")
            self._draft.rooms.append(
                Room(shelter_id=site.id, name=f"Room {number}", beds=beds, floor_area_m2=area)
            )
            left, number = left - beds, number + 1


def full_state(site: Site, keys: Keys) -> ShelterState | None:
    """The state of a site in which no place was left at some time, from then on; None where there always was one."""
    if site.filled_at is None:
        return None
    known_at = site.filled_at + timedelta(minutes=30)
    return ShelterState(
        id=keys.at(known_at),
        shelter_id=site.id,
        phase=Phase.FULL,
        places_announced=site.places + 10,
        places_set_up=site.places,
        places_open=site.places,
        occurred_at=site.filled_at,
        recorded_at=known_at,
        recorded_by=site.manager,
    )
