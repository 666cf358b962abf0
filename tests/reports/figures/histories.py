"""Messy histories: people who leave, arrive, return, leave again and die; facts that come late or are voided."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from accounts.models import Organisation
from displacement.models import Household, HouseholdGroup, Movement, Person
from displacement.models.codes import AgeBand, Sex
from displacement.models.movement import MovementKind
from regions.models import Region
from tests.factories.accounts import OrganisationFactory
from tests.factories.regions import kursk_tree

START = datetime(2024, 8, 5, 21, tzinfo=UTC)  # midnight in Moscow
BY = UUID(int=7)
#: Beyond those of the database, and none twice where a test writes two histories.
_SERIALS = count(1_000_000)
_PERSON_SERIALS = count(2_000_000)
#: Regions that people may come from: two districts, the oblast itself (district not known), and one abroad.
ORIGINS = ("RU-KRS-SUDZHANSKY", "RU-KRS-GLUSHKOVSKY", "RU-KRS", "UA-59-SUMSKYI")
PLACES = ("RU-KRS-KURSK", "RU-KRS-KURSKY", "RU-ORL", "UA-59", None)
BIRTHDAYS = (
    date(2024, 2, 29),
    date(2019, 8, 13),
    date(2012, 8, 12),
    date(1990, 1, 1),
    date(1964, 8, 12),
    None,
)


@dataclass
class History:
    """Rows to be written; `write` makes them at once."""

    random: Random
    regions: dict[str, Region]
    organisation: Organisation
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    groups: list[HouseholdGroup] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def write(self) -> None:
        """Write everything; four queries."""
        Household.objects.bulk_create(self.households)
        Person.objects.bulk_create(self.people)
        HouseholdGroup.objects.bulk_create(self.groups)
        Movement.objects.bulk_create(self.movements)

    def times(self, after: datetime = START) -> dict[str, Any]:
        """When something was so, when we learned it, and in one of seven cases when it was taken back."""
        occurred = after + timedelta(minutes=self.random.randrange(3 * 24 * 60))
        recorded = occurred + timedelta(minutes=self.random.choice((0, 10, 300, 3 * 24 * 60)))
        voided = (
            recorded + timedelta(hours=self.random.randrange(60)) if self.random.random() < 0.15 else None
        )
        void = {"voided_at": voided, "voided_by": BY, "void_reason": "wrong"} if voided else {}
        return {"occurred_at": occurred, "recorded_at": recorded, "recorded_by": BY, **void}

    def household(self, **fields: object) -> Household:
        """A household whose home region may not be known."""
        origin = self.random.choice((*ORIGINS, None))
        usual = {
            "serial": next(_SERIALS),
            "organisation": self.organisation,
            "registered_in": self.regions["RU-KRS-KURSK"],
            "origin": self.regions[origin] if origin else None,
            "occurred_at": START,
            "recorded_at": START,
            "recorded_by": BY,
        }
        self.households.append(Household(**{**usual, **fields}))
        return self.households[-1]

    def person(self, household: Household) -> Person:
        """A person; some were registered late, and some by mistake."""
        self.people.append(
            Person(
                serial=next(_PERSON_SERIALS),
                household=household,
                organisation=self.organisation,
                family_name="Invented",
                sex=self.random.choice(Sex.values),
                birth_date=(born := self.random.choice(BIRTHDAYS)),
                birth_precision="day" if born else "",
                **self.times(),
            )
        )
        return self.people[-1]

    def steps(self, **subject: object) -> None:
        """Up to five steps of one person or counted household, in any order; two may be at one time."""
        at = START
        for _ in range(self.random.randrange(6)):
            times = self.times(at)
            if self.random.random() < 0.3 and self.movements:
                times["occurred_at"] = self.movements[-1].occurred_at
                times["recorded_at"] = max(times["recorded_at"], times["occurred_at"])
                times = {k: v for k, v in times.items() if "void" not in k}
            place = self.random.choice(PLACES)
            self.movements.append(
                Movement(
                    id=uuid7(),
                    kind=self.random.choice(MovementKind.values),
                    origin=self.regions[self.random.choice(ORIGINS)],
                    destination=self.regions[place] if place else None,
                    **times,
                    **subject,
                )
            )
            at = at + timedelta(hours=self.random.randrange(40))


def messy(seed: int, households: int = 40) -> History:
    """Write a history of so many named households and half as many that are only counted, a third of which is named later."""
    history = History(Random(seed), kursk_tree(), OrganisationFactory.create())
    for _ in range(households):
        household = history.household()
        for _ in range(history.random.randrange(4)):
            history.steps(person=history.person(household))
    for n in range(households // 2):
        _counted(history, is_named_later=n % 3 == 0)
    history.write()
    return history


def _counted(history: History, *, is_named_later: bool) -> None:
    """A counted household; once it is named its groups and movements are void and its people have the same movements."""
    household, random = history.household(), history.random
    named_at = START + timedelta(hours=random.randrange(1, 150))
    void = {"voided_at": named_at, "voided_by": BY, "void_reason": "named"} if is_named_later else {}
    people = 0
    for band in random.sample(AgeBand.values, random.randrange(1, 4)):
        group = HouseholdGroup(
            household=household,
            sex=random.choice(Sex.values),
            age_band=band,
            people=random.randrange(1, 4),
            occurred_at=START,
            recorded_at=START,
            recorded_by=BY,
            **void,
        )
        history.groups.append(group)
        people += group.people
    first = len(history.movements)
    history.steps(household=household)
    if is_named_later:
        _name(history, household, people, history.movements[first:], named_at)


def _name(
    history: History, household: Household, people: int, steps: list[Movement], named_at: datetime
) -> None:
    """Name everybody of a counted household at the moment."""
    standing = [s for s in steps if s.voided_at is None and s.recorded_at <= named_at]
    for step in steps:
        if step.recorded_at > named_at:
            history.movements.remove(step)
    for step in standing:
        step.voided_at, step.voided_by, step.void_reason = named_at, BY, "named"
    for _ in range(people):
        person = history.person(household)
        person.recorded_at, person.occurred_at = named_at, START
        person.voided_at, person.voided_by, person.void_reason = None, None, ""
        for step in standing:
            history.movements.append(
                Movement(
                    id=uuid7(),
                    person=person,
                    kind=step.kind,
                    origin=step.origin,
                    destination=step.destination,
                    occurred_at=step.occurred_at,
                    recorded_at=step.recorded_at,
                    recorded_by=BY,
                )
            )
