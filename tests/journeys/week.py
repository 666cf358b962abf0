"""Six days in Kursk oblast as those who were there would enter them: through the actions, each at its moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Organisation, User
from accounts.policy import Role
from displacement.actions import casualties, claims, movements
from displacement.actions.groups import NewGroup
from displacement.actions.households import register
from displacement.actions.people import NewPerson
from displacement.models import Household, Source
from displacement.models.casualty import CivilianStatus, Outcome, Rung
from displacement.models.claim import ClaimIndicator, ClaimKind, ClaimQualifier, SourceType
from displacement.models.codes import AgeBand, Sex
from displacement.models.movement import MovementKind, PlaceKind
from regions.models import Operation
from shelters.actions.headcounts import report as report_headcount
from shelters.actions.sites import NewState, open_site
from shelters.actions.stays import check_in_household
from shelters.models import Shelter
from shelters.models.shelter import Phase
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.journeys.conftest import MOSCOW, At


@dataclass
class Staff:
    """An NGO, and the people of it who do the work."""

    ngo: Organisation
    registrar: User
    manager: User
    recorder: User
    verifier: User
    publisher: User


def hire() -> Staff:
    """One user for each role of the journey."""
    ngo = OrganisationFactory.create()
    roles = (
        Role.REGISTRAR,
        Role.SHELTER_MANAGER,
        Role.CASUALTY_RECORDER,
        Role.CASUALTY_VERIFIER,
        Role.PUBLISHER,
    )
    return Staff(ngo, *(user_in_role(role, organisation=ngo) for role in roles))


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2024 in Moscow time."""
    return datetime(2024, 8, day, hour, minute, tzinfo=MOSCOW)


def spend(staff: Staff, at: At) -> Operation:
    """What happened from 7 to 12 August, entered as it happened. 4 named people and 3 counted ones leave."""
    kursk_tree()
    operation = RunningOperationFactory.create(is_automatic=True)
    with at(7, 8, 0):
        school = open_school(staff)
    with at(7, 15, 0):
        family = flee(staff, on(7, 11))
        check_in_household(household=family, shelter=school, by=staff.manager)
    with at(8, 12, 0):
        count_at_the_door(staff)
    with at(9, 9, 0):
        verify_a_death(staff)
    with at(12, 13, 0):
        note_claims(staff)
    with at(12, 22, 0):
        report_headcount(shelter=school, people=5, by=staff.manager, places_free=6)
    return operation


def open_school(staff: Staff) -> Shelter:
    """Ten places in the city."""
    return open_site(
        name="School 7",
        region=region("RU-KRS-KURSK"),
        organisation=staff.ngo,
        by=staff.manager,
        state=NewState(phase=Phase.OPEN, places_announced=12, places_set_up=10, places_open=10),
    )


def flee(staff: Staff, left_at: datetime) -> Household:
    """A family of four leaves Sudzhansky District and arrives in the city two hours later."""
    family = register(
        organisation=staff.ngo,
        registered_in=region("RU-KRS-KURSK"),
        by=staff.registrar,
        people=[
            NewPerson(given_name="Ольга", family_name="Берёзкина", sex=Sex.FEMALE, age=34),
            NewPerson(given_name="Пётр", family_name="Берёзкин", sex=Sex.MALE, age=37),
            NewPerson(given_name="Lidiya", family_name="Beryozkina", sex=Sex.FEMALE, age=8),
            NewPerson(given_name="Мария", sex=Sex.FEMALE, age=71),
        ],
        origin=region("RU-KRS-SUDZHANSKY"),
        occurred_at=left_at,
    )
    way: Any = {"by": staff.registrar, "origin": region("RU-KRS-SUDZHANSKY")}
    for person in family.people.all():
        movements.record(kind=MovementKind.LEFT, person=person, occurred_at=left_at, **way)
        movements.record(
            kind=MovementKind.ARRIVED,
            person=person,
            destination=region("RU-KRS-KURSK"),
            place=PlaceKind.SHELTER,
            occurred_at=left_at + timedelta(hours=2),
            **way,
        )
    return family


def count_at_the_door(staff: Staff) -> Household:
    """Three people from Glushkovsky District of whom there is no time to ask names."""
    origin = region("RU-KRS-GLUSHKOVSKY")
    household = register(
        organisation=staff.ngo,
        registered_in=region("RU-KRS-KURSK"),
        by=staff.registrar,
        groups=[
            NewGroup(people=2, sex=Sex.FEMALE, age_band=AgeBand.FROM_18),
            NewGroup(people=1, sex=Sex.MALE, age_band=AgeBand.UNKNOWN),
        ],
        origin=origin,
        occurred_at=on(8, 10),
    )
    movements.record(
        by=staff.registrar, kind=MovementKind.LEFT, household=household, origin=origin, occurred_at=on(8, 10)
    )
    return household


def verify_a_death(staff: Staff) -> None:
    """One civilian was killed on the 7th; two independent sources tell who, what, when and where."""
    incident = casualties.record_incident(
        organisation=staff.ngo, region=region("RU-KRS-SUDZHANSKY"), occurred_at=on(7, 6), by=staff.recorder
    )
    casualty = casualties.record(
        incident=incident,
        outcome=Outcome.KILLED,
        civilian_status=CivilianStatus.CIVILIAN,
        occurred_at=on(7, 6),
        by=staff.recorder,
    )
    for name, kind in (("Hospital", SourceType.AUTHORITIES), ("Neighbour", SourceType.WITNESS)):
        casualties.attach_source(
            casualty=casualty,
            source=Source.objects.create(name=name, type=kind),
            by=staff.recorder,
            occurred_at=on(8, 9),
            supports_who=True,
            supports_what=True,
            supports_when=True,
            supports_where=True,
        )
    for rung in (Rung.REPORTED, Rung.CORROBORATED):
        casualties.step(casualty=casualty, rung=rung, by=staff.recorder)
    casualties.step(casualty=casualty, rung=Rung.VERIFIED, by=staff.verifier)


def note_claims(staff: Staff) -> None:
    """What was said in public that day; two sources differ on those killed."""
    governor = Source.objects.create(name="Acting governor", type=SourceType.GOVERNOR)
    medic = Source.objects.create(name="Unnamed medical source", type=SourceType.ANONYMOUS)
    said = (
        (governor, ClaimIndicator.EVACUATED, ClaimQualifier.ABOUT, 121_000),
        (governor, ClaimIndicator.KILLED, ClaimQualifier.AT_LEAST, 12),
        (medic, ClaimIndicator.KILLED, ClaimQualifier.EXACT, 17),
    )
    for source, indicator, qualifier, value in said:
        claims.record(
            source=source,
            region=region("RU-KRS"),
            indicator=indicator,
            kind=ClaimKind.CUMULATIVE,
            qualifier=qualifier,
            value=value,
            as_of=on(12, 0),
            published_at=on(12, 12),
            by=staff.publisher,
        )
