"""What the API says of a record that was merged into another."""

import pytest
from django.test import Client

from accounts.policy import Role
from displacement.actions.merging import merge
from tests.api.conftest import client_of
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import MovementFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_merged_record_says_where_the_person_goes_on() -> None:
    own = OrganisationFactory.create()
    client, clerk = Client(), almighty()
    client.force_login(user_in_role(Role.REGISTRAR, organisation=own))
    kept, merged = (PersonFactory.create(household__organisation=own) for _ in range(2))
    MovementFactory.create(person=merged)
    merge(kept=kept, merged=merged, by=clerk)
    one = client.get(f"/api/v1/people/{merged.pk}/").json()
    assert (one["is_merged"], one["merged_into"]) == (True, str(kept.pk))
    other = client.get(f"/api/v1/people/{kept.pk}/").json()
    assert (other["is_merged"], other["merged_into"]) == (False, None)
    for query in ({}, {"number": merged.number}, {"number": kept.number}):
        found = client.get("/api/v1/people/", query).json()["results"]
        assert [row["id"] for row in found] == [str(kept.pk)], query
    sent = {"person": str(merged.pk), "kind": "arrived", "occurred_at": "2024-08-09T10:00:00Z"}
    answer = client.post("/api/v1/movements/", sent, content_type="application/json")
    assert answer.status_code == 400
    assert kept.number in str(answer.json())
    foreign = PersonFactory.create()
    merge(kept=foreign, merged=kept, by=clerk)
    gone = client.get(f"/api/v1/people/{kept.pk}/")
    assert (gone.json()["is_merged"], gone.json()["merged_into"]) == (True, None)
    assert str(foreign.pk) not in gone.content.decode()
    assert foreign.number not in gone.content.decode()


def test_an_act_on_somebody_merged_into_anothers_record_is_refused_in_words() -> None:
    """The wall hides that record; it is no reason to say that one's own is not there."""
    own, foreign = OrganisationFactory.create(), PersonFactory.create()
    merged = PersonFactory.create(household__organisation=own)
    merge(kept=foreign, merged=merged, by=almighty())
    for client in (
        client_of(user_in_role(role, organisation=own)) for role in (Role.REGISTRAR, Role.PARTNER_SYSTEM)
    ):
        movement = {"person": str(merged.pk), "kind": "arrived", "occurred_at": "2024-08-09T10:00:00Z"}
        correction = {"version": merged.version, "given_name": "Олена"}
        for answer in (
            client.post("/api/v1/movements/", movement, format="json"),
            client.patch(f"/api/v1/people/{merged.pk}/", correction, format="json"),
        ):
            assert answer.status_code == 400
            assert [each["code"] for each in answer.json()["errors"]] == ["merged"]
            assert "another organisation" in answer.content.decode()
            assert foreign.number not in answer.content.decode()
            assert str(foreign.pk) not in answer.content.decode()
