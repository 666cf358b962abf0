"""A broker that is down or hangs neither holds up a person nor raises; the outbox has lost nothing."""

import socket
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings

from core import doorbell
from core.doorbell import PATIENCE_SECONDS
from reports.delivery.doorbell import ring_deliveries, ring_sweep

Point = Callable[[str], Celery]
#: Two seconds beyond what is promised, for a busy machine. The broker client alone takes six.
LIMIT = PATIENCE_SECONDS + 2


@pytest.fixture
def point(monkeypatch: pytest.MonkeyPatch) -> Point:
    """Let the bell hang at another broker, with our own settings for everything else."""

    def point(url: str) -> Celery:
        app = Celery("test", set_as_current=False)
        app.conf.update({**settings.CELERY, "broker_url": url})
        monkeypatch.setattr(doorbell, "current_app", app)
        return app

    return point


@pytest.fixture
def hanging_broker() -> Iterator[str]:
    """It takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}/0"


def _seconds(act: Callable[[], None]) -> float:
    start = time.monotonic()
    act()
    return time.monotonic() - start


def test_a_broker_that_hangs_holds_nobody_up(point: Point, hanging_broker: str) -> None:
    point(hanging_broker)
    assert _seconds(ring_sweep) < LIMIT


def test_the_broker_client_alone_would(point: Point, hanging_broker: str) -> None:
    """Negative control: its timeouts of 2 s add up. A worker bears that, once and not for each of 200 bells."""
    point(hanging_broker)
    spent = _seconds(lambda: ring_deliveries([uuid4() for _ in range(200)]))
    assert LIMIT < spent < 15


def test_a_broker_that_is_down_is_no_error(point: Point) -> None:
    point("redis://127.0.0.1:1/0")
    assert _seconds(ring_sweep) < LIMIT


def test_the_bell_carries_ids_only(point: Point) -> None:
    app = point("memory://")
    delivery_id = uuid4()
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        ring_deliveries([delivery_id])
        message = queue.get(timeout=30)
        message.ack()
        queue.close()
    assert message.headers["task"] == "reports.tasks.deliver"
    assert message.payload[:2] == [[], {"delivery_ids": [str(delivery_id)]}]
