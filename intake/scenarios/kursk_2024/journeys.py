"""Invented journeys: when a household left, where it came, what it did then, and when each became known."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake.rows import NewMovement
from intake.scenarios.kursk_2024.chance import Draw
from intake.scenarios.kursk_2024.days import DELAYS, DESTINATIONS, Origin, local

LATEST_DELAY = timedelta(days=5)
NEVER_LATER_THAN = local(date(2024, 8, 31), 20)
IN_TRANSIT, STAYS_IN_TRANSIT = 0.06, 0.25
MOVED_ON, ABROAD, RETURNED = 0.05, 0.004, 0.016


@dataclass(slots=True)
class Journey:
    """One household's way. `moved` is the step after the arrival, if any; none where it has not arrived."""

    left_at: datetime
    registered_at: datetime
    origin_id: int
    destination_id: int | None
    arrived_at: datetime | None
    arrival_known_at: datetime
    place: str
    means: str
    cause: str
    is_seen_in_transit: bool
    moved: NewMovement | None = None

    def steps(self) -> list[NewMovement]:
        """Its movements in the order in which they happened."""
        steps = [self.step("left", None, self.left_at, self.registered_at, "unknown")]
        if self.is_seen_in_transit:
            seen_at = self.left_at + timedelta(minutes=50)
            known_at = max(seen_at, self.registered_at)
            steps.append(self.step("in_transit", self.destination_id, seen_at, known_at, "unknown"))
        if self.arrived_at is not None:
            steps.append(
                self.step("arrived", self.destination_id, self.arrived_at, self.arrival_known_at, self.place)
            )
        if self.moved is not None:
            steps.append(self.moved)
        return steps

    def step(
        self, kind: str, destination_id: int | None, at: datetime, known_at: datetime, place: str
    ) -> NewMovement:
        """One step of this journey."""
        return NewMovement(kind, self.origin_id, destination_id, at, known_at, place, self.means, self.cause)


class Journeys:
    """Draws journeys."""

    def __init__(self, rng: random.Random, regions: dict[str, int]) -> None:
        self._random = rng.random
        self._regions = regions
        self._delay = Draw(rng, DELAYS)
        self._destination = Draw(rng, [(regions.get(key), weight) for key, weight in DESTINATIONS])
        self._place = Draw(
            rng,
            [
                ("relatives", 0.56),
                ("rented", 0.20),
                ("own_home", 0.07),
                ("hospital", 0.005),
                ("unknown", 0.165),
            ],
        )
        self._means = Draw(rng, [("own", 0.61), ("organised", 0.31), ("unknown", 0.08)])

    def next(self, origin: Origin, day: date) -> Journey:
        """The journey of one household that leaves the district on the day."""
        left_at = local(day, 3.5 + 10 * self._random() + 9.5 * self._random())
        registered_at = self._registration(left_at, day)
        arrived_at: datetime | None = left_at + self._minutes(100, 700)
        is_seen_in_transit = self._random() < IN_TRANSIT
        if is_seen_in_transit and self._random() < STAYS_IN_TRANSIT:
            arrived_at = None
        known_at = max(registered_at, arrived_at + self._minutes(10, 240)) if arrived_at else registered_at
        journey = Journey(
            left_at,
            registered_at,
            self._regions[origin.key],
            self._destination(),
            arrived_at,
            known_at,
            self._place(),
            self._means(),
            self._cause(origin, day),
            is_seen_in_transit,
        )
        journey.moved = self._next_step(journey) if arrived_at else None
        return journey

    def somewhere(self) -> int | None:
        """A region where people go, or None: not known."""
        return self._destination()

    def leave_shelter(self, journey: Journey, at: datetime) -> NewMovement:
        """The step out of a shelter to relatives or rented rooms in the same region."""
        place = "relatives" if self._random() < 0.6 else "rented"
        # Nobody's movement is on file before they are.
        known_at = max(at + self._minutes(5, 600), journey.registered_at)
        return journey.step("moved_on", journey.destination_id, at, known_at, place)

    def _registration(self, left_at: datetime, day: date) -> datetime:
        """Within hours, or up to five days late."""
        delay = self._delay()
        if delay == 0:
            return left_at + self._minutes(60, 420)
        at = local(day + timedelta(days=delay), 8 + 13 * self._random())
        return min(at, left_at + LATEST_DELAY)

    def _next_step(self, journey: Journey) -> NewMovement | None:
        """Some move on, a few go abroad or return."""
        chance = self._random()
        if chance > MOVED_ON + ABROAD + RETURNED:
            return None
        assert journey.arrived_at is not None
        at = journey.arrived_at + self._minutes(24 * 60, 8 * 24 * 60)
        known_at = max(min(at + self._minutes(20, 60 * 60), NEVER_LATER_THAN), journey.registered_at)
        if chance < RETURNED:
            return journey.step("returned", journey.origin_id, at, known_at, "own_home")
        if chance < RETURNED + ABROAD:
            return journey.step("abroad", None, at, known_at, "unknown")
        return journey.step("moved_on", self._destination(), at, known_at, self._place())

    def _cause(self, origin: Origin, day: date) -> str:
        is_ordered = origin.order_on is not None and day >= origin.order_on
        chance = self._random()
        if chance < 0.06:
            return "unknown"
        return "evacuation_order" if is_ordered and chance < 0.55 else "hostilities"

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=least + int(self._random() * (most - least)))
