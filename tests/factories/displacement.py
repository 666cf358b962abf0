"""The register, casualties and claims, each factory named for a state. They write rows past the actions."""

from datetime import date, datetime, timedelta
from typing import Any

import factory
from django.db import connection
from factory.django import DjangoModelFactory
from uuid6 import uuid7

from displacement.models import (
    Casualty,
    CasualtySource,
    CasualtyStep,
    Claim,
    ClaimChoice,
    ClaimLink,
    Consent,
    ExpectedReport,
    Household,
    HouseholdGroup,
    IdentityDocument,
    Incident,
    Movement,
    Person,
    PersonNeed,
    Source,
    SpecificNeed,
)
from displacement.models.casualty import CivilianStatus, Outcome, Rung
from displacement.models.claim import (
    ClaimIndicator,
    ClaimKind,
    ClaimQualifier,
    ClaimRelation,
    SourceType,
)
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from displacement.models.document import DocumentKind
from displacement.models.movement import MovementKind, PlaceKind
from displacement.models.person import BirthPrecision, Relationship
from tests.factories.accounts import OrganisationFactory
from tests.factories.facts import KURSK_MORNING, FactFactory
from tests.factories.regions import region


def _serial() -> int:
    """The next of the registration sequence, as the register itself draws them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('displacement_registration_serial')")
        return int(cursor.fetchone()[0])


class HouseholdFactory(FactFactory[Household]):
    """A household from Sudzhansky District, registered in Kursk, nobody in it yet."""

    class Meta:
        model = Household

    serial = factory.LazyFunction(_serial)
    organisation = factory.SubFactory(OrganisationFactory)
    registered_in = factory.LazyFunction(lambda: region("RU-KRS-KURSK"))
    origin = factory.LazyFunction(lambda: region("RU-KRS-SUDZHANSKY"))


class HouseholdGroupFactory(FactFactory[HouseholdGroup]):
    """Two women of working age."""

    class Meta:
        model = HouseholdGroup

    household = factory.SubFactory(HouseholdFactory)
    sex = Sex.FEMALE
    age_band = AgeBand.FROM_18
    people = 2


class CountedHouseholdFactory(HouseholdFactory):
    """A household that is only counted: two women and a boy of five to eleven."""

    class Meta:
        model = Household
        skip_postgeneration_save = True

    @factory.post_generation
    def groups(self, create: bool, extracted: list[tuple[int, str, str]] | None, **_kwargs: object) -> None:
        """The groups given as (people, sex, age band), or the usual three people."""
        usual = [(2, Sex.FEMALE, AgeBand.FROM_18), (1, Sex.MALE, AgeBand.FROM_5)]
        for people, sex, band in (extracted if extracted is not None else usual) if create else []:
            HouseholdGroupFactory.create(
                household=self, people=people, sex=sex, age_band=band, occurred_at=self.occurred_at
            )


class PersonFactory(FactFactory[Person]):
    """A woman of 44 with one day of birth, in a household of her own."""

    class Meta:
        model = Person

    serial = factory.LazyFunction(_serial)
    household = factory.SubFactory(HouseholdFactory)
    organisation = factory.SelfAttribute("household.organisation")
    relationship = Relationship.HEAD
    given_name = factory.Iterator(["Олена", "Мария", "Ivan", "Halyna", "Сергей", "Dmytro"])
    family_name = factory.Sequence(lambda n: f"Ковальчук{'абвгдежзик'[n % 10]}")
    sex = Sex.FEMALE
    birth_date = date(1980, 3, 14)
    birth_precision = BirthPrecision.DAY


class ChildFactory(PersonFactory):
    """A boy of seven."""

    relationship = Relationship.CHILD
    sex = Sex.MALE
    birth_date = date(2017, 5, 2)


class NamedHouseholdFactory(HouseholdFactory):
    """A household of a mother and her son, both named."""

    class Meta:
        model = Household
        skip_postgeneration_save = True

    @factory.post_generation
    def people(self, create: bool, extracted: list[dict[str, Any]] | None, **_kwargs: object) -> None:
        """Persons from the given fields, or the usual two."""
        if create and extracted is None:
            PersonFactory.create(household=self, occurred_at=self.occurred_at)
            ChildFactory.create(household=self, occurred_at=self.occurred_at)
        for fields in (extracted or []) if create else []:
            PersonFactory.create(**{"household": self, "occurred_at": self.occurred_at, **fields})


class MovementFactory(FactFactory[Movement]):
    """A person left Sudzhansky District; give `household=` and `person=None` for a counted household."""

    class Meta:
        model = Movement

    person = factory.SubFactory(PersonFactory)
    kind = MovementKind.LEFT
    origin = factory.LazyFunction(lambda: region("RU-KRS-SUDZHANSKY"))


class ArrivedMovementFactory(MovementFactory):
    """A person arrived in the city of Kursk, with relatives."""

    kind = MovementKind.ARRIVED
    destination = factory.LazyFunction(lambda: region("RU-KRS-KURSK"))
    place = PlaceKind.RELATIVES


class ReturnedMovementFactory(MovementFactory):
    """A person went home."""

    kind = MovementKind.RETURNED


class CountedMovementFactory(MovementFactory):
    """A counted household of three left Sudzhansky District."""

    person = None
    household = factory.SubFactory(CountedHouseholdFactory)


class SpecificNeedFactory(DjangoModelFactory[SpecificNeed]):
    """A disability."""

    class Meta:
        model = SpecificNeed
        django_get_or_create = ("code",)

    code = "DS"
    group = "Disability"
    name_en = "Person with a disability"


class PersonNeedFactory(FactFactory[PersonNeed]):
    """A person with a disability."""

    class Meta:
        model = PersonNeed

    person = factory.SubFactory(PersonFactory)
    need = factory.SubFactory(SpecificNeedFactory)


class IdentityDocumentFactory(FactFactory[IdentityDocument]):
    """The passport of a person."""

    class Meta:
        model = IdentityDocument

    person = factory.SubFactory(PersonFactory)
    kind = DocumentKind.PASSPORT
    country = "UA"
    number = factory.Sequence(lambda n: f"МР {700_000 + n}")


class GivenConsentFactory(FactFactory[Consent]):
    """Agreed to help by this organisation."""

    class Meta:
        model = Consent

    household = factory.SubFactory(HouseholdFactory)
    purpose = Purpose.SERVICE
    is_given = True
    text_version = "2024-08"


class SourceFactory(DjangoModelFactory[Source]):
    """A governor's office."""

    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")
    type = SourceType.GOVERNOR


class IncidentFactory(FactFactory[Incident]):
    """Something that hurt people in Sudzhansky District."""

    class Meta:
        model = Incident

    organisation = factory.SubFactory(OrganisationFactory)
    region = factory.LazyFunction(lambda: region("RU-KRS-SUDZHANSKY"))


class AllegedCasualtyFactory(FactFactory[Casualty]):
    """One civilian, said to be killed; with the step that says so."""

    class Meta:
        model = Casualty
        skip_postgeneration_save = True

    incident = factory.SubFactory(IncidentFactory)
    outcome = Outcome.KILLED
    civilian_status = CivilianStatus.CIVILIAN
    rung = Rung.ALLEGED

    @factory.post_generation
    def steps(self, create: bool, extracted: list[tuple[str, datetime]] | None, **_kwargs: object) -> None:
        """The steps given as (rung, moment), or every rung up to its own, a minute apart."""
        ladder = [Rung.ALLEGED, Rung.REPORTED, Rung.CORROBORATED, Rung.VERIFIED]
        climbed = (
            ladder[: ladder.index(Rung(self.rung)) + 1]
            if self.rung in ladder
            else [Rung.ALLEGED, Rung.REFUTED]
        )
        usual = [(rung, self.occurred_at + timedelta(minutes=n)) for n, rung in enumerate(climbed)]
        for rung, moment in (extracted if extracted is not None else usual) if create else []:
            CasualtyStepFactory.create(casualty=self, rung=rung, occurred_at=moment)


class CasualtyStepFactory(FactFactory[CasualtyStep]):
    """A step of the ladder."""

    class Meta:
        model = CasualtyStep

    casualty = factory.SubFactory(AllegedCasualtyFactory)
    rung = Rung.REPORTED


class CasualtySourceFactory(FactFactory[CasualtySource]):
    """A source that tells who, what, when and where in its own words."""

    class Meta:
        model = CasualtySource

    casualty = factory.SubFactory(AllegedCasualtyFactory)
    source = factory.SubFactory(SourceFactory)
    supports_who = True
    supports_what = True
    supports_when = True
    supports_where = True


class ReportedCasualtyFactory(AllegedCasualtyFactory):
    """Told by one source."""

    rung = Rung.REPORTED

    @factory.post_generation
    def sources(self, create: bool, extracted: int | None, **_kwargs: object) -> None:
        """So many independent sources that tell everything."""
        usual = 1 if self.rung == Rung.REPORTED else 2
        for _ in range((usual if extracted is None else extracted) if create else 0):
            CasualtySourceFactory.create(casualty=self, occurred_at=self.occurred_at)


class CorroboratedCasualtyFactory(ReportedCasualtyFactory):
    """Told by two independent sources: ready to be verified."""

    rung = Rung.CORROBORATED


class VerifiedCasualtyFactory(ReportedCasualtyFactory):
    """Verified by somebody other than its recorder."""

    rung = Rung.VERIFIED
    verified_at = factory.LazyAttribute(lambda casualty: casualty.occurred_at)
    verified_by = factory.LazyFunction(uuid7)


class RefutedCasualtyFactory(AllegedCasualtyFactory):
    """Said, looked into, and not so."""

    rung = Rung.REFUTED


class ClaimFactory(DjangoModelFactory[Claim]):
    """About 121,000 evacuated from Kursk oblast since the start."""

    class Meta:
        model = Claim

    source = factory.SubFactory(SourceFactory)
    region = factory.LazyFunction(lambda: region("RU-KRS"))
    indicator = ClaimIndicator.EVACUATED
    kind = ClaimKind.CUMULATIVE
    qualifier = ClaimQualifier.ABOUT
    value = 121_000
    as_of = KURSK_MORNING
    published_at = factory.LazyAttribute(lambda claim: claim.as_of)
    received_at = factory.LazyAttribute(lambda claim: claim.published_at)
    recorded_at = factory.LazyAttribute(lambda claim: claim.received_at)
    recorded_by = factory.LazyFunction(uuid7)


class ExpectedReportFactory(DjangoModelFactory[ExpectedReport]):
    """That the source is expected to say every day how many were evacuated from Kursk oblast."""

    class Meta:
        model = ExpectedReport

    source = factory.SubFactory(SourceFactory)
    region = factory.LazyFunction(lambda: region("RU-KRS"))
    indicator = ClaimIndicator.EVACUATED
    occurred_at = recorded_at = KURSK_MORNING
    recorded_by = factory.LazyFunction(uuid7)


class ClaimChoiceFactory(DjangoModelFactory[ClaimChoice]):
    """That a claim leads since it was said."""

    class Meta:
        model = ClaimChoice

    claim = factory.SubFactory(ClaimFactory)
    reason = "It names the districts that it counts."
    occurred_at = factory.LazyAttribute(lambda choice: choice.claim.as_of)
    recorded_at = factory.LazyAttribute(lambda choice: choice.claim.received_at)
    recorded_by = factory.LazyFunction(uuid7)


class KilledClaimFactory(ClaimFactory):
    """At least 12 killed."""

    indicator = ClaimIndicator.KILLED
    qualifier = ClaimQualifier.AT_LEAST
    value = 12


class RangeClaimFactory(ClaimFactory):
    """Between 8,000 and 10,000 remaining."""

    indicator = ClaimIndicator.REMAINING
    kind = ClaimKind.STOCK
    qualifier = ClaimQualifier.RANGE
    value = None
    value_min = 8_000
    value_max = 10_000


class RetractionFactory(DjangoModelFactory[ClaimLink]):
    """A claim that takes another back."""

    class Meta:
        model = ClaimLink

    claim = factory.SubFactory(ClaimFactory)
    target = factory.SubFactory(ClaimFactory)
    relation = ClaimRelation.RETRACTS
    reason = "The office withdrew the number."
    recorded_at = factory.LazyAttribute(lambda link: link.claim.received_at)
    recorded_by = factory.LazyFunction(uuid7)
