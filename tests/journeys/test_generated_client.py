"""A client that a program wrote from the OpenAPI document registers a family, in typed calls only."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from accounts.models import Client
from displacement.models import Household
from tests.factories.clients import partner_client
from tests.factories.regions import kursk_tree
from tests.repository.source import ROOT

PACKAGE = "musterpoint_from_its_document"


@pytest.fixture(scope="module")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The client as openapi-python-client writes it, without a network."""
    folder: Path = tmp_path_factory.mktemp("client")
    (folder / "config.yaml").write_text(f"package_name_override: {PACKAGE}\npost_hooks: []\n")
    document = ROOT / "docs/reference/openapi.yaml"
    command = [
        str(Path(sys.executable).with_name("openapi-python-client")),
        *("generate", "--path", str(document), "--config", str(folder / "config.yaml")),
        *("--meta", "none", "--output-path", str(folder / PACKAGE)),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


class Typed:
    """The generated package, and a client of it that got a token as a partner's system does."""

    def __init__(self, package: str, client: Client, secret: str) -> None:
        self.package = package
        self.models: Any = import_module(f"{package}.models")
        transport = httpx.WSGITransport(app=get_wsgi_application())
        http = httpx.Client(transport=transport, base_url="http://localhost")
        told = http.post(
            "/api/oauth/token/", data={"grant_type": "client_credentials"}, auth=(client.client_id, secret)
        )
        http.headers["Authorization"] = f"Bearer {told.json()['access_token']}"
        made: Any = import_module(f"{package}.client").Client(base_url="http://localhost")
        self.client = made.set_httpx_client(http)

    def call(self, tag: str, operation: str, **told: Any) -> Any:
        """One operation; the answer as the generated code reads it."""
        module: Any = import_module(f"{self.package}.api.{tag}.{operation}")
        return module.sync_detailed(client=self.client, **told)


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_registers_a_family(client_package: str) -> None:
    kursk_tree()
    typed = Typed(client_package, *partner_client(scopes=["people:write"]))
    models = typed.models
    family = models.HouseholdInputRequest(
        registered_in="RU-KRS-KURSK",
        people=[
            models.NewPersonInputRequest(given_name="Олена", age=44),
            models.NewPersonInputRequest(given_name="Іван"),
        ],
    )
    key = str(uuid4())
    first, second = (
        typed.call("households", "households_create", body=family, idempotency_key=key) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert isinstance(first.parsed.id, UUID)
    assert first.parsed.id == second.parsed.id == Household.objects.get().pk
    assert [person.given_name for person in first.parsed.people] == ["Олена", "Іван"]
    person = first.parsed.people[0].id
    steps = models.BulkMovementInputRequest(
        items=[
            models.MovementInputRequest(
                person=person, kind=models.MovementInputKindEnum.ARRIVED, occurred_at=first.parsed.recorded_at
            )
        ]
    )
    moved = typed.call("movements", "movements_bulk_create", body=steps, idempotency_key=str(uuid4()))
    assert [result.status for result in moved.parsed.results] == [400]
    refused = typed.call("households", "households_create", body=family)
    assert (refused.status_code, refused.parsed.code) == (400, "idempotency_key_needed")
