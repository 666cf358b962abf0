"""An organisation with people, and those who ask for exports and approve them."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organisation, User
from core.clock import database_now
from displacement.models import Household, Person
from displacement.models.honey import LATELY
from roster.actions.exports import approve, ask
from roster.actions.making import make_due
from roster.models import PeopleExport
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import region


@pytest.fixture(autouse=True)
def _decoys_are_asked_anew() -> None:
    """A week goes by in each test, not a moment."""
    LATELY.forget()


@pytest.fixture
def people(own: Organisation) -> list[Person]:
    """Two of one household, one of whom somebody called by a formula."""
    house: Household = HouseholdFactory.create(organisation=own, phone="+7 900 555 01 47")
    both = {"household": house, "organisation": own}
    PersonFactory.create()  # of another organisation
    return [
        PersonFactory.create(**both, family_name="=HYPERLINK(1)", given_name="Оль\nга"),
        PersonFactory.create(**both, family_name="Петренко, мл.", given_name="Иван"),
    ]


def asked(own: Organisation, by: User, **told: Any) -> PeopleExport:
    """An export of everybody, for two days."""
    wanted: dict[str, Any] = {
        "region": region("RU-KRS"),
        "columns": ["number", "family_name", "given_name"],
        "recipients": "own",
        "purpose": "Heating for the winter: the fund checks names at the door.",
        "needed_until": database_now() + timedelta(days=2),
    }
    return ask(organisation=own, by=by, **(wanted | told))


@pytest.fixture
def ready(own: Organisation, people: list[Person], clerk: User, officer: User) -> PeopleExport:
    """One that was asked for, approved and made."""
    export = approve(export=asked(own, clerk), by=officer)
    assert make_due() == 1
    export.refresh_from_db()
    return export
