"""Lists: pages, orders, filters, and what they cost."""

import base64
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.authentication import is_partner_system
from accounts.field_classes import telling_of_people
from accounts.models import User
from displacement.models import Household, Incident
from displacement.models.honey import hidden_from
from tests.api.conftest import ClientAs, client_of, reader_of
from tests.api.route import Route
from tests.api.routes import READS
from tests.api.test_input import faults
from tests.api.world import World
from tests.factories.accounts import almighty
from tests.factories.displacement import CountedHouseholdFactory, IncidentFactory, PersonFactory
from tests.factories.regions import region

LISTS = [route for route in READS if not route.record and not route.path.startswith(("figures", "changes"))]
DETAILS = [route for route in READS if route.record and not route.is_for_sender]
#: Queries beside the session, the user and the scopes: one for the rows, which leaves the trace of a reading too, and those of
#: nested lists. What is hidden from a partner's system, which whoever asks here is, too, was asked a moment before.
LIST_QUERIES = {
    "operations/": 2,
    "shelters/": 2,
    "subscriptions/": 2,
    "shared-people/": 4,
}
DETAIL_QUERIES = {
    "regions/{}/": 3,
    "operations/{}/": 2,
    "households/{}/": 4,
    "people/{}/": 3,
    "agreements/{}/": 2,
    "shared-people/{}/": 5,
    "shelters/{}/": 4,
    "casualties/{}/": 3,
    "claims/{}/": 3,
    "batches/{}/": 2,
    "batches/{}/findings/": 2,
    "editions/{}/": 4,
    "subscriptions/{}/": 2,
    "errata/{}/": 2,
    "editions/{}/compare/": 2,
    "editions/{}/files/text/": 2,
}
SIGN_IN, TOKEN = 3, 1
#: A record that tells of people is read in a transaction (here: a savepoint and its release) with one INSERT more.
TRACE = 3


@pytest.fixture
def admin(world: World) -> User:
    """Somebody who sees everything."""
    user: User = almighty()
    hidden_from(user)
    return user


def queries(user: User, url: str) -> int:
    """How many queries one GET takes."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen) - (TOKEN if is_partner_system(user) else SIGN_IN)


def trace_of(route: Route) -> int:
    """Queries that the trace of a reading of one record takes."""
    kind = "displacement.person" if route.path.startswith("shared-people/") else route.resource
    return TRACE if kind in telling_of_people() else 0


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_list_costs_the_same_for_one_row_and_for_many(route: Route, world: World, admin: User) -> None:
    expected, reader = LIST_QUERIES.get(route.path, 1), reader_of(route, world, admin)
    assert queries(reader, route.url(world)) == expected
    for _ in range(3):
        World(organisation=world.organisation)
    assert queries(reader, route.url(world)) == expected


@pytest.mark.parametrize("route", DETAILS, ids=str)
def test_a_detail_costs_what_it_says(route: Route, world: World, admin: User) -> None:
    PersonFactory.create_batch(3, household=world.household)
    assert queries(reader_of(route, world, admin), route.url(world)) == DETAIL_QUERIES.get(
        route.path, 1
    ) + trace_of(route)


def test_pages_show_each_row_once_while_rows_are_added(world: World, admin: User) -> None:
    client = client_of(admin)
    IncidentFactory.create_batch(7, organisation=world.organisation)
    before = {str(pk) for pk in Incident.objects.values_list("pk", flat=True)}
    for order in ("-id", "id", "-occurred_at", "occurred_at"):
        url, seen = f"/api/v1/incidents/?page_size=2&ordering={order}", []
        while url:
            page = client.get(url).json()
            seen += [row["id"] for row in page["results"]]
            url = page["next"]
            if order == "-id":
                IncidentFactory.create()
        assert before <= set(seen), order
        assert len(seen) == len(set(seen)), order


def test_a_page_leads_back_to_the_one_before(world: World, admin: User) -> None:
    client = client_of(admin)
    IncidentFactory.create_batch(5, organisation=world.organisation)
    for order in ("-id", "occurred_at"):
        first = client.get(f"/api/v1/incidents/?page_size=3&ordering={order}").json()
        second = client.get(first["next"]).json()
        assert first["previous"] is None
        back = client.get(second["previous"]).json()
        assert back["results"] == first["results"]
        assert back["previous"] is None
        assert client.get(back["next"]).json()["results"] == second["results"]


def test_a_region_costs_two_queries_more(world: World, admin: User) -> None:
    assert queries(admin, "/api/v1/people/?region=RU-KRS") == LIST_QUERIES.get("people/", 1) + 2


def forged(*parts: Any) -> str:
    """A cursor that we did not write."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "",
        "A" * 2000,
        forged("-id", ["' OR 1=1 --"], False),
        forged("phone", ["+7"], False),
        forged("-id", [], False),
        forged("-id", [["a"]], False),
        forged("-occurred_at", ["0001-01-01T00:00:00+14:00", "x"], False),
        forged("-occurred_at", ["infinity", "01917e2b-0000-7000-8000-000000000000"], True),
        forged("-occurred_at", ["2024-08-08T07:00:00", "01917e2b-0000-7000-8000-000000000000"], False),
        forged("-occurred_at", ["2024-08-08", "01917e2b-0000-7000-8000-000000000000"], False),
        forged("-id"),
        forged(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
    ids=range(15),
)
def test_a_forged_cursor_is_refused(cursor: str, admin: User) -> None:
    answer = client_of(admin).get("/api/v1/incidents/", {"cursor": cursor})
    assert answer.status_code == 400
    assert faults(answer) == {"cursor": "bad_cursor"}


def test_a_cursor_that_is_no_text_is_refused(admin: User) -> None:
    """Half of a pair of surrogates can be written in JSON, and not be sent to PostgreSQL."""
    cursor = forged("name", ["\ud800", "01917e2b-0000-7000-8000-000000000000"], False)
    answer = client_of(admin).get("/api/v1/shelters/", {"cursor": cursor})
    assert answer.status_code == 400
    assert faults(answer) == {"cursor": "bad_cursor"}


@pytest.mark.parametrize(
    ("address", "place", "code"),
    [
        ("?fields=*", "fields", "unknown_field"),
        ("?format=json", "format", "unknown_parameter"),
        ("?phone=Zxqvky", "phone", "unknown_parameter"),
        ("?household__phone=1", "household__phone", "unknown_parameter"),
        ("?ordering=phone", "ordering", "invalid_choice"),
        ("?ordering=-id&ordering=id", "ordering", "given_twice"),
        ("?page_size=100000", "page_size", "out_of_range"),
        ("?page_size=0", "page_size", "out_of_range"),
        ("?page_size=-1", "page_size", "out_of_range"),
        ("?page_size=²", "page_size", "out_of_range"),
        ("?region=Zxqvky", "region", "unknown_region"),
        ("?region=%00", "region", "null_characters_not_allowed"),
        ("?occurred_from=2024-08-12T18:00:00", "occurred_from", "no_zone"),
        ("?occurred_from=2024-08-12T18:00:00+03:00", "occurred_from", "no_zone"),
        ("?occurred_from=2024-31-31T18:00:00Z", "occurred_from", "no_zone"),
        ("?occurred_before=0001-01-01T00:00:00%2B14:00", "occurred_before", "out_of_range"),
        ("?voided=perhaps", "voided", "not_listed"),
        ("?method=Zxqvky", "method", "not_listed"),
        ("?number=7777-7777", "number", "bad_number"),
    ],
)
def test_an_address_that_is_not_understood(address: str, place: str, code: str, admin: User) -> None:
    answer = client_of(admin).get(f"/api/v1/households/{address}")
    assert answer.status_code == 400
    assert faults(answer) == {place: code}
    assert "Zxqvky" not in answer.content.decode().replace(answer.json()["instance"], "")


def test_the_unknown_parameter_is_answered_with_those_that_exist(admin: User) -> None:
    answer = client_of(admin).get("/api/v1/stays/?name=x").json()
    assert "cursor, fields, occurred_before, occurred_from, open, ordering" in answer["errors"][0]["detail"]


def test_filters_reach_below_a_region_and_across_alphabets(world: World, admin: User) -> None:
    elsewhere = CountedHouseholdFactory.create(registered_in=region("UA-59"), origin=region("UA-59-SUMSKYI"))
    client = client_of(admin)

    def found(**parameters: str) -> set[str]:
        return {row["id"] for row in client.get("/api/v1/households/", parameters).json()["results"]}

    everybody = found()
    assert found(region="RU001006") == everybody - {str(elsewhere.pk)}
    assert found(origin="Сумская область") == {str(elsewhere.pk)}
    assert found(number=elsewhere.number.lower()) == {str(elsewhere.pk)}


def test_filters_bound_both_times_and_tell_void_from_standing(world: World, admin: User) -> None:
    voided = CountedHouseholdFactory.create(voided=True)
    client = client_of(admin)

    def found(**parameters: str) -> set[str]:
        return {row["id"] for row in client.get("/api/v1/households/", parameters).json()["results"]}

    assert found(voided="true") == {str(voided.pk)}
    assert found(voided="false") == found() - {str(voided.pk)}
    at = voided.occurred_at.isoformat()
    assert str(voided.pk) in found(occurred_from=at)
    assert found(occurred_before=at) == set()
    assert found(recorded_before=at) == set()


def test_a_list_names_nobody_s_telephone(world: World, client_as: ClientAs, admin: User) -> None:
    household = Household.objects.get(pk=world.household.pk)
    household.phone = "+7 900 000 00 00"
    household.save()
    client = client_of(admin)
    assert "+7 900" not in client.get("/api/v1/households/").content.decode()
    detail = client.get(f"/api/v1/households/{world.household.pk}/").content.decode()
    assert "•••• 00" in detail
    assert "+7 900" not in detail
    assert "+7 900" not in client.get("/api/v1/people/").content.decode()
