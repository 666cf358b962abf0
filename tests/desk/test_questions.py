"""Addresses of lists that are written by hand ask what the filters ask and nothing else: rows would answer by being there."""

import pytest

from accounts.policy import Role
from displacement.models import Incident, Person
from tests.desk.pages import desk_of, list_url
from tests.factories.accounts import user_in_role
from tests.factories.displacement import IncidentFactory, PersonFactory
from tests.factories.shelters import ShelterFactory

pytestmark = pytest.mark.django_db


def _found(role: Role, record: Incident | Person, question: str) -> int | None:
    """How many rows the list of its kind answers with; None where it does not take the question."""
    whose = record.household.organisation if isinstance(record, Person) else record.organisation
    user, model = user_in_role(role, organisation=whose), type(record)
    page = desk_of(user).get(f"{list_url(model)}?{question}")
    if page.status_code != 200:
        assert page.status_code in {302, 400}
        return None
    count: int = page.context["cl"].result_count
    return count


@pytest.mark.parametrize(
    "question",
    ["region__shelters__name__startswith=Zx", "region__claims__isnull=1", "cause__regex=.", "region__name=a"],
)
def test_no_question_goes_on_from_what_a_filter_names(question: str) -> None:
    incident = IncidentFactory.create()
    ShelterFactory.create(region=incident.region, name="Zxqv")
    assert _found(Role.CASUALTY_RECORDER, incident, "") == 1
    assert _found(Role.CASUALTY_RECORDER, incident, question) is None


def test_what_filters_ask_is_answered() -> None:
    """The control."""
    incident, person = IncidentFactory.create(), PersonFactory.create(sex="female")
    for question, found in ((f"region={incident.region.key}", 1), (f"cause__exact={incident.cause}", 1)):
        assert _found(Role.CASUALTY_RECORDER, incident, question) == found, question
    assert _found(Role.REGISTRAR, person, f"sex__exact={person.sex}") == 1
    assert _found(Role.REGISTRAR, person, "voided=all") == 1
