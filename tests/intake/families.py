"""Households as a source would hand them over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Organisation
from intake.rows import NewGroup, NewHousehold, NewMovement, NewPerson
from tests.factories.accounts import OrganisationFactory
from tests.factories.regions import region

LEFT_AT = datetime(2024, 8, 8, 6, tzinfo=UTC)
KNOWN_AT = LEFT_AT + timedelta(hours=9)
CLERK = UUID(int=7)


def person(**values: Any) -> NewPerson:
    """Ivan Petrenko, 40, unless said otherwise."""
    return NewPerson(
        **{
            "given_name": "Іван",
            "patronymic": "Олегович",
            "family_name": "Петренко",
            "sex": "male",
            "birth_date": date(1984, 3, 1),
            "birth_precision": "day",
            "relationship": "head",
            **values,
        }
    )


def left() -> NewMovement:
    """Out of Sudzhansky district, on the morning of 8 August."""
    return NewMovement("left", region("RU-KRS-SUDZHANSKY").pk, None, LEFT_AT, KNOWN_AT)


def household(*, organisation: Organisation | None = None, **values: Any) -> NewHousehold:
    """A household registered in Kursk, without people unless said otherwise."""
    return NewHousehold(
        **{
            "organisation_id": (organisation or OrganisationFactory.create()).pk,
            "registered_in_id": region("RU-KRS-KURSK").pk,
            "origin_id": region("RU-KRS-SUDZHANSKY").pk,
            "occurred_at": KNOWN_AT,
            "recorded_at": KNOWN_AT,
            "by": CLERK,
            **values,
        }
    )


def named(**values: Any) -> NewHousehold:
    """A household of two named people who left."""
    wife = person(given_name="Ольга", patronymic="", sex="female", relationship="partner", movements=[left()])
    return household(people=[person(movements=[left()]), wife], **values)


def counted(**values: Any) -> NewHousehold:
    """A household of three who left and of whom only numbers are known."""
    groups = [NewGroup("female", "18-59", 1), NewGroup("not_collected", "5-11", 2)]
    return household(groups=groups, movements=[left()], **values)
