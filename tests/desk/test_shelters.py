"""Checking in and out, headcounts and sites, as managers do them."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.models import Household
from shelters.models import Headcount, ProtectedPlace, Shelter, ShelterState, Stay
from tests.desk.pages import act_url, add_url, desk_of, list_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import NamedHouseholdFactory, PersonFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import ClosedShelterFactory, OpenShelterFactory, OpenStayFactory

pytestmark = pytest.mark.django_db
NIGHT = "2024-08-08T22:00"


@pytest.fixture
def manager() -> User:
    """Runs the shelters of one organisation."""
    return user_in_role(Role.SHELTER_MANAGER)


@pytest.fixture
def shelter(manager: User) -> Shelter:
    """One of the manager's shelters."""
    made: Shelter = OpenShelterFactory.create(organisation=manager.memberships.get().organisation)
    return made


@pytest.fixture
def household(manager: User) -> Household:
    """A mother and her son, registered by the same organisation."""
    made: Household = NamedHouseholdFactory.create(organisation=manager.memberships.get().organisation)
    return made


def test_a_person_is_checked_in(manager: User, shelter: Shelter, household: Household) -> None:
    person = household.people.first()
    assert person is not None
    sent = {"person": person.pk, "shelter": shelter.pk, "at": NIGHT}
    assert desk_of(manager).post(add_url(Stay), sent).status_code == 302
    stay = Stay.objects.get()
    assert (stay.person, stay.shelter, stay.recorded_by) == (person, shelter, manager.pk)


def test_a_household_is_checked_in_together(manager: User, shelter: Shelter, household: Household) -> None:
    desk_of(manager).post(act_url(shelter, "check-in"), {"household": household.pk, "at": NIGHT})
    assert Stay.objects.filter(shelter=shelter).count() == 2


@pytest.mark.parametrize("both", [True, False])
def test_one_person_or_one_household(
    manager: User, shelter: Shelter, household: Household, both: bool
) -> None:
    chosen = {"person": household.people.all()[0].pk, "household": household.pk} if both else {}
    page = desk_of(manager).post(add_url(Stay), {**chosen, "shelter": shelter.pk, "at": NIGHT})
    assert "Choose one person or one household" in words(page)


def test_a_second_stay_and_a_closed_shelter_are_refused_at_the_field(
    manager: User, shelter: Shelter, household: Household
) -> None:
    person = household.people.all()[0]
    OpenStayFactory.create(person=person, shelter=shelter)
    page = desk_of(manager).post(add_url(Stay), {"person": person.pk, "shelter": shelter.pk, "at": NIGHT})
    assert "person" in page.context["form"].errors
    closed = ClosedShelterFactory.create(organisation=shelter.organisation)
    other = household.people.all()[1]
    page = desk_of(manager).post(add_url(Stay), {"person": other.pk, "shelter": closed.pk, "at": NIGHT})
    assert "shelter" in page.context["form"].errors
    assert Stay.objects.count() == 1


def test_somebody_elses_people_are_not_found(manager: User, shelter: Shelter) -> None:
    foreign = PersonFactory.create()
    page = desk_of(manager).post(add_url(Stay), {"person": foreign.pk, "shelter": shelter.pk, "at": NIGHT})
    assert "person" in page.context["form"].errors
    matches = desk_of(manager).get(
        "/autocomplete/",
        {"app_label": "shelters", "model_name": "stay", "field_name": "person", "term": foreign.number},
    )
    assert matches.json()["results"] == []


def test_a_stay_is_ended(manager: User, shelter: Shelter, household: Household) -> None:
    stay = OpenStayFactory.create(person=household.people.all()[0], shelter=shelter)
    desk_of(manager).post(act_url(stay, "check-out"), {"at": "2024-08-09T08:00"})
    stay.refresh_from_db()
    assert stay.ended_at == KURSK_MORNING + timedelta(hours=25)
    page = desk_of(manager).get(act_url(stay, "check-out"), follow=True)
    assert "This cannot be done with the record as it stands now" in words(page)


def test_a_headcount_is_reported_from_the_index_and_from_the_shelter(manager: User, shelter: Shelter) -> None:
    desk = desk_of(manager)
    desk.post(add_url(Headcount), {"shelter": shelter.pk, "people": 42, "children": "", "occurred_at": NIGHT})
    desk.post(
        act_url(shelter, "headcount"), {"people": 40, "children": 9, "places_free": 3, "occurred_at": NIGHT}
    )
    assert set(Headcount.objects.values_list("people", "children")) == {(42, None), (40, 9)}
    page = desk.post(act_url(shelter, "headcount"), {"people": 4, "children": 9, "occurred_at": NIGHT})
    assert "There cannot be more children than people" in words(page)


def test_another_organisations_shelter_is_seen_and_not_the_managers(manager: User) -> None:
    foreign = OpenShelterFactory.create()
    desk = desk_of(manager)
    assert foreign.name in words(desk.get(list_url(Shelter)))
    assert desk.post(act_url(foreign, "state"), {"phase": "closed"}).status_code in (302, 403)
    sent = {"shelter": foreign.pk, "people": 1, "occurred_at": NIGHT}
    assert "shelter" in desk.post(add_url(Headcount), sent).context["form"].errors
    assert (ShelterState.objects.filter(phase="closed").count(), Headcount.objects.count()) == (0, 0)


def test_a_registrar_sees_every_shelter_of_the_area_and_changes_none() -> None:
    shelter = OpenShelterFactory.create()
    desk = desk_of(user_in_role(Role.REGISTRAR))
    assert shelter.name in words(desk.get(list_url(Shelter)))
    assert desk.get(act_url(shelter, "state")).status_code == 403


def test_a_site_is_opened_and_its_state_changed(manager: User) -> None:
    desk = desk_of(manager)
    state = {"phase": "open", "places_open": 80, "places_blocked": 0, "occurred_at": NIGHT}
    site = {"name": "School No. 7", "region": region("RU-KRS-KURSK").pk, "site_type": "school", **state}
    desk.post(add_url(Shelter), site)
    shelter = Shelter.objects.get()
    page = desk.post(act_url(shelter, "state"), {**state, "places_blocked": 5})
    assert "Say why places are blocked" in words(page)
    desk.post(act_url(shelter, "state"), {**state, "places_blocked": 5, "blocked_reason": "roof"})
    assert list(ShelterState.objects.order_by("pk").values_list("places_blocked", flat=True)) == [0, 5]
    desk.post(act_url(shelter, "protected-places"), {"cover": "basement", "places": 30, "occurred_at": NIGHT})
    assert ProtectedPlace.objects.get().places == 30
