"""The browsable documentation of the API: it draws itself from our own origin, and nothing is refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.policy import Role
from tests.browser.conftest import Window
from tests.factories.accounts import user_in_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_draws_itself(window: Callable[..., Window]) -> None:
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    desk.open("/api/docs/")
    page.wait_for_selector(".opblock-summary-path")
    page.click("#operations-households-households_create .opblock-summary-control")
    page.wait_for_selector("#operations-households-households_create .opblock-body")
    expect(page.locator("body")).to_contain_text("/api/v1/figures/")
    assert [url for url in asked if not url.startswith((desk.address, "data:", "blob:"))] == []
