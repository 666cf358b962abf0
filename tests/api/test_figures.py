"""Figures over the API: the issue's shape, both times, and sentences for questions that make no sense."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.policy import Role
from regions.models import Operation
from reports.actions.editions import make_edition, publish
from reports.figures.count import figures_for
from tests.api.conftest import ClientAs
from tests.api.test_input import faults
from tests.api.world import World
from tests.factories.accounts import user_in_role
from tests.factories.displacement import MovementFactory, PersonFactory
from tests.factories.regions import region
from tests.factories.reports import reviewed

FIGURES = "/api/v1/figures/"
FIELDS = {
    *("indicator", "basis", "value", "value_min", "value_max", "qualifier", "unit", "kind", "as_of"),
    *("source", "age_days", "change", "children", "scope", "note", "published_at", "claim"),
    *("reliability", "credibility", "is_chosen", "chosen_because"),
}


@pytest.fixture
def client(client_as: ClientAs) -> APIClient:
    return client_as(Role.AUDITOR)


def figure(answer: Any, indicator: str, basis: str = "registered") -> dict[str, Any]:
    """The one figure of an answer."""
    figures: list[dict[str, Any]] = answer.json()["figures"]
    return next(one for one in figures if (one["indicator"], one["basis"]) == (indicator, basis))


def test_the_answer_has_the_shape_that_programs_read(world: World, client: APIClient) -> None:
    answer = client.get(f"{FIGURES}?region=RU-KRS&as_of=2024-08-12T18:00:00%2B03:00")
    body = answer.json()
    assert set(body) == {"region", "as_of", "known_at", "figures"}
    assert body["region"] == "RU-KRS"
    assert body["as_of"] == "2024-08-12T18:00:00+03:00"
    assert body["known_at"].endswith("+03:00")
    assert {frozenset(one) for one in body["figures"]} == {frozenset(FIELDS)}
    assert figure(answer, "displaced")["value"] == 1
    evacuated = figure(answer, "evacuated", "claimed")
    assert (evacuated["value"], evacuated["qualifier"]) == (121_000, "about")
    assert evacuated["claim"] == str(world.claim.pk)
    assert evacuated["age_days"] == 4
    assert evacuated["as_of"] == "2024-08-08T10:00:00+03:00"


def test_the_figures_are_those_that_everything_else_shows(world: World, client: APIClient) -> None:
    at = datetime(2024, 8, 12, 15, tzinfo=UTC)
    counted = figures_for(region("RU-KRS"), as_of=at, known_at=at, operation=world.operation)
    answer = client.get(FIGURES, {"region": "RU-KRS", "as_of": at.isoformat(), "known_at": at.isoformat()})
    shown = [(one["indicator"], one["basis"], one["value"]) for one in answer.json()["figures"]]
    assert shown == [(one.indicator, one.basis, one.value) for one in counted]


def test_a_day_means_its_end_on_the_operation_s_clock(world: World, client: APIClient) -> None:
    answer = client.get(FIGURES, {"region": "Курская область", "as_of": "2024-08-12"})
    assert answer.json()["as_of"] == "2024-08-12T23:59:59.999999+03:00"


def test_an_operation_that_is_over_is_asked_as_of_its_end(world: World, client: APIClient) -> None:
    Operation.objects.update(ends_on=datetime(2024, 8, 14, tzinfo=UTC).date())
    answer = client.get(FIGURES, {"region": "RU-KRS"})
    assert answer.json()["as_of"] == "2024-08-14T23:59:59.999999+03:00"


def test_what_was_not_known_yet_is_not_counted(world: World, client: APIClient) -> None:
    times = {"as_of": "2024-08-08T06:59:59Z", "known_at": "2024-08-12T00:00:00Z"}
    assert figure(client.get(FIGURES, {"region": "RU-KRS", **times}), "displaced")["value"] == 0


def test_the_change_is_against_the_last_published_report(world: World, client: APIClient) -> None:
    day = datetime(2024, 8, 12, 15, tzinfo=UTC)
    question = {"region": "RU-KRS", "as_of": day.isoformat()}
    author, reviewer = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER)
    edition = make_edition(
        operation=world.operation, region=world.region, local_day=date(2024, 8, 11), by=author
    )
    for person in PersonFactory.create_batch(2):
        MovementFactory.create(person=person, occurred_at=day)
    assert figure(client.get(FIGURES, question), "displaced")["change"] is None, "a draft is no report yet"
    publish(edition=reviewed(edition), by=reviewer, is_mailed=False)
    assert figure(client.get(FIGURES, question), "displaced")["change"] == 2


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"region": "required"}),
        ({"region": " "}, {"region": "required"}),
        ({"region": "Zxqvky"}, {"region": "unknown_region"}),
        ({"region": "\x00"}, {"region": "unknown_region"}),
        ({"region": "RU-KRS", "operation": "Zxqvky"}, {"operation": "unknown_operation"}),
        ({"region": "RU-KRS", "operation": "\x00"}, {"operation": "unknown_operation"}),
        ({"region": "RU-KRS", "as_of": "2024-08-12T18:00:00"}, {"as_of": "no_zone"}),
        ({"region": "RU-KRS", "as_of": "2024-02-31"}, {"as_of": "no_zone"}),
        ({"region": "RU-KRS", "as_of": "9999-12-31"}, {"as_of": "out_of_range"}),
        ({"region": "RU-KRS", "as_of": "0001-01-01"}, {"as_of": "out_of_range"}),
        ({"region": "RU-KRS", "known_at": "2024-08-12"}, {"known_at": "no_zone"}),
        ({"region": "RU-KRS", "known_at": "2190-08-12T00:00:00Z"}, {"known_at": "in_future"}),
        ({"region": "RU-KRS", "as_of": "2190-08-12T00:00:00Z"}, {"as_of": "after_known_at"}),
        (
            {"region": "RU-KRS", "as_of": "2024-08-12", "known_at": "2024-08-12T00:00:00Z"},
            {"as_of": "after_known_at"},
        ),
        ({"region": "RU-KRS", "page_size": "2"}, {"page_size": "unknown_parameter"}),
        ({"region": "RU-KRS", "indicator": "Zxqvky"}, {"indicator": "unknown_parameter"}),
    ],
    ids=range(16),
)
def test_a_question_that_makes_no_sense(
    parameters: dict[str, str], expected: dict[str, str], world: World, client: APIClient
) -> None:
    answer = client.get(FIGURES, parameters)
    assert answer.status_code == 400
    assert faults(answer) == expected
    assert "Zxqvky" not in answer.content.decode()
