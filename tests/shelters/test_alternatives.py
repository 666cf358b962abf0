"""Where else there is a bed: near first, with room for all, and only what somebody may know of."""

from datetime import timedelta

import pytest

from accounts.policy import Role
from shelters.alternatives import nearest_with_places
from shelters.models import Shelter
from tests.factories.accounts import UserFactory, user_in_role
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import (
    ClosedShelterFactory,
    FullShelterFactory,
    OpenShelterFactory,
    OpenStayFactory,
    ShelterStateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Shelter:
    """A shelter in the city of Kursk with a known point."""
    shelter: Shelter = OpenShelterFactory.create(name="Here", latitude=51.73, longitude=36.19)
    return shelter


def named(here: Shelter, people: int = 1, limit: int = 9) -> list[str]:
    """What a registrar of everywhere is told."""
    found = nearest_with_places(here, people=people, visible_to=user_in_role(Role.REGISTRAR), limit=limit)
    return [shelter.name for shelter, _free in found]


def test_the_smallest_common_region_comes_first_then_distance(here: Shelter) -> None:
    OpenShelterFactory.create(name="abroad", region=region("UA-59"), latitude=51.74, longitude=36.19)
    OpenShelterFactory.create(name="oblast", region=region("RU-KRS-KURSKY"), latitude=51.75, longitude=36.2)
    OpenShelterFactory.create(name="city, no point")
    OpenShelterFactory.create(name="city, far", latitude=51.9, longitude=36.5)
    OpenShelterFactory.create(name="city, near", latitude=51.74, longitude=36.2)
    assert named(here) == ["city, near", "city, far", "city, no point", "oblast", "abroad"]
    assert named(here, limit=2) == ["city, near", "city, far"]


def test_only_open_shelters_with_room_for_all(here: Shelter) -> None:
    ClosedShelterFactory.create()
    FullShelterFactory.create()
    OpenShelterFactory.create(state__places_open=None)
    small = OpenShelterFactory.create(name="small", state__places_open=3)
    OpenStayFactory.create(shelter=small)
    assert named(here, people=2) == ["small"]
    assert named(here, people=3) == []


def test_the_latest_state_decides(here: Shelter) -> None:
    shelter = OpenShelterFactory.create()
    ShelterStateFactory.create(
        shelter=shelter, phase="closed", occurred_at=KURSK_MORNING + timedelta(hours=1)
    )
    assert named(here) == []


def test_only_what_somebody_may_see(here: Shelter) -> None:
    theirs, _others = OpenShelterFactory.create_batch(2)
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=theirs.organisation)
    within = user_in_role(Role.REGISTRAR, region=region("UA"))
    found = nearest_with_places(here, people=1, visible_to=within)
    assert found == []
    assert theirs in [shelter for shelter, _free in nearest_with_places(here, people=1, visible_to=manager)]
    assert nearest_with_places(here, people=1, visible_to=UserFactory.create(is_active=False)) == []
