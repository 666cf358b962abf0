"""Checking in and out: what is done, what is refused, and in which words."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models.movement import MovementKind
from shelters.actions import stays
from shelters.models import Stay
from tests.factories.accounts import user_in_role
from tests.factories.displacement import (
    CountedHouseholdFactory,
    HouseholdFactory,
    MovementFactory,
    NamedHouseholdFactory,
    PersonFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import (
    ClosedShelterFactory,
    DamagedShelterFactory,
    EndedStayFactory,
    FullShelterFactory,
    OpenShelterFactory,
    OpenStayFactory,
    PlannedShelterFactory,
    RoomFactory,
    ShelterFactory,
    ShelterStateFactory,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NIGHT = KURSK_MORNING + timedelta(hours=12)


@pytest.fixture
def registrar() -> User:
    """Works everywhere, for an organisation of their own."""
    return user_in_role(Role.REGISTRAR)


def test_check_in_gives_a_bed_and_leaves_one_trace(registrar: User) -> None:
    person, shelter = PersonFactory.create(), OpenShelterFactory.create()
    stay = stays.check_in(person=person, shelter=shelter, by=registrar, at=NIGHT)
    stay.refresh_from_db()
    assert (stay.person, stay.shelter, stay.occurred_at, stay.recorded_by) == (
        person,
        shelter,
        NIGHT,
        registrar.pk,
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.actor_id) == ("check_in", str(stay.pk), registrar.pk)
    assert event.detail == {"shelter": str(shelter.pk), "over": False}


def test_check_in_costs_the_same_for_one_as_for_a_family(
    registrar: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shelter = OpenShelterFactory.create()
    person, household = PersonFactory.create(), NamedHouseholdFactory.create()
    with django_assert_num_queries(11):  # two of them open and close the savepoint
        stays.check_in(person=person, shelter=shelter, by=registrar)
    with django_assert_num_queries(13):
        stays.check_in_household(household=household, shelter=shelter, by=registrar)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ClosedShelterFactory, "closed"),
        (PlannedShelterFactory, "planned"),
        (DamagedShelterFactory, "damaged"),
    ],
)
def test_nobody_sleeps_where_it_is_not_open(registrar: User, state: type[ShelterFactory], word: str) -> None:
    sentence = refused(
        "shelter_not_open",
        "shelter",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=state.create(),
        by=registrar,
        override_reason="snow",
    )
    assert word in sentence


def test_a_shelter_of_which_nothing_is_known_is_not_open(registrar: User) -> None:
    refused(
        "shelter_not_open",
        "shelter",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=ShelterFactory.create(),
        by=registrar,
    )


def test_the_latest_state_that_stands_decides(registrar: User) -> None:
    shelter = ClosedShelterFactory.create()
    ShelterStateFactory.create(shelter=shelter, occurred_at=KURSK_MORNING)
    ShelterStateFactory.create(shelter=shelter, occurred_at=NIGHT, phase="damaged", voided=True)
    assert stays.check_in(person=PersonFactory.create(), shelter=shelter, by=registrar).pk


def test_a_full_shelter_names_the_nearest_with_places(registrar: User) -> None:
    full = OpenShelterFactory.create(state__places_open=1)
    OpenStayFactory.create(shelter=full)
    OpenShelterFactory.create(name="Far", region=region("RU-ORL"))
    OpenShelterFactory.create(name="Near", state__places_open=4)
    sentence = refused(
        "shelter_full", "shelter", stays.check_in, person=PersonFactory.create(), shelter=full, by=registrar
    )
    assert "Near (4 free places); Far (10 free places)" in sentence


def test_a_full_shelter_names_no_shelter_that_the_actor_may_not_see() -> None:
    manager = user_in_role(Role.SHELTER_MANAGER, region=region("RU-KRS"))
    full = OpenShelterFactory.create(state__places_open=0)
    OpenShelterFactory.create(name="Elsewhere", region=region("RU-ORL"))
    sentence = refused(
        "shelter_full", "shelter", stays.check_in, person=PersonFactory.create(), shelter=full, by=manager
    )
    assert "Elsewhere" not in sentence
    assert "ask the coordinator" in sentence


def test_blocked_places_are_not_given(registrar: User) -> None:
    shelter = OpenShelterFactory.create(
        state__places_open=2, state__places_blocked=1, state__blocked_reason="roof"
    )
    stays.check_in(person=PersonFactory.create(), shelter=shelter, by=registrar)
    refused(
        "shelter_full",
        "shelter",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=shelter,
        by=registrar,
    )


def test_ended_and_voided_stays_hold_no_place(registrar: User) -> None:
    shelter = OpenShelterFactory.create(state__places_open=1)
    EndedStayFactory.create(shelter=shelter)
    OpenStayFactory.create(shelter=shelter, voided=True)
    assert stays.check_in(person=PersonFactory.create(), shelter=shelter, by=registrar).pk


def test_a_shelter_declared_full_is_full_whatever_the_numbers_say(registrar: User) -> None:
    refused(
        "shelter_full",
        "shelter",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=FullShelterFactory.create(),
        by=registrar,
    )


def test_places_that_nobody_reported_are_not_zero(registrar: User) -> None:
    shelter = OpenShelterFactory.create(state__places_open=None)
    assert stays.check_in(person=PersonFactory.create(), shelter=shelter, by=registrar).override_reason == ""


def test_over_capacity_only_with_a_reason_that_stays_on_record(registrar: User) -> None:
    shelter = OpenShelterFactory.create(state__places_open=0)
    person = PersonFactory.create()
    refused(
        "shelter_full",
        "shelter",
        stays.check_in,
        person=person,
        shelter=shelter,
        by=registrar,
        override_reason="  ",
    )
    stay = stays.check_in(person=person, shelter=shelter, by=registrar, override_reason="Night, minus 20.")
    assert stay.override_reason == "Night, minus 20."
    event = AuditEvent.objects.get()
    assert (event.reason, event.detail["over"]) == ("Night, minus 20.", True)


def test_a_reason_that_was_not_needed_is_not_kept(registrar: User) -> None:
    stay = stays.check_in(
        person=PersonFactory.create(),
        shelter=OpenShelterFactory.create(),
        by=registrar,
        override_reason="to be safe",
    )
    assert stay.override_reason == ""


def test_already_checked_in_says_where_to_those_who_may_know() -> None:
    stay = OpenStayFactory.create(shelter__name="School 7")
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=stay.shelter.organisation)
    sentence = refused(
        "already_checked_in",
        "person",
        stays.check_in,
        person=stay.person,
        shelter=OpenShelterFactory.create(),
        by=manager,
    )
    assert "School 7" in sentence


def test_already_checked_in_names_no_place_to_others(registrar: User) -> None:
    stay = OpenStayFactory.create(shelter__name="School 7")
    sentence = refused(
        "already_checked_in",
        "person",
        stays.check_in,
        person=stay.person,
        shelter=OpenShelterFactory.create(),
        by=registrar,
    )
    assert "School 7" not in sentence
    assert "another site" in sentence


def test_a_stay_that_overlaps_an_ended_one_is_refused_by_the_database(registrar: User) -> None:
    ended = EndedStayFactory.create()
    refused(
        "already_checked_in",
        "",
        stays.check_in,
        person=ended.person,
        shelter=OpenShelterFactory.create(),
        by=registrar,
        at=ended.occurred_at,
    )
    assert stays.check_in(
        person=ended.person, shelter=OpenShelterFactory.create(), by=registrar, at=ended.ended_at
    )


def test_a_room_has_its_own_beds(registrar: User) -> None:
    room = RoomFactory.create(beds=1)
    stays.check_in(person=PersonFactory.create(), shelter=room.shelter, room=room, by=registrar)
    refused(
        "room_full",
        "room",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=room.shelter,
        room=room,
        by=registrar,
    )
    refused(
        "other_room",
        "room",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=room.shelter,
        room=RoomFactory.create(),
        by=registrar,
    )


def test_voided_or_dead_people_get_no_bed(registrar: User) -> None:
    shelter = OpenShelterFactory.create()
    refused(
        "void",
        "person",
        stays.check_in,
        person=PersonFactory.create(voided=True),
        shelter=shelter,
        by=registrar,
    )
    household = HouseholdFactory.create(voided=True)
    refused(
        "void",
        "person",
        stays.check_in,
        person=PersonFactory.create(household=household),
        shelter=shelter,
        by=registrar,
    )
    dead = MovementFactory.create(kind=MovementKind.DIED).person
    refused("after_death", "person", stays.check_in, person=dead, shelter=shelter, by=registrar)


def test_nobody_is_checked_in_tomorrow(registrar: User) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    refused(
        "in_future",
        "at",
        stays.check_in,
        person=PersonFactory.create(),
        shelter=OpenShelterFactory.create(),
        by=registrar,
        at=tomorrow,
    )


def test_a_household_is_checked_in_whole(registrar: User) -> None:
    household, shelter = NamedHouseholdFactory.create(), OpenShelterFactory.create(state__places_open=2)
    rows = stays.check_in_household(household=household, shelter=shelter, by=registrar)
    assert {stay.person for stay in rows} == set(household.people.all())
    event = AuditEvent.objects.get()
    assert (event.action, event.detail["people"]) == ("check_in_household", 2)


def test_the_dead_of_a_household_need_no_bed(registrar: User) -> None:
    household = NamedHouseholdFactory.create()
    living = household.people.get(relationship="head")
    MovementFactory.create(person=household.people.get(relationship="child"), kind=MovementKind.DIED)
    shelter = OpenShelterFactory.create()
    rows = stays.check_in_household(household=household, shelter=shelter, by=registrar)
    assert [stay.person for stay in rows] == [living]


def test_a_household_that_does_not_fit_is_not_split(registrar: User) -> None:
    household, shelter = NamedHouseholdFactory.create(), OpenShelterFactory.create(state__places_open=1)
    sentence = refused(
        "shelter_full",
        "shelter",
        stays.check_in_household,
        household=household,
        shelter=shelter,
        by=registrar,
    )
    assert "1 free places for 2 people" in sentence
    assert not Stay.objects.exists()


def test_a_household_with_one_bed_taken_is_told_how_many(registrar: User) -> None:
    household = NamedHouseholdFactory.create()
    OpenStayFactory.create(person=household.people.first())
    sentence = refused(
        "already_checked_in",
        "person",
        stays.check_in_household,
        household=household,
        shelter=OpenShelterFactory.create(),
        by=registrar,
    )
    assert "1 of 2 people have a bed." in sentence


def test_a_counted_household_has_nobody_to_check_in(registrar: User) -> None:
    refused(
        "nobody_named",
        "household",
        stays.check_in_household,
        household=CountedHouseholdFactory.create(),
        shelter=OpenShelterFactory.create(),
        by=registrar,
    )


def test_check_out_frees_the_bed_and_is_dated(registrar: User) -> None:
    stay = OpenStayFactory.create(shelter=OpenShelterFactory.create(state__places_open=1))
    ended = stays.check_out(stay=stay, by=registrar, at=NIGHT)
    assert (ended.ended_at, ended.ended_by) == (NIGHT, registrar.pk)
    assert ended.ended_recorded_at is not None
    assert [event.action for event in AuditEvent.objects.all()] == ["check_out"]
    assert stays.check_in(person=PersonFactory.create(), shelter=stay.shelter, by=registrar).pk


def test_check_out_refuses_what_cannot_be(registrar: User) -> None:
    stay = OpenStayFactory.create()
    refused(
        "out_before_in",
        "at",
        stays.check_out,
        stay=stay,
        by=registrar,
        at=stay.occurred_at - timedelta(minutes=1),
    )
    refused(
        "in_future", "at", stays.check_out, stay=stay, by=registrar, at=timezone.now() + timedelta(minutes=1)
    )
    refused("already_checked_out", "", stays.check_out, stay=EndedStayFactory.create(), by=registrar)
    refused("void", "", stays.check_out, stay=OpenStayFactory.create(voided=True), by=registrar)
