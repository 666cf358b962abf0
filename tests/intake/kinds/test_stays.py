"""Lists of stays: the last bed is given once, and a person is in one place at a time."""

import pytest

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import Person
from intake.actions import batches
from shelters.models import Shelter, Stay
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, MovementFactory, PersonFactory
from tests.factories.shelters import (
    ClosedShelterFactory,
    OpenShelterFactory,
    OpenStayFactory,
    RoomFactory,
    ShelterStateFactory,
)
from tests.intake.kinds.driving import accept, accepted, codes, found, known, staged

pytestmark = pytest.mark.django_db
HEAD = "registration number,shelter,room,check-in,check-out\n"


@pytest.fixture
def manager() -> User:
    """Manages shelters of one organisation, everywhere."""
    return user_in_role(Role.SHELTER_MANAGER)


def _people(manager: User, count: int) -> list[Person]:
    household = HouseholdFactory.create(organisation=manager.memberships.get().organisation)
    return [PersonFactory.create(household=household) for _ in range(count)]


def _shelter(manager: User, places: int) -> Shelter:
    shelter: Shelter = OpenShelterFactory.create(organisation=manager.memberships.get().organisation)
    shelter.states.all().delete()
    ShelterStateFactory.create(shelter=shelter, places_open=places)
    return shelter


def test_people_are_checked_in_and_out(manager: User) -> None:
    first, second = _people(manager, 2)
    room = RoomFactory.create(shelter=_shelter(manager, 10))
    text = HEAD + (
        f"{first.number},{room.shelter.name},{room.name},2024-08-08 20:00,\n"
        f"{second.number},{room.shelter.name},,2024-08-08,2024-08-10 09:00\n"
    )
    batch = accepted("stays", text, manager)
    assert found(batch) == []
    rows = Stay.objects.order_by("pk").values_list("person", "room", "ended_by", "override_reason")
    assert list(rows) == [(first.pk, room.pk, None, ""), (second.pk, None, manager.pk, "")]
    assert AuditEvent.objects.get(action="check_in_bulk").detail["stays"] == 2
    again = staged("stays", text + "\n", manager)
    assert (known(again), found(again)) == (2, [])


def test_beyond_capacity_is_for_a_person_to_decide(manager: User) -> None:
    people = _people(manager, 3)
    shelter = _shelter(manager, 2)
    text = HEAD + "".join(f"{person.number},{shelter.name},,2024-08-08,\n" for person in people)
    batch = staged("stays", text, manager)
    assert codes(batch) == {4: {"over_capacity"}}
    accept(batch, manager)
    assert [stay.override_reason != "" for stay in Stay.objects.order_by("pk")] == [False, False, True]


def test_a_shelter_that_never_said_how_many_places_it_has_is_not_full(manager: User) -> None:
    [person] = _people(manager, 1)
    shelter = _shelter(manager, 1)
    shelter.states.update(places_open=None)
    assert codes(staged("stays", f"{HEAD}{person.number},{shelter.name},,2024-08-08,\n", manager)) == {}


def test_beds_that_are_gone_by_then_are_not_given_twice(manager: User) -> None:
    [person] = _people(manager, 1)
    shelter = _shelter(manager, 1)
    batch = staged("stays", f"{HEAD}{person.number},{shelter.name},,2024-08-08,\n", manager)
    OpenStayFactory.create(shelter=shelter)
    assert codes(accept(batch, manager)) == {2: {"shelter_full"}}
    assert Stay.objects.count() == 1


def test_nobody_is_in_two_places(manager: User) -> None:
    one, two, three = _people(manager, 3)
    shelter, other = _shelter(manager, 10), _shelter(manager, 10)
    OpenStayFactory.create(person=one, shelter=other)
    going_on = OpenStayFactory.create(person=two, shelter=shelter)
    text = HEAD + (
        f"{one.number},{shelter.name},,2024-08-09,\n"
        f"{two.number},{shelter.name},,{going_on.occurred_at.isoformat()},2024-08-12\n"
        f"{three.number},{shelter.name},,2024-08-09,2024-08-11\n"
        f"{three.number},{other.name},,2024-08-10,\n"
    )
    assert codes(staged("stays", text, manager)) == {
        2: {"already_checked_in"}, 5: {"overlaps"},
    }  # fmt: skip


def test_what_cannot_be_is_refused(manager: User) -> None:
    one, dead = _people(manager, 2)
    shelter = _shelter(manager, 10)
    room = RoomFactory.create(shelter=shelter, beds=0)
    MovementFactory.create(person=dead, kind="died")
    closed = ClosedShelterFactory.create()
    text = HEAD + (
        f"{one.household.number},{shelter.name},,2024-08-09,\n{one.number},Nowhere,,2024-08-09,\n"
        f"{one.number},{shelter.name},no such room,2024-08-09,\n{one.number},{shelter.name},,2024-08-09,2024-08-08\n"
        f"{dead.number},{shelter.name},,2024-08-09,\n{one.number},{closed.name},,2024-08-09,\n"
        f"{one.number},{shelter.name},{room.name},2024-08-09,\n{PersonFactory.create().number},{shelter.name},,2024-08-09,\n"
    )
    assert codes(staged("stays", text, manager)) == {
        2: {"unknown_person"}, 3: {"unknown_shelter"}, 4: {"unknown_room"}, 5: {"out_before_in"},
        6: {"after_death"}, 7: {"shelter_not_open"}, 8: {"room_full"}, 9: {"unknown_person"},
    }  # fmt: skip


def test_it_is_taken_back(manager: User) -> None:
    [person] = _people(manager, 1)
    batch = accepted("stays", f"{HEAD}{person.number},{_shelter(manager, 1).name},,2024-08-08,\n", manager)
    assert batches.undo(batch=batch, by=manager, reason="wrong file").voided["stay"] == 1
    assert not Stay.objects.current().exists()
