"""Signing in as a person does: password and code, an app, a security key; each page without barriers and without complaints."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from tests.browser.conftest import Window
from tests.browser.test_accessibility import barriers_of
from tests.factories.accounts import set_password, user_in_role
from tests.factories.regions import RunningOperationFactory
from tests.signing_in import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]
PASSWORD = "correct horse battery"


def _type_password(desk: Window, user: User) -> Page:
    page = desk.open("/login/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_have_count(0)
    page.wait_for_load_state()
    return page


def _barriers(desk: Window) -> list[str]:
    """Those of the page as it stands; what it complained about fails before axe adds styles of its own."""
    assert desk.complaints == []
    found = barriers_of(desk.page)
    desk.complaints.clear()
    return found


def _security_key(page: Page) -> Any:
    """A key that is touched as soon as it is asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def test_a_password_and_a_code_open_the_desk(window: Open) -> None:
    RunningOperationFactory.create()
    registrar = set_password(user_in_role(Role.REGISTRAR), PASSWORD)
    secret = set_up_app(registrar)
    desk = window()
    page = _type_password(desk, registrar)
    page.get_by_role("heading", name="Second factor").wait_for()
    desk.picture("second-factor")
    assert _barriers(desk) == []
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.address}/")


def test_who_has_none_sets_up_an_app_first(window: Open) -> None:
    RunningOperationFactory.create()
    registrar = set_password(user_in_role(Role.REGISTRAR), PASSWORD)
    desk = window()
    page = _type_password(desk, registrar)
    page.get_by_text("until then nothing else opens").wait_for()
    barriers = _barriers(desk)
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code.secret").inner_text()
    barriers += _barriers(desk)
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    barriers += _barriers(desk)
    page.get_by_role("link", name="I have written them down").click()
    page.wait_for_url(f"{desk.address}/")
    assert barriers == []


def test_a_security_key_is_added_and_signs_in_and_another_is_told_that_it_does_not(window: Open) -> None:
    RunningOperationFactory.create()
    registrar = set_password(user_in_role(Role.REGISTRAR), PASSWORD)
    desk = window()
    devtools = _security_key(desk.page)
    page = _type_password(desk, registrar)
    page.get_by_role("link", name="Add a security key").click()
    page.get_by_label("Name").fill("The blue one")
    barriers = _barriers(desk)
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    desk.open("/second-factor/")
    expect(page.locator("main")).to_contain_text("The blue one")
    barriers += _barriers(desk)
    page.context.clear_cookies()
    page = _type_password(desk, registrar)
    barriers += _barriers(desk)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{desk.address}/")
    page.context.clear_cookies()
    _type_password(desk, registrar)
    devtools.send("WebAuthn.disable")
    _security_key(page)  # another one
    page.get_by_role("button", name="Use a security key").click()
    page.get_by_text("The key did not answer, or is not one of yours").wait_for()
    assert barriers == []
