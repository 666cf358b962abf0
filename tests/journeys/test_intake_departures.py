"""A shelter manager sends the list of who left: looked at, accepted, counted, sent again, and taken back."""

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.policy import Role
from intake.models.batch import BatchState
from shelters.models import Shelter, Stay
from tests.desk.pages import act_url, desk_of, record_url, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory
from tests.journeys.taking import accept, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organisation:
    """Runs a school as a shelter, in an operation on Moscow's clock."""
    kursk_tree()
    RunningOperationFactory.create()
    made: Organisation = OrganisationFactory.create()
    return made


@pytest.fixture
def desk(own: Organisation) -> Client:
    """The shelter manager's browser."""
    return desk_of(user_in_role(Role.SHELTER_MANAGER, organisation=own))


@pytest.fixture
def stays(own: Organisation) -> list[Stay]:
    """A family of three and one person alone, in one school since 8 August."""
    school = OpenShelterFactory.create(organisation=own, name="Школа № 9")
    family = HouseholdFactory.create(organisation=own)
    people = [PersonFactory.create(household=family) for _ in range(3)]
    people.append(PersonFactory.create(household__organisation=own))
    return [OpenStayFactory.create(person=person, shelter=school) for person in people]


def _csv(stays: list[Stay]) -> bytes:
    """As Excel in Russian saves it: semicolons, a byte order mark, the clock of the place; the last row is wrong."""
    household, alone = stays[0].person.household, stays[3].person
    lines = [
        "номер карточки;ПВР;дата выселения",
        f"{household.number};Школа № 9;12.08.2024 14:30",
        f"{alone.number};школа № 9;13.08.2024",
        f"{PersonFactory.create(household__organisation=household.organisation).number};Школа № 9;12.08.2024",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")


def test_a_list_of_who_left_ends_their_stays_and_opens_them_again(desk: Client, stays: list[Stay]) -> None:
    shelter = Shelter.objects.get()
    file = _csv(stays)
    batch = take_in(desk, "stays", file, "who left.csv")
    page = words(desk.get(record_url(batch)))
    assert "stays that end" in page
    assert (batch.counts["with_warnings"]["stays_ended"], batch.counts["refused"]) == (4, 1)
    assert "There is no stay in this shelter for this row to end." in page
    assert Stay.objects.open().filter(shelter=shelter).count() == 4
    accept(desk, batch)
    assert "Written into the register: 4 stays that end" in words(desk.get(record_url(batch)))
    ended = Stay.objects.filter(shelter=shelter).order_by("ended_at").values_list("ended_at", flat=True)
    assert [f"{moment:%d %H:%M}" for moment in ended if moment] == ["12 11:30"] * 3 + ["12 21:00"]
    again = take_in(desk, "stays", file + b"\r\n", "who left again.csv")
    assert (again.counts["known"], again.counts["with_warnings"]) == (2, {"stays": 0, "stays_ended": 0})
    answer = desk.post(act_url(batch, "undo"), {"reason": "The list of another school."}, follow=True)
    assert answer.status_code == 200
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert {stay.person_id for stay in Stay.objects.open()} == {stay.person_id for stay in stays}
