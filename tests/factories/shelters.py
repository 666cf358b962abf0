"""Shelters in every phase, stays and headcounts. They write rows directly; actions have their own tests."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory
from uuid6 import uuid7

from shelters.models import Headcount, ProtectedPlace, Room, Shelter, ShelterState, Stay
from shelters.models.shelter import CoverType, Phase, SiteType
from tests.factories.accounts import OrganisationFactory
from tests.factories.displacement import PersonFactory
from tests.factories.facts import KURSK_MORNING, FactFactory
from tests.factories.regions import region


class ShelterFactory(DjangoModelFactory[Shelter]):
    """A school in the city of Kursk of which nothing more is known."""

    class Meta:
        model = Shelter
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"School {n}")
    region = factory.LazyFunction(lambda: region("RU-KRS-KURSK"))
    organisation = factory.SubFactory(OrganisationFactory)
    site_type = SiteType.SCHOOL


class ShelterStateFactory(FactFactory[ShelterState]):
    """Open with ten places since 6 August."""

    class Meta:
        model = ShelterState

    shelter = factory.SubFactory(ShelterFactory)
    phase = Phase.OPEN
    places_open = 10
    places_set_up = factory.SelfAttribute("places_open")
    places_announced = factory.SelfAttribute("places_open")
    occurred_at = KURSK_MORNING - timedelta(days=2)


class OpenShelterFactory(ShelterFactory):
    """Open with ten places. `state__places_open=3` for another number, None for a number that nobody reported."""

    state = factory.RelatedFactory(ShelterStateFactory, "shelter", phase=Phase.OPEN)


class FullShelterFactory(ShelterFactory):
    """Declared full by its manager."""

    state = factory.RelatedFactory(ShelterStateFactory, "shelter", phase=Phase.FULL)


class PlannedShelterFactory(ShelterFactory):
    """Planned: nobody can sleep there yet."""

    state = factory.RelatedFactory(ShelterStateFactory, "shelter", phase=Phase.PLANNED, places_open=None)


class ClosedShelterFactory(ShelterFactory):
    """Closed."""

    state = factory.RelatedFactory(ShelterStateFactory, "shelter", phase=Phase.CLOSED, places_open=0)


class DamagedShelterFactory(ShelterFactory):
    """Damaged: nobody may sleep there."""

    state = factory.RelatedFactory(ShelterStateFactory, "shelter", phase=Phase.DAMAGED, places_open=0)


class RoomFactory(DjangoModelFactory[Room]):
    """A room with four beds."""

    class Meta:
        model = Room

    shelter = factory.SubFactory(OpenShelterFactory)
    name = factory.Sequence(lambda n: f"Room {n}")
    beds = 4


class OpenStayFactory(FactFactory[Stay]):
    """Somebody who sleeps in an open shelter."""

    class Meta:
        model = Stay

    person = factory.SubFactory(PersonFactory)
    shelter = factory.SubFactory(OpenShelterFactory)


class EndedStayFactory(OpenStayFactory):
    """Somebody who slept there one night and was checked out."""

    ended_at = factory.LazyAttribute(lambda stay: stay.occurred_at + timedelta(days=1))
    ended_recorded_at = factory.SelfAttribute("ended_at")
    ended_by = factory.LazyFunction(uuid7)


class HeadcountFactory(FactFactory[Headcount]):
    """Seven people in, as counted on site."""

    class Meta:
        model = Headcount

    shelter = factory.SubFactory(OpenShelterFactory)
    people = 7


class ProtectedPlaceFactory(FactFactory[ProtectedPlace]):
    """A basement for twenty."""

    class Meta:
        model = ProtectedPlace

    shelter = factory.SubFactory(OpenShelterFactory)
    cover = CoverType.BASEMENT
    places = 20
