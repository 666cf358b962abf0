"""The whole OpenAPI document asked by a program, as three roles: whatever it thinks of, the document knows the answer.

`make drill-api`. The real application and real servers, a fixed seed; parameters, headers and bodies are made from the
document. Half of the addresses name a record that is there; half of the bodies are good but for what the program adds.
"""

import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import schemathesis
from django.core.files import File
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.policy import Role
from tests.api.conftest import system_headers
from tests.api.route import Route
from tests.api.routes import ROUTES
from tests.api.world import World
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client, token_of

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("DRILL_API_EXAMPLES", "50"))
SEED = 20240806
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
TOKEN = "a" * 32
_PARAMETER = re.compile(r"\{[^}]*\}")


@dataclass
class Asker:
    """A role with its session, a partner's system with its token, and what it found."""

    world: World
    role: Role
    asked: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        browser = Client()
        self.cookies: dict[str, str] = {}
        self.headers = {"X-CSRFToken": TOKEN}
        if self.role is Role.PARTNER_SYSTEM:
            client, _secret = partner_client(self.world.organisation)
            self.headers = {"Authorization": f"Bearer {token_of(client)}"}
        else:
            browser.force_login(user_in_role(self.role, organisation=self.world.organisation))
            self.cookies = {"sessionid": browser.cookies["sessionid"].value, "csrftoken": TOKEN}
        wanted = {"Accept": "application/vnd.oai.openapi+json", **self.headers}
        answer = browser.get("/api/schema/", headers=wanted)
        self.document = schemathesis.openapi.from_dict(json.loads(answer.content))
        self.document.app = _served

    def ask(self, case: Any, *, is_there: bool, is_good: bool) -> None:
        """Send one request and look at the answer."""
        route = _route(case.operation)
        if route is not None and is_there and route.record:
            path = route.url(self.world).partition("?")[0]
            case.path_parameters = dict(_named(case.operation.path, path))
        if route is not None and is_good and route.body and isinstance(case.body, dict):
            case.body = {**case.body, **_sendable(route.body(self.world))}
        headers = dict(self.headers)
        case.headers.pop("Authorization", None)  # a made-up token opens nothing
        if is_good and self.role is Role.PARTNER_SYSTEM:
            sent = system_headers()
            headers |= {"Idempotency-Key": sent["HTTP_IDEMPOTENCY_KEY"], "If-Match": sent["HTTP_IF_MATCH"]}
        answer = case.call(headers=headers, cookies=self.cookies)
        self.asked[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (FailureGroup, Failure) as failure:
            self.faults.setdefault(case.operation.label, f"{answer.status_code} {failure}"[:1500])


def _served(environ: dict[str, Any], start_response: Any) -> Any:
    """The application as a server calls it, which knows from where somebody asks."""
    return get_wsgi_application()({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


def _sendable(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its files as bytes."""
    return {name: each.read() if isinstance(each, File) else each for name, each in body.items()}


def _route(operation: Any) -> Route | None:
    """What the tests know of the address."""
    template = _PARAMETER.sub("[^/]+", operation.path.removeprefix("/api/v1/"))
    for route in ROUTES:
        path = route.path.partition("?")[0].replace("{}", "x")
        if route.method == operation.method.lower() and re.fullmatch(template, path):
            return route
    return None


def _named(template: str, path: str) -> list[tuple[str, str]]:
    """The parameters of an address, by their names."""
    names = [name.strip("{}") for name in _PARAMETER.findall(template)]
    found = re.fullmatch(_PARAMETER.sub("([^/]+)", template), path)
    return list(zip(names, found.groups() if found else (), strict=False))


def sweep(asker: Asker) -> None:
    """Every operation, so many examples each."""
    for result in asker.document.get_all_operations():
        operation = cast("Any", result).ok()

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), is_there=st.booleans(), is_good=st.booleans())
        def ask(case: Any, is_there: bool, is_good: bool) -> None:
            asker.ask(case, is_there=is_there, is_good=is_good)

        ask()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("role", [Role.PARTNER_SYSTEM, Role.REGISTRAR, Role.PUBLISHER])
def test_the_document_knows_every_answer(role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    asker = Asker(World(), role)
    sweep(asker)
    with capsys.disabled():
        told = ", ".join(f"{status}: {count}" for status, count in sorted(asker.asked.items()))
        print(  # noqa: T201
            f"\n{role}: {asker.asked.total()} requests ({told}), {len(asker.faults)} operations with faults"
        )
    assert asker.faults == {}, "\n\n".join(f"{label}\n{fault}" for label, fault in asker.faults.items())
