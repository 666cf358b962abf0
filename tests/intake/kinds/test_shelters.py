"""Lists of shelters: the first enters them, the second updates what they offer."""

import pytest

from accounts.models import User
from accounts.policy import Role
from intake.actions import batches
from shelters.models import ProtectedPlace, Shelter, ShelterState
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory
from tests.intake.kinds.driving import accepted, codes, found, known, staged

pytestmark = pytest.mark.django_db
HEAD = "Название,Район,Дата,Статус,Мест,Мест закрыто,Причина закрытия мест,Широта,Долгота,Мест в убежище,Тип укрытия\n"


@pytest.fixture
def manager() -> User:
    """Manages shelters of one organisation, everywhere."""
    region("RU-KRS-KURSK")
    return user_in_role(Role.SHELTER_MANAGER)


def test_a_first_list_enters_sites_with_what_they_offer(manager: User) -> None:
    text = HEAD + (
        "Школа № 5,RU-KRS-KURSK,10.08.2024,открыт,120,20,протечка,51.7,36.2,40,подвал\n"
        "Санаторий «Дубрава»,RU-KRS-KURSK,10.08.2024,,,,,,,,\n"
    )
    batch = accepted("shelters", text, manager)
    assert found(batch) == []
    assert batch.outcome == {"shelters": 2, "states": 2}
    school = Shelter.objects.get(name="Школа № 5")
    assert (school.region, school.organisation) == (region("RU-KRS-KURSK"), batch.organisation)
    assert (school.latitude, school.longitude) == (51.7, 36.2)
    state = school.states.get()
    assert (state.phase, state.places_open, state.places_blocked) == ("open", 120, 20)
    assert ProtectedPlace.objects.values_list("cover", "places").get() == ("basement", 40)
    blank = ShelterState.objects.get(shelter__name="Санаторий «Дубрава»")
    assert (blank.phase, blank.places_open) == ("announced", None)


def test_a_second_list_brings_states_and_no_second_shelter(manager: User) -> None:
    accepted("shelters", f"{HEAD}Школа № 5,RU-KRS-KURSK,10.08.2024,открыт,120,20,протечка,,,,\n", manager)
    text = HEAD + (
        "школа №5,RU-KRS-KURSK,10.08.2024 12:00,,120,,,,,,\nШкола № 5,RU-KRS-KURSK,11.08.2024,заполнен,,,,,,,\n"
    )
    batch = accepted("shelters", text, manager)
    assert Shelter.objects.count() == 1
    assert known(batch) == 1
    states = ShelterState.objects.order_by("occurred_at").values_list(
        "phase", "places_open", "places_blocked"
    )
    assert list(states) == [("open", 120, 20), ("full", 120, 20)]


def test_sites_of_others_and_places_unknown_are_refused(manager: User) -> None:
    theirs = OpenShelterFactory.create(region=region("RU-KRS-KURSK"))
    text = HEAD + (
        f"{theirs.name},RU-KRS-KURSK,,,,,,,,,\nA,Atlantis,,,,,,,,,\nB,RU-KRS-KURSK,2090-01-01,,,,,,,,\n"
        "C,RU-KRS-KURSK,,,10,20,leak,,,,\nD,RU-KRS-KURSK,,,10,5,,,,,\nE,RU-KRS-KURSK,,,,,,95,,5,\n"
        "F,RU-KRS-KURSK,,,1,,,,,,\nF,RU-KRS-KURSK,,,2,,,,,,\n"
    )
    assert codes(staged("shelters", text, manager)) == {
        2: {"shelter_of_others"}, 3: {"unknown_region"}, 4: {"in_future"}, 5: {"blocked_above_open"},
        6: {"reason_needed"}, 7: {"half_a_point", "off_the_map", "cover_needed"}, 9: {"said_twice"},
    }  # fmt: skip
    here = user_in_role(Role.SHELTER_MANAGER, region=region("UA-59"))
    assert codes(staged("shelters", f"{HEAD}A,RU-KRS-KURSK,,,,,,,,,\n", here)) == {2: {"unknown_region"}}


def test_fewer_places_than_people_are_pointed_out(manager: User) -> None:
    own = OpenShelterFactory.create(organisation=manager.memberships.get().organisation)
    OpenStayFactory.create(shelter=own)
    text = f"{HEAD}{own.name},{own.region.key},,,0,,,,,,\n"
    assert codes(staged("shelters", text, manager)) == {2: {"fewer_than_people"}}


def test_it_is_taken_back_to_what_was_offered_before(manager: User) -> None:
    accepted("shelters", f"{HEAD}Школа № 5,RU-KRS-KURSK,10.08.2024,открыт,120,,,,,,\n", manager)
    batch = accepted("shelters", f"{HEAD}Школа № 5,RU-KRS-KURSK,11.08.2024,закрыт,,,,,,7,подвал\n", manager)
    undone = batches.undo(batch=batch, by=manager, reason="wrong school")
    assert dict(undone.voided) == {"shelterstate": 1, "protectedplace": 1}
    assert [shelter.phase for shelter in Shelter.objects.with_places()] == ["open"]
