"""Submissions of a Kobo form, sent by its server: households with repeats as members, edits in place of what they replace."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.policy import Role
from displacement.models import Household, Person
from intake.actions.submissions import gather
from tests.api.conftest import client_of
from tests.desk.pages import desk_of
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.journeys.taking import accept, name_columns

pytestmark = pytest.mark.django_db


def _submission(
    number: int, *people: tuple[str, str, str], told: int | None = None, **more: Any
) -> dict[str, Any]:
    """A family as an XLSForm with a repeat group sends it."""
    instance = f"uuid:family-{number}"
    return {
        "_id": number,
        "_uuid": instance[5:],
        "meta/instanceID": instance,
        "_xform_id_string": "reception",
        "_submission_time": "2024-08-09T10:00:00",
        "family/origin": "RU-KRS-SUDZHANSKY",
        "family/left_on": "2024-08-08",
        "family/people_count": str(len(people) if told is None else told),
        "family/people": [
            {
                "family/people/family_name": family,
                "family/people/given_name": given,
                "family/people/birth_date": born,
            }
            for family, given, born in people
        ],
        **more,
    }


def test_submissions_become_households_and_their_members() -> None:
    kursk_tree()
    RunningOperationFactory.create()
    own = OrganisationFactory.create()
    form = KoboFormFactory.create(organisation=own)
    registrar = user_in_role(Role.REGISTRAR, organisation=own)
    server, desk = client_of(user_in_role(Role.PARTNER_SYSTEM, organisation=own)), desk_of(registrar)
    anna, petro = ("Ковальчук", "Анна", "1990-03-14"), ("Ковальчук", "Петро", "2015-05-02")
    wrong = _submission(71, ("Ковальчук", "Ана", "1990-03-14"), petro)
    edited = _submission(71, anna, petro) | {
        "meta/instanceID": "uuid:family-71b",
        "meta/deprecatedID": "uuid:family-71",
    }
    other = _submission(72, ("Мельник", "Ганна", "1991-04-07"), told=3)
    address = f"/api/v1/kobo-forms/{form.pk}/submissions/"
    for payload in (wrong, edited, other, other):
        assert server.post(address, payload).status_code == 202
    batch = name_columns(desk, gather(form=form, by=registrar))
    assert batch.counts["refused"] == 0, list(batch.findings.values_list("row", "column", "code"))
    (differs,) = batch.findings.filter(code="counts_differ").values_list("row", flat=True).distinct()
    assert differs == batch.rows.latest("number").number
    accept(desk, batch, "warnings")
    assert set(Person.objects.values_list("given_name", flat=True)) == {"Анна", "Петро", "Ганна"}
    assert Household.objects.count() == 2
    assert desk.get(reverse("admin:intake_koboform_changelist")).status_code == 200
