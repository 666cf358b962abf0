"""Whose records somebody sees: own organisation, own region and below, and nothing without a membership."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.policy import Role
from accounts.visibility import NoScope, may
from displacement.models import Casualty, Household, Incident, Movement, Person
from shelters.models import Shelter, Stay
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, user_in_role
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    CountedMovementFactory,
    HouseholdFactory,
    IncidentFactory,
    MovementFactory,
    PersonFactory,
)
from tests.factories.regions import region
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory

pytestmark = pytest.mark.django_db
MODELS: list[Any] = [Household, Person, Movement, Incident, Casualty, Stay, Shelter]
MAKERS: list[Callable[[], object]] = [
    HouseholdFactory.create,
    PersonFactory.create,
    MovementFactory.create,
    IncidentFactory.create,
    AllegedCasualtyFactory.create,
    OpenStayFactory.create,
    OpenShelterFactory.create,
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_asking_for_nobody_is_a_mistake_and_not_everything(model: Any, nobody: Any) -> None:
    with pytest.raises(NoScope):
        model.objects.visible_to(nobody)


@pytest.mark.parametrize("model", MODELS)
def test_an_account_that_is_switched_off_is_nobody(model: Any) -> None:
    with pytest.raises(NoScope):
        model.objects.visible_to(user_in_role(Role.REGISTRAR, is_active=False))


@pytest.mark.parametrize(("model", "make"), list(zip(MODELS, MAKERS, strict=True)))
def test_without_a_membership_nothing_is_seen_and_a_superuser_no_person(
    model: Any, make: Callable[[], object]
) -> None:
    make()
    assert not model.objects.visible_to(UserFactory.create()).exists()
    root = UserFactory.create(is_superuser=True)
    assert not model.objects.visible_to(root).exists()


def test_people_of_the_own_organisation_only() -> None:
    own, _other = PersonFactory.create(), PersonFactory.create()
    registrar = user_in_role(Role.REGISTRAR, organisation=own.organisation)
    assert list(Person.objects.visible_to(registrar)) == [own]
    assert list(Household.objects.visible_to(registrar)) == [own.household]


def test_the_region_and_all_below_it() -> None:
    organisation = OrganisationFactory.create()
    here = HouseholdFactory.create(organisation=organisation, registered_in=region("RU-KRS-KURSK"))
    HouseholdFactory.create(organisation=organisation, registered_in=region("RU-ORL"))
    registrar = user_in_role(Role.REGISTRAR, organisation=organisation, region=region("RU-KRS"))
    assert list(Household.objects.visible_to(registrar)) == [here]


def test_several_memberships_add_up() -> None:
    first, second, _third = PersonFactory.create(), PersonFactory.create(), PersonFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=first.organisation)
    MembershipFactory.create(user=user, organisation=second.organisation, role=Role.CASEWORKER)
    assert set(Person.objects.visible_to(user)) == {first, second}


def test_movements_of_own_people_and_own_counted_households() -> None:
    organisation = OrganisationFactory.create()
    of_person = MovementFactory.create(person__household__organisation=organisation)
    counted = CountedMovementFactory.create(household__organisation=organisation)
    MovementFactory.create()
    registrar = user_in_role(Role.REGISTRAR, organisation=organisation)
    assert set(Movement.objects.visible_to(registrar)) == {of_person, counted}


def test_stays_in_own_shelters_or_of_own_people_and_no_roster_of_others() -> None:
    organisation = OrganisationFactory.create()
    guest = OpenStayFactory.create(shelter=OpenShelterFactory.create(organisation=organisation))
    away = OpenStayFactory.create(person__household__organisation=organisation)
    OpenStayFactory.create()
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=organisation)
    assert set(Stay.objects.visible_to(manager)) == {guest, away}


def test_verifiers_see_every_organisations_casualties_in_their_region() -> None:
    here = AllegedCasualtyFactory.create()
    AllegedCasualtyFactory.create(incident__region=region("UA-59"))
    verifier = user_in_role(Role.CASUALTY_VERIFIER, region=region("RU-KRS"))
    assert list(Casualty.objects.visible_to(verifier)) == [here]
    assert not Person.objects.visible_to(verifier).exists()


def test_a_manager_changes_own_shelters_and_a_registrar_none() -> None:
    own, _other = OpenShelterFactory.create(), OpenShelterFactory.create()
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=own.organisation)
    assert list(Shelter.objects.changeable_by(manager)) == [own]
    assert not Shelter.objects.changeable_by(user_in_role(Role.REGISTRAR)).exists()


def test_memberships_are_read_once_per_user(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.get(pk=user_in_role(Role.REGISTRAR).pk)
    with django_assert_num_queries(1):
        assert may(user, "displacement.person", "view")
        assert not may(user, "displacement.casualty", "view")
        Person.objects.visible_to(user)
