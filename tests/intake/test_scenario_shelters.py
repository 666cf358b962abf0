"""The invented shelters: states, stays, headcounts and silence."""

import random
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db.models import Count, F, Q

from displacement.models import Movement, Person
from intake.keys import Keys
from intake.scenarios.kursk_2024.days import LAST_HEADCOUNT_ON, local
from intake.scenarios.kursk_2024.headcounts import headcounts
from intake.scenarios.kursk_2024.lodging import OVERRIDE, Site
from shelters.models import Headcount, ProtectedPlace, Room, Shelter, ShelterState, Stay
from shelters.models.shelter import RUNNING, Phase
from tests.intake.conftest import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scenario")]


def test_about_one_in_twelve_sleeps_in_a_shelter() -> None:
    sheltered = Stay.objects.values("person").distinct().count()
    assert 0.05 < sheltered / PEOPLE < 0.11


def test_who_has_a_stay_arrived_in_a_shelter_of_that_region() -> None:
    for stay in Stay.objects.select_related("shelter")[:100]:
        arrival = Movement.objects.current().filter(
            person=stay.person_id,
            place="shelter",
            destination=stay.shelter.region_id,
            occurred_at=stay.occurred_at,
        )
        assert arrival.count() == 1


def test_nobody_sleeps_where_no_shelter_was_open() -> None:
    for stay in Stay.objects.select_related("shelter"):
        state = ShelterState.objects.filter(shelter=stay.shelter).as_of(stay.occurred_at).latest()
        assert state.phase in RUNNING


def test_nobody_is_left_in_a_shelter_that_closed() -> None:
    for closed in ShelterState.objects.filter(phase=Phase.CLOSED):
        still = Stay.objects.filter(shelter=closed.shelter).filter(
            Q(ended_at=None) | Q(ended_at__gt=closed.occurred_at)
        )
        assert not still.exists()


def test_more_guests_than_places_only_with_a_reason() -> None:
    for state in ShelterState.objects.filter(phase=Phase.OPEN).select_related("shelter"):
        places = (state.places_open or 0) - state.places_blocked
        regular = Stay.objects.filter(shelter=state.shelter, override_reason="").count()
        assert regular <= places
    assert set(Stay.objects.values_list("override_reason", flat=True)) <= {"", OVERRIDE}
    assert Stay.objects.filter(override_reason=OVERRIDE).count() < 0.05 * Stay.objects.count()


def test_a_step_out_of_a_shelter_ends_the_stay() -> None:
    ended = Stay.objects.exclude(ended_at=None)
    assert ended.exists()
    for stay in ended[:50]:
        next_step = Movement.objects.current().filter(person=stay.person_id, occurred_at=stay.ended_at)
        assert next_step.count() == 1
        assert next_step.get().recorded_at == stay.ended_recorded_at
    moved = Movement.objects.current().filter(person__stays__ended_at=None, person__stays__isnull=False)
    assert not moved.filter(kind__in=["returned", "abroad", "died"]).exists()


def test_shelters_stand_in_several_states_and_differ() -> None:
    phases = set(ShelterState.objects.values_list("phase", flat=True))
    assert phases >= {Phase.ANNOUNCED, Phase.OPEN}
    assert Shelter.objects.exclude(region__key__startswith="RU-KRS").exists()
    assert Room.objects.exists()
    assert Shelter.objects.exclude(protected_places__in=ProtectedPlace.objects.all()).exists()
    assert Stay.objects.filter(room__isnull=False).exists()


def test_no_room_has_more_guests_than_beds() -> None:
    rooms = Room.objects.annotate(guests=Count("stays"))
    assert not rooms.filter(guests__gt=F("beds")).exists()


def test_most_report_in_the_evening_and_some_are_silent() -> None:
    evening = local(date(2024, 8, 14), 20)
    running = Shelter.objects.filter(states__phase=Phase.OPEN, states__occurred_at__lte=evening).distinct()
    reported = running.filter(headcounts__occurred_at=evening).distinct().count()
    assert 0.4 * running.count() < reported < running.count()
    last = Headcount.objects.latest()
    assert last.occurred_at == local(LAST_HEADCOUNT_ON, 20)


def test_headcounts_are_near_the_stays_and_not_copied_from_them() -> None:
    differences = set()
    for count in Headcount.objects.all():
        stays = Stay.objects.filter(shelter=count.shelter_id).as_of(count.occurred_at)
        sleeping = stays.filter(Q(ended_at=None) | Q(ended_at__gt=count.occurred_at)).count()
        differences.add(count.people - sleeping)
    assert 0 in differences
    assert len(differences) > 2
    assert max(map(abs, differences)) < 10


def test_only_named_people_have_stays() -> None:
    assert Person.objects.filter(stays__isnull=False, voided_at__isnull=False).count() == 0


def test_of_many_sites_some_never_report_and_some_fall_silent() -> None:
    opened_at = local(date(2024, 8, 7), 12)
    sites = [Site(uuid4(), 1, uuid4(), uuid4(), 50, opened_at) for _ in range(300)]
    last: dict[UUID, date] = {}
    for count in headcounts(random.Random(1), Keys(), sites):
        last[count.shelter_id] = count.occurred_at.date()
    assert 10 < len(sites) - len(last) < 45
    assert 20 < sum(day < date(2024, 8, 16) for day in last.values()) < 70
