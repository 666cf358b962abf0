"""When PostgreSQL or Valkey is away, and when something fails that nobody foresaw."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.policy import Role
from core.api.views import RecordViewSet
from tests.factories.accounts import user_in_role


@pytest.fixture
def signed_in(transactional_db: None) -> Client:
    """A browser with a session that lies in PostgreSQL."""
    user = user_in_role(Role.REGISTRAR)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def no_database(signed_in: Client) -> Iterator[None]:
    """Nothing listens where PostgreSQL was: real refusals to connect."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    yield
    connection.close()
    connection.settings_dict["PORT"] = port


@pytest.mark.parametrize("path", ["/api/v1/people/", "/api/v1/figures/?region=RU-KRS", "/api/schema/"])
def test_without_postgresql_the_api_says_when_to_come_back(
    path: str, signed_in: Client, no_database: None
) -> None:
    for client in (signed_in, Client(raise_request_exception=False)):
        answer = client.get(path, headers={"Authorization": "Bearer mpt_something"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert body["code"] == "unavailable"
        assert body["request_id"] == answer.headers["X-Request-ID"]


def test_without_postgresql_the_process_lives_and_is_not_ready(signed_in: Client, no_database: None) -> None:
    assert signed_in.get("/health/live").json() == {"status": "live"}
    answer = signed_in.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["problems"] == {
        "database": "PostgreSQL does not answer: start it, or look at DATABASE_URL."
    }


@pytest.mark.django_db
def test_with_everything_there_it_is_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert client.get("/health/live").status_code == 200
    assert client.post("/health/live").status_code == 405


@pytest.mark.django_db
def test_without_valkey_it_is_not_ready(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"cache": "Valkey does not answer: start it, or look at REDIS_URL."}
    settings.CACHES = {**settings.CACHES}
    cache.close()


def test_what_nobody_foresaw_is_answered_without_its_text(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("Олена Ковальчук")

    monkeypatch.setattr(RecordViewSet, "get_queryset", fail)
    answer = signed_in.get("/api/v1/people/")
    assert answer.status_code == 500
    assert answer.json()["code"] == "error"
    assert "Ковальчук" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_an_address_that_does_not_exist_is_a_problem_too(signed_in: Client) -> None:
    for path in ("/api/v1/nothing/", "/api/", "/api/v2/people/"):
        answer = signed_in.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_the_id_of_a_request_is_ours(signed_in: Client) -> None:
    answer = signed_in.get("/api/v1/regions/", headers={"X-Request-ID": "Zxqvky"})
    assert answer.headers["X-Request-ID"] != "Zxqvky"
    assert len(answer.headers["X-Request-ID"]) == 36
