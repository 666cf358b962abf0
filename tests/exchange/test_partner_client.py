"""A client that a program wrote from the OpenAPI document: all of the document, and the steps of the page one by one.

The whole program runs against a listening service in `make drill-client`.
"""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from displacement.models import Household
from exchange.webhooks.signing import headers, new_secret
from tests.audit.trail import seal
from tests.exchange.generated import (
    DOCUMENT,
    GENERATE,
    PROGRAM,
    commanded,
    operations,
    written_operations,
)
from tests.factories.clients import partner_client
from tests.factories.regions import kursk_tree


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With the generated client in it; a warning of the generator fails it."""
    here: Path = tmp_path_factory.mktemp("client")
    shutil.copy(DOCUMENT, here / "musterpoint.yaml")
    commanded(GENERATE, here)
    sys.path.insert(0, str(here))
    yield here
    sys.path.remove(str(here))


@pytest.fixture(scope="module")
def page(folder: Path) -> Any:
    """The program of the page, as a module."""
    module = ModuleType("partner")
    exec(compile(PROGRAM, "partner.py", "exec"), vars(module))
    return SimpleNamespace(**vars(module))


@pytest.fixture
def _one_connection(db: None) -> Iterator[None]:
    """A request does not end the connection on which the test's transaction is."""
    ends = (request_started, request_finished)
    for each in ends:
        each.disconnect(close_old_connections)
    yield
    for each in ends:
        each.connect(close_old_connections)


@pytest.fixture
def api(page: Any, _one_connection: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the page, which asks the application in this process."""
    kursk_tree()
    client, secret = partner_client(scopes=["people:write", "changes:read"])
    transport = httpx.WSGITransport(app=get_wsgi_application())
    http = httpx.Client(transport=transport, base_url="http://localhost")
    monkeypatch.setattr(httpx, "post", http.post)
    made = page.connect("", client.client_id, secret)
    http.headers["Authorization"] = f"Bearer {made.token}"
    return made.set_httpx_client(http)


def test_every_operation_of_the_document_is_a_call(folder: Path) -> None:
    assert written_operations(folder) == operations()
    assert len(operations()) > 100


def test_a_family_is_registered_once_and_corrected_over_what_was_seen(page: Any, api: Any) -> None:
    key = str(uuid4())
    first, again = (page.register(api, page.family(17, "Олена", "Іван"), key) for _ in range(2))
    assert first.id == again.id == Household.objects.get().pk
    assert [person.given_name for person in first.people] == ["Олена", "Іван"]
    seen, tag = page.read(api, first.id)
    assert page.correct(api, first.id, tag, version=seen.version, people_declared=2)
    assert not page.correct(api, first.id, tag, version=seen.version, people_declared=3)
    assert Household.objects.get().people_declared == 2


def test_many_are_registered_and_what_was_wrong_with_others_is_told(page: Any, api: Any) -> None:
    seal()
    cursor = page.newest(api)
    nobody = page.HouseholdInputRequest(registered_in="RU-KRS-KURSK")
    made, refused = page.register_many(api, [page.family(1, "Олена"), nobody], str(uuid4()))
    assert (list(made), list(refused)) == ([0], [1])
    assert refused[1].errors[0].pointer.startswith("/items/1")
    seal()
    changes, cursor = page.changes_since(api, cursor)
    assert str(made[0]) in {str(change.id) for change in changes if change.kind == "household"}
    assert page.changes_since(api, cursor) == ([], cursor)


def test_a_webhook_is_verified_and_another_secret_is_not_ours(page: Any) -> None:
    secret, body = new_secret(), b'{"type":"test","data":{"changes":[]}}'
    now = datetime.now(UTC)
    assert page.verified(body, headers("msg_1", body, now, [secret]), secret)["type"] == "test"
    with pytest.raises(Exception, match="signature"):
        page.verified(body, headers("msg_1", body, now, [new_secret()]), secret)
