"""What all factories of dated facts share."""

from datetime import UTC, datetime
from typing import Generic, TypeVar

import factory
from factory.django import DjangoModelFactory
from uuid6 import uuid7

from core.facts import Fact

#: 8 August 2024, 10:00 in Moscow: the moment at which facts happen where a test names no other.
KURSK_MORNING = datetime(2024, 8, 8, 7, tzinfo=UTC)

AnyFact = TypeVar("AnyFact", bound=Fact)


class FactFactory(DjangoModelFactory[AnyFact], Generic[AnyFact]):
    """A fact of the Kursk morning that was learned at once, by somebody."""

    class Meta:
        abstract = True

    class Params:
        voided = factory.Trait(
            voided_at=factory.LazyAttribute(lambda fact: fact.recorded_at),
            voided_by=factory.LazyFunction(uuid7),
            void_reason="a mistake",
        )

    occurred_at = KURSK_MORNING
    recorded_at = factory.LazyAttribute(lambda fact: fact.occurred_at)
    recorded_by = factory.LazyFunction(uuid7)
