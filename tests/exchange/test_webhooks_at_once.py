"""A worker tells several endpoints at once: one that takes a message and never answers holds up no other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from config.embedded.programs import ENDPOINTS_AT_ONCE
from exchange.webhooks import posting
from exchange.webhooks.posting import Way
from exchange.webhooks.sending import send
from tests.exchange.receiver import receiving
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.exchange import webhook
from tests.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def told(endpoint: UUID, way: Way) -> None:
    """What one thread of the worker does."""
    try:
        send(endpoint, way=way)
    finally:
        connection.close()


@pytest.mark.parametrize("at_once", [ENDPOINTS_AT_ONCE, 1])
def test_one_that_does_not_answer_holds_up_no_other(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one place alone it does: the control."""
    answers, house = Event(), HouseholdFactory.create()

    def waits(_handler: Any) -> None:
        answers.wait(60)

    for limit in ("READ_SECONDS", "MOST_SECONDS"):
        monkeypatch.setattr(posting, limit, 60)
    with receiving() as silent, receiving() as other, ThreadPoolExecutor(at_once) as worker:
        silent.instead = waits
        endpoints = [webhook(house.organisation, each.url)[0] for each in (silent, other)]
        PersonFactory.create(household=house, organisation=house.organisation)
        worker.submit(told, endpoints[0].pk, silent.way)
        wait_until(lambda: bool(silent.got))
        worker.submit(told, endpoints[1].pk, other.way)
        if at_once > 1:
            wait_until(lambda: bool(other.got))
        assert bool(other.got) is (at_once > 1)
        answers.set()
    assert len(other.got) == 1
