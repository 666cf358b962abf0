"""An answer that is sent leaves nothing of the people in it behind for the garbage collector."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory
from django.test.client import ClientHandler

from core.api.views import Contract
from tests.api.world import World
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import PersonFactory

NAME = "Nobodyelse"


@pytest.fixture
def uncollected() -> Iterator[None]:
    """The garbage collector does nothing meanwhile."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def left_after_a_page(world: World) -> int:
    """How many objects still hold the name of somebody of a page that was read over the API."""
    PersonFactory.create(
        household__organisation=world.organisation, household__registered_in=world.region, given_name=NAME
    )
    client, _secret = partner_client(world.organisation, name="reads")
    headers: Any = {"HTTP_AUTHORIZATION": f"Bearer {token_of(client)}"}
    environ = RequestFactory(SERVER_NAME="localhost").get("/api/v1/people/", **headers).environ
    before = _holding()
    answer: Any = ClientHandler()(environ)
    assert NAME.encode() in answer.content
    del answer
    return _holding() - before


def _holding() -> int:
    return sum(
        1 for each in gc.get_objects() if type(each) in (dict, tuple, list) and NAME in _values_of(each)
    )


def _values_of(each: object) -> list[object]:
    values = each.values() if isinstance(each, dict) else each
    return [value for value in list(values) if type(value) is str]  # type: ignore[call-overload]  # one of the three


def test_a_page_that_is_sent_is_gone(world: World, uncollected: None) -> None:
    assert left_after_a_page(world) == 0


def test_without_letting_go_it_waits_for_the_collector(
    world: World, uncollected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: view and answer hold each other, and the page with them."""
    monkeypatch.setattr(Contract, "_let_go", lambda _view, _answer: None)
    assert left_after_a_page(world) > 0
