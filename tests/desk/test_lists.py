"""Every list: it opens in few queries however many rows, finds places in any alphabet, and counts no further than needed."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from accounts.policy import Role
from audit.models import AuditEvent
from core.admin import paging
from displacement.models import Casualty, Claim, Household, Incident, Movement, Person
from regions.models import AreaStatus, Region
from shelters.models import Headcount, Shelter, ShelterState, Stay
from tests.desk.pages import desk_of, list_url, words
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import (
    ArrivedMovementFactory,
    ClaimFactory,
    HouseholdFactory,
    NamedHouseholdFactory,
    PersonFactory,
    ReportedCasualtyFactory,
)
from tests.factories.regions import AreaStatusFactory, region
from tests.factories.shelters import HeadcountFactory, OpenShelterFactory, OpenStayFactory

pytestmark = pytest.mark.django_db
#: Twelve for the page, a transaction (here: a savepoint and its release) and the trace of who looked.
MOST_QUERIES = 18
OURS = [model for model in admin.site._registry if model._meta.app_label not in {"auth", "admin"}]


def _some_of_everything(sudzha: Region, times: int) -> None:
    for _ in range(times):
        household = NamedHouseholdFactory.create(origin=sudzha)
        person = household.people.first()
        ArrivedMovementFactory.create(person=person, origin=sudzha)
        ReportedCasualtyFactory.create(incident__region=sudzha)
        shelter = OpenShelterFactory.create(region=sudzha)
        OpenStayFactory.create(person=person, shelter=shelter)
        HeadcountFactory.create(shelter=shelter)
        ClaimFactory.create(region=sudzha)
        AreaStatusFactory.create(region=sudzha)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_list_costs_the_same_for_one_row_and_for_many(model: type[Model]) -> None:
    sudzha = region("RU-KRS-SUDZHANSKY")
    desk = desk_of(almighty())
    _some_of_everything(sudzha, 1)
    desk.get(list_url(model))
    with CaptureQueriesContext(connection) as few:
        assert desk.get(list_url(model)).status_code == 200
    _some_of_everything(sudzha, 5)
    with CaptureQueriesContext(connection) as many:
        desk.get(list_url(model))
    assert len(many) <= len(few) <= MOST_QUERIES


@pytest.mark.parametrize(
    "model",
    [
        Household,
        Person,
        Movement,
        Incident,
        Casualty,
        Claim,
        Shelter,
        ShelterState,
        Stay,
        Headcount,
        AreaStatus,
        Region,
    ],
    ids=lambda model: model._meta.label,
)
@pytest.mark.parametrize("text", ["Sudzha", "Суджа", "sudja", "RU-KRS-SUDZHANSKY"])
def test_a_list_finds_a_place_in_either_alphabet(model: type[Model], text: str) -> None:
    _some_of_everything(region("RU-KRS-SUDZHANSKY"), 1)
    desk = desk_of(almighty())
    found = desk.get(list_url(model), {"q": text}).context["cl"].result_list
    nowhere = desk.get(list_url(model), {"q": "Glushkovo"}).context["cl"].result_list
    assert len(found) >= 1
    assert len(nowhere) == 0


@pytest.mark.parametrize("text", ["petrenko", "Петренко Ив", "ivan petr"])
def test_people_are_found_by_name_in_either_alphabet(text: str) -> None:
    wanted = PersonFactory.create(family_name="Петренко", given_name="Иван")
    PersonFactory.create(family_name="Сидоренко", given_name="Иван")
    found = desk_of(almighty()).get(list_url(Person), {"q": text})
    assert list(found.context["cl"].result_list) == [wanted]


def test_people_and_households_are_found_by_their_number() -> None:
    person, other = PersonFactory.create(), PersonFactory.create()
    desk = desk_of(almighty())
    assert list(desk.get(list_url(Person), {"q": person.number.lower()}).context["cl"].result_list) == [
        person
    ]
    found = (
        desk.get(list_url(Household), {"q": other.household.number.replace("-", " ")})
        .context["cl"]
        .result_list
    )
    assert list(found) == [other.household]


def test_a_region_filter_takes_all_below() -> None:
    inside = HouseholdFactory.create(origin=region("RU-KRS-SUDZHANSKY"))
    HouseholdFactory.create(origin=region("UA-59-SUMSKYI"))
    desk = desk_of(almighty())
    page = desk.get(list_url(Household), {"origin": "RU-KRS"})
    assert list(page.context["cl"].result_list) == [inside]
    offered = page.content.decode()
    assert 'value="RU-KRS-SUDZHANSKY"' in offered
    assert 'value="RU-KRS-GLUSHKOVSKY"' not in offered, "only regions that occur, and those above them"


def test_a_long_list_is_not_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "REACH", 3)
    for _ in range(6):
        HouseholdFactory.create()
    page = desk_of(almighty()).get(list_url(Household))
    assert page.context["cl"].result_count == 4
    assert "More than 3 households" in words(page)


def test_a_list_holds_the_own_organisation_only() -> None:
    own = OrganisationFactory.create()
    mine = HouseholdFactory.create(organisation=own)
    HouseholdFactory.create()
    page = desk_of(user_in_role(Role.REGISTRAR, organisation=own)).get(list_url(Household))
    assert list(page.context["cl"].result_list) == [mine]


def test_voided_records_are_out_of_sight_until_asked_for() -> None:
    gone = HouseholdFactory.create(voided=True)
    stands = HouseholdFactory.create()
    desk = desk_of(almighty())

    def shown(**query: Any) -> set[Any]:
        return set(desk.get(list_url(Household), query).context["cl"].result_list)

    assert (shown(), shown(voided="only"), shown(voided="all")) == ({stands}, {gone}, {stands, gone})


def test_the_trail_is_searched_by_record_and_actor() -> None:
    auditor = user_in_role(Role.AUDITOR)
    mine = AuditEvent.objects.create(
        actor_id=auditor.pk, action="register", object_type="displacement.household", object_id="a"
    )
    AuditEvent.objects.create(
        actor_id=OrganisationFactory.create().pk, action="void", object_type="x", object_id="b"
    )
    desk = desk_of(auditor)
    for text in (str(auditor.pk), "register", "a"):
        assert list(desk.get(list_url(AuditEvent), {"q": text}).context["cl"].result_list) == [mine]
