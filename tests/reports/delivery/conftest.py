"""Mail goes to a server that misbehaves on request."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.reports.delivery.server import Sink, running


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """The misbehaving server; the sender waits a third of a second for each of its words."""
    with running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.3
        yield server
