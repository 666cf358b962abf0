"""What a log may hold of an address: the words that are ours, and ids."""

import json
import logging
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from core.addresses import told_method, told_path, told_urls
from core.logs import formatter

NAME, NUMBER = "Ковальчук", "864157312"
ID = "01917e2b-5c00-7a3e-9d2f-0242ac120002"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/api/v1/people/{ID}/documents/", f"/api/v1/people/{ID}/documents/"),
        (f"/api/v1/people/{ID.upper()}/", "/api/v1/people/…/"),
        (f"/api/v1/people/{NUMBER}/", "/api/v1/people/…/"),
        (f"/displacement/person/{NAME}/change/", "/displacement/person/…/change/"),
        ("/api/v1/people/bulk/", "/api/v1/people/bulk/"),
        ("/kovalchuk/", "/…/"),
        ("/", "/"),
    ],
)
def test_a_path_keeps_our_words_and_ids(path: str, told: str) -> None:
    assert told_path(path) == told


def test_a_url_ends_at_its_host() -> None:
    words = (
        f"Referer checking failed - https://desk.example:8443/displacement/person/?q={NAME} does not match."
    )
    assert told_urls(words) == "Referer checking failed - https://desk.example:8443 does not match."


class Lines(logging.Handler):
    """What a handler of the service would write."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(formatter())
        self.told: list[str] = []
        self.bare: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Once as the service does, once as it came."""
        self.told.append(json.dumps(json.loads(self.format(record)), ensure_ascii=False))
        self.bare.append(record.getMessage())


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.mark.django_db
def test_a_name_in_the_address_is_not_logged(
    lines: Lines, settings: Settings, monkeypatch: pytest.MonkeyPatch, plain_static_files: None
) -> None:
    """A partner that asks by the number of a passport, and a page that was asked from elsewhere after a search."""
    monkeypatch.setattr(logging.root, "handlers", [lines])
    settings.CSRF_TRUSTED_ORIGINS = []
    client = Client(enforce_csrf_checks=True)
    assert client.get(f"/api/v1/people/{NUMBER}/").status_code == 401
    assert client.get(f"/api/v1/people/{quote(NAME)}/").status_code == 401
    search = f"https://desk.example/displacement/person/?q={NAME}"
    assert client.post("/login/", secure=True, headers={"referer": search}).status_code == 403
    told, bare = "\n".join(lines.told), "\n".join(lines.bare)
    assert NUMBER in bare, "the control: it stands in what Django says"
    assert f"?q={NAME}".encode("unicode_escape").decode() in bare
    for hidden in (NAME, NAME.encode("unicode_escape").decode(), NUMBER):
        assert hidden not in told.replace("\\\\", "\\")
    assert told.count("/api/v1/people/…/") >= 2
    assert "Referer checking failed - https://desk.example does not match" in told


@pytest.mark.django_db
def test_a_method_that_is_none_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Where a client counts letters for bytes, its next request begins with the end of a body."""
    caplog.set_level(logging.INFO)
    Client().generic("KOVALCHUK", "/api/v1/people/")
    told = " ".join(str(record.msg) for record in caplog.records)
    assert "KOVALCHUK" not in told
    assert "… /api/v1/people/" in told
    assert [told_method(one) for one in ("GET", "PATCH", None)] == ["GET", "PATCH", "…"]
