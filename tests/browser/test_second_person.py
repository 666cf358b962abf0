"""Two persons let a partner's system read people, each in their own browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import Client
from accounts.policy import Role
from tests.browser.conftest import Window
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import partner_client

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]


def test_one_asks_and_another_approves_what_the_page_shows(window: Open) -> None:
    organisation = OrganisationFactory.create()
    first = user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation, username="anna")
    second = user_in_role(Role.PROTECTION_OFFICER, organisation=organisation, username="boris")
    client, _secret = partner_client(
        organisation, scopes=["people:read", "claims:read"], networks=["192.0.2.0/24"]
    )
    mine = window()
    page = mine.sign_in(first)
    page.get_by_role("link", name="Partners' systems").click()
    page.get_by_role("link", name=client.name).click()
    page.get_by_role("link", name="Change what it may").click()
    page.get_by_label("documents:read").check()
    page.get_by_label("claims:read").uncheck()
    page.get_by_role("button", name="Change what it may").click()
    expect(page.get_by_role("heading", name="Waits for a second person")).to_be_visible()
    expect(
        page.get_by_role("row", name="What it may people:read documents:read, people:read")
    ).to_be_visible()
    mine.picture("client-waits")
    theirs = window()
    other = theirs.sign_in(second)
    other.get_by_role("link", name="Partners' systems").click()
    other.get_by_role("link", name="Waits for a second person").click()
    other.get_by_role("link", name=client.name).click()
    other.get_by_role("link", name="Approve").click()
    expect(other.get_by_text("Asked by anna")).to_be_visible()
    other.get_by_role("button", name="Approve").click()
    expect(other.get_by_text("It holds from the system's next request on.")).to_be_visible()
    assert Client.objects.get(pk=client.pk).scopes == ["documents:read", "people:read"]
    assert not mine.complaints + theirs.complaints
