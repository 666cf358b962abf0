"""Splitting and joining households on the desk."""

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.models import Household, HouseholdJoin, Person
from tests.desk.pages import act_url, desk_of, record_url, rows, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import CountedHouseholdFactory, NamedHouseholdFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


def _family(registrar: User) -> Household:
    household: Household = NamedHouseholdFactory.create(
        organisation=registrar.memberships.get().organisation, phone="+7 900 000 00 00"
    )
    return household


def test_some_people_get_a_household_of_their_own(registrar: User) -> None:
    household, desk = _family(registrar), desk_of(registrar)
    mother, son = household.people.order_by("pk")
    sent = {"people": [str(son.pk)], "head": str(son.pk), "phone": "+7 911 000 00 00", **rows(groups=[])}
    answer = desk.post(act_url(household, "split"), sent)
    own = Person.objects.get(pk=son.pk).household
    assert answer.headers["Location"] == record_url(own)
    assert (own.phone, household.people.get()) == ("+7 911 000 00 00", mother)
    page = words(desk.get(record_url(household)))
    assert son.full_name in page.split("Went to other households")[1]


def test_counted_people_leave_by_their_number(registrar: User) -> None:
    household = CountedHouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    women = {"people": 2, "sex": "female", "age_band": "18-59"}
    desk_of(registrar).post(act_url(household, "split"), rows(groups=[women]))
    own = Household.objects.exclude(pk=household.pk).get()
    assert own.groups.get().people == 2
    page = desk_of(registrar).post(act_url(own, "split"), rows(groups=[{**women, "people": 3}]))
    assert "So many of this sex and age are not counted here" in words(page)


def test_a_household_is_joined_into_another_and_says_so(registrar: User) -> None:
    household, into = _family(registrar), _family(registrar)
    desk = desk_of(registrar)
    desk.post(act_url(household, "join"), {"into": into.pk, "reason": "one family"})
    assert into.people.count() == 4
    page = desk.get(record_url(household))
    assert f"Joined into: {into.number}" in words(page)
    assert [act.name for act, _url in page.context["acts"]] == ["void", "erase"]


def test_the_household_of_another_organisation_is_not_found(registrar: User) -> None:
    household, theirs = _family(registrar), NamedHouseholdFactory.create()
    page = desk_of(registrar).post(act_url(household, "join"), {"into": theirs.pk, "reason": ""})
    assert "into" in page.context["form"].errors
    assert not HouseholdJoin.objects.exists()


def test_who_may_only_look_is_not_offered_it(registrar: User) -> None:
    household = _family(registrar)
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=household.organisation)
    desk = desk_of(manager)
    assert desk.get(record_url(household)).context["acts"] == []
    assert desk.get(act_url(household, "split")).status_code == 403
