"""The list of sharing agreements over the API: for both sides, as each stands now, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organisation
from accounts.policy import Role
from core.clock import database_now
from displacement.actions import people
from displacement.models.consent import Purpose
from exchange.actions import agreements
from exchange.models import Agreement
from tests.accounts.test_clients import asked
from tests.api.conftest import client_of
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import GivenConsentFactory
from tests.factories.regions import kursk_tree, region
from tests.factories.sharing import DAY, agreement_of, consenting

pytestmark = pytest.mark.django_db


def token_for(organisation: Organisation) -> str:
    """Of a client of the organisation."""
    return token_of(partner_client(organisation)[0])


def test_both_sides_read_what_is_agreed_and_nobody_else_does() -> None:
    kursk_tree()
    giving, receiving, stranger = OrganisationFactory.create_batch(3)
    made = agreement_of(giving, receiving, fields=["given_name", "sex"], regions=[region("RU-KRS")])
    tokens = [token_for(each) for each in (giving, receiving, stranger)]
    rows: list[Any] = [asked(each, "agreements/").json()["results"] for each in tokens]
    assert rows[0] == rows[1]
    assert rows[2] == []
    [row] = rows[0]
    assert {name: row[name] for name in ("giving", "receiving", "purpose", "kinds", "fields", "regions")} == {
        "giving": giving.short_name,
        "receiving": receiving.short_name,
        "purpose": "Finding relatives.",
        "kinds": ["shared-person"],
        "fields": ["given_name", "sex"],
        "regions": ["RU-KRS"],
    }
    assert not [name for name in row if name.endswith("_by")]
    address = f"agreements/{made.pk}/"
    assert asked(tokens[1], address).json() == row
    assert asked(tokens[2], address).status_code == 404
    narrow, _secret = partner_client(giving, name="Claims")
    assert asked(token_of(narrow, "claims:read"), address).json()["code"] == "scope_needed"


def test_it_says_how_each_stands_and_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    administrator = user_in_role(Role.ORGANISATION_ADMIN, organisation=giving)
    waits = agreement_of(giving, receiving, is_accepted=False)
    to_come, in_force, over, ended = (agreement_of(giving, receiving) for _ in range(4))
    now = database_now()
    Agreement.objects.filter(pk=to_come.pk).update(valid_from=now + DAY / 2)
    Agreement.objects.filter(pk=over.pk).update(valid_until=now - timedelta(seconds=1))
    agreements.end(agreement=ended, reason="The search is over.", by=administrator)
    client = client_of(administrator)
    with django_assert_max_num_queries(7):
        rows = client.get("/api/v1/agreements/").json()["results"]
    states = {row["id"]: row["state"] for row in rows}
    assert states == {
        str(waits.pk): "waits",
        str(to_come.pk): "to_come",
        str(in_force.pk): "in_force",
        str(over.pk): "over",
        str(ended.pk): "ended",
    }


def test_copies_of_shared_people_stay_true_by_their_versions() -> None:
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    agreement_of(giving, receiving)
    kept, withdrawn = consenting(giving), consenting(giving)
    token = token_for(receiving)

    def versions() -> dict[str, int]:
        rows = asked(token, "shared-people/?fields=version").json()["results"]
        return {row["id"]: row["version"] for row in rows}

    assert versions() == {str(kept.pk): 1, str(withdrawn.pk): 1}
    people.change(person=kept, version=1, by=almighty(), given_name="Ганна")
    GivenConsentFactory.create(
        household=withdrawn.household,
        purpose=Purpose.PARTNERS,
        is_given=False,
        occurred_at=database_now(),
    )
    assert versions() == {str(kept.pk): 2}
