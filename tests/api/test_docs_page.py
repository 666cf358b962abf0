"""The browsable documentation in a real browser: it draws itself from our own origin, and nothing is refused."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and "REQUIRE_BROWSER" not in os.environ,
        reason="No Chromium was found: install it, or set REQUIRE_BROWSER=1 to fail instead.",
    ),
]


def look(address: str, session: str, picture: str | None) -> tuple[str, list[str], list[str]]:
    """What the page shows, what the browser complained of, and the addresses that it asked for."""
    complaints: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/api/docs/")
        page.wait_for_selector(".opblock-summary-path", timeout=30_000)
        page.click("#operations-households-households_create .opblock-summary-control")
        page.wait_for_selector("#operations-households-households_create .opblock-body")
        if picture:
            page.screenshot(path=picture)
        text = page.inner_text("body")
        browser.close()
    return text, complaints, asked


def test_the_documentation_draws_itself(
    transactional_db: None, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client()
    client.force_login(get_user_model().objects.create(username="reader", is_superuser=True))
    session = client.cookies["sessionid"].value
    picture = os.environ.get("DOCS_SCREENSHOT")
    # The browser's loop runs in a thread of its own: Django's connection is not for threads with a loop.
    with ThreadPoolExecutor(1) as pool:
        text, complaints, asked = pool.submit(look, live_server.url, session, picture).result()
    assert "/api/v1/figures/" in text
    assert complaints == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
