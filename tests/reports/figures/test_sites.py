"""Shelters: five numbers that are never mixed, and silence that is not zero."""

import pytest

from reports.figures.figure import Basis
from shelters.models.shelter import CoverType
from tests.factories.displacement import ArrivedMovementFactory, ChildFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import (
    ClosedShelterFactory,
    EndedStayFactory,
    FullShelterFactory,
    HeadcountFactory,
    OpenShelterFactory,
    OpenStayFactory,
    PlannedShelterFactory,
    ProtectedPlaceFactory,
    ShelterFactory,
    ShelterStateFactory,
)
from tests.reports.figures.asking import DAY, HOUR, figure, value

pytestmark = pytest.mark.django_db


def test_nothing_known_is_not_reported_and_never_zero() -> None:
    OpenShelterFactory.create(state__places_open=None)
    for indicator in ("places_total", "places_free", "protected_places", "protection_gap"):
        assert value(indicator) is None, indicator
    assert value("sheltered", Basis.HEADCOUNT) is None
    assert (value("sheltered"), value("shelters_open")) == (0, 1)


def test_a_headcount_of_zero_is_a_report() -> None:
    HeadcountFactory.create(people=0)
    assert value("sheltered", Basis.HEADCOUNT) == 0


def test_open_and_full_run_and_the_others_do_not() -> None:
    for factory in (OpenShelterFactory, FullShelterFactory, PlannedShelterFactory, ClosedShelterFactory):
        factory.create()
    ShelterFactory.create()
    assert (value("shelters_open"), value("places_total")) == (2, 20)


def test_free_places_are_open_less_blocked_less_stays_and_never_negative() -> None:
    roomy = ShelterFactory.create()
    ShelterStateFactory.create(shelter=roomy, places_open=10, places_blocked=3, blocked_reason="leak")
    OpenStayFactory.create(shelter=roomy)
    crowded = OpenShelterFactory.create(state__places_open=1)
    OpenStayFactory.create_batch(3, shelter=crowded)
    assert value("places_free") == 6
    unknown = OpenShelterFactory.create(state__places_open=None)
    found = figure("places_free")
    assert (found.value, found.note, unknown.pk is not None) == (6, "2 of 3 shelters", True)


def test_a_headcount_holds_for_36_hours() -> None:
    HeadcountFactory.create()
    assert value("sheltered", Basis.HEADCOUNT, as_of=KURSK_MORNING + 36 * HOUR - HOUR / 60) == 7
    assert value("sheltered", Basis.HEADCOUNT, as_of=KURSK_MORNING + 36 * HOUR) is None


def test_the_latest_headcount_counts_and_of_running_shelters_only() -> None:
    shelter = OpenShelterFactory.create()
    HeadcountFactory.create(shelter=shelter, people=7)
    HeadcountFactory.create(shelter=shelter, people=9, occurred_at=KURSK_MORNING + HOUR)
    HeadcountFactory.create(shelter=ClosedShelterFactory.create(), people=50)
    OpenShelterFactory.create()
    found = figure("sheltered", Basis.HEADCOUNT)
    assert (found.value, found.note, found.as_of) == (9, "1 of 2 shelters", KURSK_MORNING + HOUR)


def test_stays_and_headcounts_stand_side_by_side() -> None:
    stay = OpenStayFactory.create(person=ChildFactory.create())
    HeadcountFactory.create(shelter=stay.shelter)
    assert (value("sheltered"), value("sheltered", Basis.HEADCOUNT)) == (1, 7)
    assert figure("sheltered").children == 1


def test_a_check_out_counts_from_when_it_was_recorded() -> None:
    EndedStayFactory.create(ended_at=KURSK_MORNING + HOUR, ended_recorded_at=KURSK_MORNING + 2 * DAY)
    assert value("sheltered", known_at=KURSK_MORNING + DAY) == 1
    assert value("sheltered", known_at=KURSK_MORNING + 2 * DAY) == 0
    assert value("sheltered", as_of=KURSK_MORNING + HOUR / 2, known_at=KURSK_MORNING + 3 * DAY) == 1


def test_two_walls_are_no_protected_place() -> None:
    shelter = OpenShelterFactory.create()
    ProtectedPlaceFactory.create(shelter=shelter, cover=CoverType.TWO_WALLS, places=500)
    assert value("protected_places") is None
    ProtectedPlaceFactory.create(shelter=shelter, places=2)
    ProtectedPlaceFactory.create(shelter=shelter, places=1, occurred_at=KURSK_MORNING + HOUR)
    OpenStayFactory.create_batch(3, shelter=shelter)
    assert (value("protected_places"), value("protection_gap")) == (1, 2)


def test_a_gap_in_one_shelter_is_not_filled_by_another() -> None:
    OpenStayFactory.create_batch(2, shelter=ProtectedPlaceFactory.create(places=0).shelter)
    ProtectedPlaceFactory.create(places=50)
    assert value("protection_gap") == 2


def test_people_in_shelters_elsewhere_are_told_apart() -> None:
    stay = OpenStayFactory.create(shelter=OpenShelterFactory.create(region=region("RU-ORL")))
    ArrivedMovementFactory.create(person=stay.person, destination=region("RU-ORL"))
    assert (value("sheltered"), value("sheltered_elsewhere")) == (0, 1)
    assert value("sheltered", key="RU-ORL") == 1


def test_a_state_counts_as_known() -> None:
    shelter = OpenShelterFactory.create()
    ShelterStateFactory.create(
        shelter=shelter, phase="closed", occurred_at=KURSK_MORNING, recorded_at=KURSK_MORNING + 3 * DAY
    )
    assert value("shelters_open", known_at=KURSK_MORNING + 2 * DAY) == 1
    assert value("shelters_open", known_at=KURSK_MORNING + 3 * DAY) == 0
