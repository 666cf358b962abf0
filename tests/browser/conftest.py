"""Chromium against the live service. Skipped where there is none, unless REQUIRE_BROWSER=1 says that there must be."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@pytest.fixture(autouse=True)
def _passwords_are_cheap(settings: Settings) -> None:
    """Nobody is to guess one here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Window:
    """A browser window, with everything that the pages complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        """Go to a page of the service."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sign_in(self, user: User) -> Page:
        """With a session as `force_login` gives it; tests of signing in type instead."""
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address, "httpOnly": True}]
        )
        return self.open("/")

    def choose(self, label: str, text: str, match: str) -> None:
        """Type into a search-as-you-type field and take a match, by keyboard alone."""
        field = self.page.get_by_role("combobox", name=label).first
        field.wait_for()
        self.page.wait_for_load_state()  # until then it may be the bare field, which opens nothing
        field.focus()
        self.page.keyboard.press("Enter")
        self.page.locator(".select2-search__field:focus").wait_for()
        # Each pause in typing asks the service; until the answer to the whole word is here, the list may be replaced.
        with self.page.expect_response(lambda answer: _asked_for(answer.url) == text):
            self.page.keyboard.type(text)
        wanted = self.page.locator(".select2-results__option--highlighted", has_text=match)
        dropdown = self.page.locator(".select2-dropdown")
        self.page.locator(".select2-results__option", has_text=match).first.wait_for()
        self.page.locator(".select2-results__option.loading-results").wait_for(state="detached")
        while dropdown.count():
            self.page.keyboard.press("Enter" if wanted.count() else "ArrowDown")
            self.page.wait_for_timeout(50)

    def picture(self, name: str) -> None:
        """Keep a picture for the documentation where UPDATE_SCREENSHOTS=1 asks for it."""
        if os.environ.get("UPDATE_SCREENSHOTS") == "1":
            IMAGES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=IMAGES / f"{name}.png")


def _asked_for(url: str) -> str:
    """The word that a search-as-you-type field asked the service about."""
    return parse_qs(urlsplit(url).query).get("term", [""])[0]


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Callable[..., Window]]:
    """Opens windows; each begins signed out. What the pages complained about fails the test."""
    settings.SITE_URL = live_server.url
    opened: list[Window] = []

    def new(*, width: int = 1280, height: int = 900, scheme: str = "light") -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="en-GB",
            reduced_motion="reduce",
        )
        opened.append(Window(context.new_page(), live_server.url))
        return opened[-1]

    yield new
    for each in opened:
        each.page.context.close()
    assert [text for each in opened for text in each.complaints] == []
