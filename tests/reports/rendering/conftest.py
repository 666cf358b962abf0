"""A real browser for the page and the mail."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it; without one the test is skipped, unless REQUIRE_BROWSER says that it must not."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(
                "No Chromium was found. Install the package chromium, or run without REQUIRE_BROWSER."
            )
        pytest.skip("No Chromium was found; install the package chromium to run this test.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()
