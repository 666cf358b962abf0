"""The OpenAPI document and its pages."""

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
#: What an example names is not in the world of a test.
NOT_THERE = {"not_found", "unknown_source", "unknown_region"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is now."""
    text = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=text)
    found: dict[str, Any] = yaml.safe_load(text.getvalue())
    return found


def test_the_document_in_the_tree_is_up_to_date(document: dict[str, Any]) -> None:
    kept = yaml.safe_load((ROOT / "docs/reference/openapi.yaml").read_text())
    assert kept == document, "Run `make docs`."
    assert document["openapi"].startswith("3.1")


def test_each_operation_has_examples_and_its_refusals(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            where = f"{method} {path}"
            answers = operation["responses"]
            assert {"400", "401", "403", "429", "503"} <= set(answers), where
            assert ("404" in answers) == ("{" in path), where
            assert operation["description"], where
            good = next(answers[status] for status in ("200", "201", "202", "207") if status in answers)
            for media, content in good["content"].items():
                assert media != "application/json" or content.get("examples"), where
            if method in ("post", "patch"):
                assert {"409", "413", "415"} <= set(answers), where
                body = operation.get("requestBody", {"content": {}})["content"]
                assert all(content.get("examples") for content in body.values()), where
                assert body or path.endswith(EMPTY), where


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
