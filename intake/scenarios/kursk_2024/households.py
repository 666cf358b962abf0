"""The stream of invented households, day by day and district by district."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.policy import Role
from displacement.models.codes import BAND_STARTS, AgeBand
from intake.rows import NewGroup, NewHousehold, NewMovement, NewPerson, NewStay, Void
from intake.scenarios.kursk_2024.cast import Team
from intake.scenarios.kursk_2024.chance import Draw, shares
from intake.scenarios.kursk_2024.days import LEAVING, ORIGINS, Origin
from intake.scenarios.kursk_2024.families import BORN_BEFORE, LARGEST, Families, Family
from intake.scenarios.kursk_2024.journeys import LATEST_DELAY, Journey, Journeys
from intake.scenarios.kursk_2024.lodging import Lodging

SHELTERED, COUNTED, NAMED_LATER, WRONG = 0.09, 0.06, 0.2, 0.012
CONSENT_TEXT = "2024-08"
_CONSENTS = (("service", 0.99), ("partners", 0.82), ("authorities", 0.41), ("tracing", 0.74))
DEATH_AGE, DEATH = 70, 0.0009


class Households:
    """Draws households until so many people have left as were asked for."""

    def __init__(
        self, rng: random.Random, regions: dict[str, int], teams: list[Team], lodging: Lodging
    ) -> None:
        self._rng = rng
        self._random = rng.random
        self._teams = Draw(rng, [(team, team.share) for team in teams])
        self._checkers = [team.staff[Role.PUBLISHER] for team in teams]
        self._lodging = lodging
        self._families = Families(rng)
        self._journeys = Journeys(rng, regions)
        self._kursk = regions["RU-KRS-KURSK"]

    def stream(self, people: int) -> Iterator[NewHousehold]:
        """Households with exactly so many people, in the order of the days."""
        by_day = shares(people, [share for _, share in LEAVING])
        weights = [origin.share for origin in ORIGINS]
        for (day, _), of_day in zip(LEAVING, by_day, strict=True):
            for origin, left in zip(ORIGINS, shares(of_day, weights), strict=True):
                yield from self._from(origin, day, left)

    def _from(self, origin: Origin, day: date, people: int) -> Iterator[NewHousehold]:
        while people > 0:
            family = self._families.next(most=min(people, LARGEST))
            people -= len(family.people)
            yield self._household(family, self._journeys.next(origin, day))

    def _household(self, family: Family, journey: Journey) -> NewHousehold:
        team = self._teams()
        is_counted = self._random() < COUNTED
        stays: list[tuple[NewStay, ...]] = [()] * len(family.people)
        if not is_counted and journey.arrived_at and self._random() < SHELTERED:
            stays = self._lodging.take_in(journey, len(family.people), self._journeys)
        steps = journey.steps()
        if self._random() < WRONG:
            steps = self._with_mistake(steps)
        household = NewHousehold(
            organisation_id=team.organisation.id,
            registered_in_id=journey.destination_id or self._kursk,
            origin_id=journey.origin_id,
            occurred_at=journey.registered_at,
            recorded_at=journey.registered_at,
            by=team.staff[Role.REGISTRAR],
            people_declared=len(family.people),
            method="door" if self._random() < 0.8 else "list",
            phone=f"+7000{self._rng.getrandbits(23):07d}" if self._random() < 0.55 else "",
            language=family.language,
            consents=self._consents(),
            consent_text=CONSENT_TEXT,
        )
        if is_counted:
            return self._counted(household, family, steps, team)
        people = [
            self._with_death(person._replace(movements=steps, stays=of_person))
            for person, of_person in zip(family.people, stays, strict=True)
        ]
        return household._replace(people=people)

    def _consents(self) -> list[tuple[str, bool]]:
        """Two purposes are always asked for, the other two where there was time."""
        asked = _CONSENTS if self._random() < 0.7 else _CONSENTS[:2]
        return [(purpose, self._random() < given) for purpose, given in asked]

    def _counted(
        self, household: NewHousehold, family: Family, steps: list[NewMovement], team: Team
    ) -> NewHousehold:
        """Groups and one set of movements; some of these households are named later, and are then not counted twice."""
        groups = self._groups(family.people)
        registered_at = household.recorded_at
        named_at = registered_at + timedelta(minutes=360 + int(3600 * self._random()))
        if self._random() >= NAMED_LATER or named_at > steps[0].occurred_at + LATEST_DELAY:
            return household._replace(groups=groups, movements=steps)
        void = Void(named_at, team.staff[Role.REGISTRAR], "The people of this household are named now.")
        return household._replace(
            groups=[group._replace(void=void) for group in groups],
            movements=[_taken_back(step, void) for step in steps if step.recorded_at < named_at],
            people=[
                person._replace(
                    recorded_at=named_at,
                    movements=[_told_again(step, named_at) for step in steps if not step.void],
                )
                for person in family.people
            ],
        )

    def _groups(self, people: list[NewPerson]) -> list[NewGroup]:
        """By sex and age band; at some doors nobody noted the sex, at others not even the age."""
        detail = self._random()
        counts: Counter[tuple[str, str]] = Counter()
        for person in people:
            sex = person.sex if detail < 0.75 else "not_collected"
            counts[sex, _band(person.birth_date) if detail < 0.93 else AgeBand.UNKNOWN.value] += 1
        return [NewGroup(sex, band, count) for (sex, band), count in counts.items()]

    def _with_mistake(self, steps: list[NewMovement]) -> list[NewMovement]:
        """A clerk wrote the last step wrongly; somebody else took it back within days and wrote the right one."""
        *before, right = steps
        checked_at = right.recorded_at + timedelta(minutes=45 + int(self._random() * 2 * 24 * 60))
        by = self._checkers[int(self._random() * len(self._checkers))]
        if right.kind == "left" or self._random() < 0.4:
            return [*steps, right._replace(void=Void(checked_at, by, "Entered twice."))]
        wrong = right._replace(
            destination_id=self._journeys.somewhere(), void=Void(checked_at, by, "Wrong region entered.")
        )
        return [*before, wrong, right._replace(recorded_at=checked_at)]

    def _with_death(self, person: NewPerson) -> NewPerson:
        """Very few older people die of natural causes; what they still did then is left out."""
        born = person.birth_date
        if born is None or (BORN_BEFORE - born).days < DEATH_AGE * 365 or self._random() >= DEATH:
            return person
        steps = [step for step in person.movements if step.kind in ("left", "in_transit", "arrived")]
        last = [step for step in steps if not step.void][-1]
        at = last.occurred_at + timedelta(minutes=1200 + int(9000 * self._random()))
        died = last._replace(
            kind="died", occurred_at=at, recorded_at=max(at, last.recorded_at) + timedelta(hours=9), void=None
        )
        stays = [_ended(stay, at, died.recorded_at) for stay in person.stays if stay.occurred_at < at]
        return person._replace(movements=[*steps, died], stays=stays)


def _taken_back(step: NewMovement, void: Void) -> NewMovement:
    """A step of the counted household, once its people are named; what was taken back before stays so."""
    return step if step.void else step._replace(void=void)


def _told_again(step: NewMovement, named_at: datetime) -> NewMovement:
    """The same step of a person: known since they were named, or since it happened later."""
    return step._replace(recorded_at=max(step.recorded_at, named_at))


def _ended(stay: NewStay, at: datetime, known_at: datetime) -> NewStay:
    if stay.ended_at is not None and stay.ended_at <= at:
        return stay
    return stay._replace(ended_at=at, ended_recorded_at=known_at)


def _band(born: date | None) -> str:
    if born is None:
        return AgeBand.UNKNOWN.value
    age = (BORN_BEFORE - born).days // 365.2425
    return [band for band, start in BAND_STARTS if age >= start][-1].value
