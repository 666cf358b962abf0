"""The OpenAPI document and its pages."""

import copy
import io
import re
from typing import Any, cast

import pytest
import yaml
from django.core.management import call_command
from pytest_django import Settings
from rest_framework.test import APIClient, APIRequestFactory

from accounts.policy import Role
from config.api_urls import router
from core.api.faults import MEDIA_TYPE
from core.api.serializers import InputSerializer, RowSerializer
from tests.api.conftest import ClientAs
from tests.api.routes import a_list
from tests.api.world import World
from tests.factories.accounts import almighty
from tests.repository.source import ROOT

VIEWS = sorted({cast("Any", pattern.callback).cls for pattern in router.urls}, key=lambda view: view.__name__)
INPUTS = sorted(
    {shape for view in VIEWS for shape in getattr(view, "inputs", {}).values()},
    key=lambda shape: shape.__name__,
)
#: Acts that need nothing more to be said.
EMPTY = ("/publish/", "/discard/", "/submit/", "/approve/", "/ask/", "/end/")
#: What takes neither key nor tag: it has an id of its own.
WITHOUT_KEYS = {("post", "/api/v1/kobo-forms/*/submissions/")}
#: What an example names is not in the world of a test.
NOT_THERE = {"not_found", "unknown_source", "unknown_region"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is now."""
    text = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=text)
    found: dict[str, Any] = yaml.load(text.getvalue(), yaml.CSafeLoader)
    return found


def test_the_document_in_the_tree_is_up_to_date(document: dict[str, Any]) -> None:
    kept = yaml.load((ROOT / "docs/reference/openapi.yaml").read_text(), yaml.CSafeLoader)
    assert kept == document, "Run `make docs`."
    assert document["openapi"].startswith("3.1")


def lacking(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> list[str]:
    """What the document does not tell of one operation, and should."""
    answers, is_one = operation.get("responses", {}), "{" in path
    writes = method in ("post", "patch")
    is_wrapped = writes and (method, re.sub(r"{[^}]*}", "*", path)) not in WITHOUT_KEYS
    wanted = {"400", "401", "403", "429", "503"} | ({"404"} if is_one else set())
    wanted |= {"409", "413", "415"} if writes else set()
    wanted |= {"422"} | ({"412", "428"} if is_one else set()) if is_wrapped else set()
    taken = {parameter["name"] for parameter in operation.get("parameters", [])}
    expected = {"Idempotency-Key"} | ({"If-Match"} if is_one else set()) if is_wrapped else set()
    missing = sorted(wanted - answers.keys()) + sorted(expected - taken)
    missing += [status for status in wanted & answers.keys() if not _is_problem(document, answers[status])]
    good = [answers[status] for status in ("200", "201", "202", "207") if status in answers]
    missing += [] if good and operation.get("description") else ["a description, or an answer"]
    for media, content in good[0]["content"].items() if good else ():
        if media == "application/json" and not content.get("examples"):
            missing.append("an example of the answer")
    body = operation.get("requestBody", {"content": {}})["content"]
    if writes and not (
        all(content.get("examples") for content in body.values()) and (body or path.endswith(EMPTY))
    ):
        missing.append("an example of the body")
    return missing


def _is_problem(document: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer is a problem (RFC 9457), with an example."""
    name = answer.get("$ref", "").rpartition("/")[2]
    told = document["components"]["responses"].get(name, answer)
    return bool(told["content"].keys() == {MEDIA_TYPE} and told["content"][MEDIA_TYPE].get("examples"))


def test_each_operation_has_examples_and_its_refusals(document: dict[str, Any]) -> None:
    found = {
        f"{method} {path}": lacking(document, path, method, operation)
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1/")
        for method, operation in methods.items()
    }
    assert len(found) > 90
    assert {where: missing for where, missing in found.items() if missing} == {}


@pytest.mark.parametrize("without", ["examples", "429", "If-Match", "description"])
def test_an_operation_that_tells_less_is_found(without: str, document: dict[str, Any]) -> None:
    """The control."""
    path = "/api/v1/people/{id}/"
    operation = copy.deepcopy(document["paths"][path]["patch"])
    assert lacking(document, path, "patch", operation) == []
    if without == "examples":
        del operation["requestBody"]["content"]["application/json"]["examples"]
    elif without == "If-Match":
        operation["parameters"] = [each for each in operation["parameters"] if each["name"] != without]
    else:
        del (operation if without == "description" else operation["responses"])[without]
    assert lacking(document, path, "patch", operation)


@pytest.mark.parametrize("shape", INPUTS, ids=lambda shape: shape.__name__)
def test_the_examples_are_accepted(shape: type[InputSerializer], world: World) -> None:
    request = APIRequestFactory().post("/")
    request.user = almighty()
    files = {"file": a_list()} if "file" in shape._declared_fields else {}
    serializer = shape(data={**shape.example, **files}, context={"request": request})
    serializer.is_valid()
    assert _codes(serializer.errors) <= NOT_THERE, serializer.errors


def _codes(errors: Any) -> set[str]:
    """The codes of all errors, however deep they lie."""
    if isinstance(errors, dict):
        errors = list(errors.values())
    return set().union(*map(_codes, errors)) if isinstance(errors, list) else {errors.code}


def test_no_output_names_all_fields_of_a_model() -> None:
    for view in VIEWS:
        for shape in (getattr(view, "output", None), getattr(view, "detail_output", None)):
            assert shape is None or issubclass(shape, RowSerializer)


def test_the_pages_are_our_own_and_for_those_who_sign_in(
    world: World, client_as: ClientAs, settings: Settings
) -> None:
    # Names with a hash need the static files to be collected; which they are in a running service.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    assert APIClient().get("/api/schema/").status_code == 401
    assert APIClient().get("/api/docs/").status_code == 401
    client = client_as(Role.REPORT_RECIPIENT)
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "swagger-ui-bundle" in text
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" in policy.split("style-src")[1].split(";")[0]
    assert "unsafe-inline" not in client.get("/api/v1/regions/").headers["Content-Security-Policy"]
