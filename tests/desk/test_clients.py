"""Partners' systems on the desk: who sees them, secrets that are shown once, and what was asked and refused."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import calls
from accounts.models import Client, Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from tests.accounts.test_clients import GRANT, TOKEN, asked, posted
from tests.desk.pages import desk_of, list_url, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import approved, partner_client, token_of

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_client_add"


def administrator(organisation: Organisation) -> Browser:
    """Signed in at the desk."""
    browser = Browser()
    browser.force_login(user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation))
    return browser


def page_of(client: Client, name: str = "") -> str:
    """The address of a client's page, or of one of its acts."""
    if name:
        return reverse("admin:accounts_client_act", args=[client.pk, name])
    return reverse("admin:accounts_client_change", args=[client.pk])


def shown_in(answer: Any) -> list[str]:
    """The secrets on a page."""
    return re.findall(r"mps_[\w-]+", answer.content.decode())


def test_a_client_is_added_and_its_secret_is_shown_in_one_answer() -> None:
    organisation = OrganisationFactory.create()
    browser = administrator(organisation)
    sent = {"name": "Case files", "scopes": ["people:read"], "networks": "192.0.2.0/24\n\n2001:db8::/32"}
    answer = browser.post(reverse(ADD), sent)
    [secret] = shown_in(answer)
    client = Client.objects.get()
    assert client.client_id in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert (client.organisation, client.networks) == (organisation, ["192.0.2.0/24", "2001:db8::/32"])
    assert posted(TOKEN, client, secret, "192.0.2.9", **GRANT).status_code == 401
    assert posted(TOKEN, approved(client), secret, "192.0.2.9", **GRANT).status_code == 200
    assert shown_in(browser.get(page_of(client))) == []
    assert "mps_" not in str(list(AuditEvent.objects.values()))
    assert not client.account.is_staff
    assert not client.account.has_usable_password()


def test_a_new_secret_lets_the_former_go_on_for_a_while_or_ends_it() -> None:
    client, first = partner_client()
    browser = administrator(client.organisation)
    until = timezone.localtime(database_now() + timedelta(days=2))
    [second] = shown_in(browser.post(page_of(client, "rotate"), {"former_until": f"{until:%Y-%m-%dT%H:%M}"}))
    assert [posted(TOKEN, client, each, **GRANT).status_code for each in (first, second)] == [200, 200]
    [third] = shown_in(browser.post(page_of(client, "rotate"), {"former_until": ""}))
    assert [posted(TOKEN, client, each, **GRANT).status_code for each in (second, third)] == [401, 200]


def test_what_it_may_is_changed_and_it_ends_with_a_reason() -> None:
    client, _secret = partner_client()
    browser, token = administrator(client.organisation), token_of(client)
    browser.post(page_of(client, "change"), {"scopes": ["claims:read"], "networks": ""})
    assert asked(token).json()["code"] == "scope_needed"
    assert "This field is required" in browser.post(page_of(client, "end"), {"reason": ""}).content.decode()
    browser.post(page_of(client, "end"), {"reason": "The system is gone."})
    assert asked(token, "claims/").json()["code"] == "client_not_in_force"
    assert "The system is gone." in browser.get(page_of(client)).content.decode()


@pytest.mark.parametrize("name", ["", "approve", "refuse", "change", "rotate", "end"])
def test_another_organisation_has_no_such_client(name: str) -> None:
    client, _secret = partner_client()
    browser = administrator(OrganisationFactory.create())
    for answer in (browser.get(page_of(client, name)), browser.post(page_of(client, name), {"reason": "x"})):
        assert answer.status_code == 404 or (not name and answer.status_code == 403)
    own = Browser()
    own.force_login(user_in_role(Role.REGISTRAR, organisation=client.organisation))
    assert own.get(page_of(client, name)).status_code == 403


def asked_at_the_desk(organisation: Organisation) -> tuple[Browser, Client]:
    """Who asked, and a system that waits."""
    browser = administrator(organisation)
    browser.post(reverse(ADD), {"name": "Case files", "scopes": ["claims:read", "people:read"]})
    return browser, Client.objects.get()


def test_two_persons_let_a_system_in_and_each_page_says_how_it_stands() -> None:
    organisation = OrganisationFactory.create()
    first, client = asked_at_the_desk(organisation)
    second, ask = administrator(organisation), client.asks.get()
    asker = User.objects.get(pk=ask.asked_by)
    for browser, name in ((first, ""), (second, "approve"), (second, "refuse")):
        page = words(browser.get(page_of(client, name)))
        assert f"Asked by {asker.username}" in page
        assert "What it may nothing yet claims:read, people:read" in page
    assert "waits for a second person" in words(first.get(list_url(Client)))
    assert client.name in words(second.get(list_url(Client), {"waits": "yes"}))
    own = first.post(page_of(client, "approve"), {"ask": ask.pk}, follow=True)
    assert "never who asked for it" in words(own)
    second.post(page_of(client, "approve"), {"ask": ask.pk})
    client.refresh_from_db()
    assert client.scopes == ["claims:read", "people:read"]
    page = words(second.get(page_of(client)))
    assert "Waits for a second person" not in page
    assert f"{asker.username} claims:read, people:read" in page
    assert client.name not in words(second.get(list_url(Client), {"waits": "yes"}))
    answer = second.get(page_of(client, "approve"), follow=True)
    assert "This cannot be done with the record as it stands now." in words(answer)


def test_the_page_of_what_was_shown_approves_nothing_that_was_asked_since() -> None:
    organisation = OrganisationFactory.create()
    first, client = asked_at_the_desk(organisation)
    second, shown = administrator(organisation), client.asks.get()
    change = {"scopes": ["documents:read", "people:read"], "networks": ""}
    first.post(page_of(client, "change"), change)
    answer = second.post(page_of(client, "approve"), {"ask": shown.pk})
    assert "asked otherwise since" in words(answer)
    client.refresh_from_db()
    assert (client.let_in_at, client.scopes) == (None, [])
    for forged in ("", "no id", str(uuid4()), str(partner_client()[0].asks.get().pk)):
        second.post(page_of(client, "approve"), {"ask": forged})
    client.refresh_from_db()
    assert client.let_in_at is None
    [now] = client.asks.filter(state="waits")
    second.post(page_of(client, "refuse"), {"ask": now.pk, "reason": "They need figures alone."})
    page = words(first.get(page_of(client)))
    assert "They need figures alone." in page
    assert "not let in" in page


def test_the_page_of_a_change_begins_with_what_waits_and_says_what_is_to_be_approved() -> None:
    client, _secret = partner_client(scopes=["people:read"], networks=["192.0.2.0/24"])
    browser = administrator(client.organisation)
    answer = browser.post(
        page_of(client, "change"), {"scopes": ["people:read"], "networks": "198.51.100.0/24"}, follow=True
    )
    assert "What is more waits for a second person" in words(answer)
    assert "192.0.2.0/24 198.51.100.0/24" in words(answer)
    assert "198.51.100.0/24" in browser.get(page_of(client, "change")).content.decode()
    officer = desk_of(user_in_role(Role.PROTECTION_OFFICER, organisation=client.organisation))
    officer.post(page_of(client, "approve"), {"ask": client.asks.filter(state="waits").get().pk})
    client.refresh_from_db()
    assert client.networks == ["198.51.100.0/24"]
    assert officer.get(page_of(client, "rotate")).status_code == 403


def test_the_page_tells_what_was_asked_and_what_was_refused_and_no_values() -> None:
    client, _secret = partner_client(scopes=["people:read"])
    token = token_of(client)
    asked(token)
    asked(token, "people/?family_name=Kovalchuk")
    asked(token, "claims/")
    posted(TOKEN, client, "mps_wrong", **GRANT)
    page = administrator(client.organisation).get(page_of(client)).content.decode()
    assert "<td>4</td><td>400: 1, 401: 1, 403: 1</td>" in page
    assert "<td>GET claim-list</td><td>403</td><td><code>scope_needed</code></td>" in page
    assert "<td>POST oauth-token</td><td>401</td><td><code>invalid_client</code></td>" in page
    assert "Kovalchuk" not in page


def test_what_is_asked_too_often_is_counted_as_asked_and_as_refused(settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    client, _secret = partner_client(scopes=["people:read"])
    token = token_of(client)
    assert [asked(token).status_code for _ in range(3)] == [200, 200, 429]
    [day] = calls.days_of(str(client.pk))
    assert (day.asked, day.refused) == (3, {429: 1})


def test_fifty_refusals_are_kept_and_none_for_longer_than_thirty_days(settings: Settings) -> None:
    client, _secret = partner_client()
    key = str(client.pk)
    for number in range(55):
        calls.note_refused(key, act=f"GET {number}", status=404, code="not_found")
    found = calls.refusals_of(key)
    assert (len(found), found[0].act, found[-1].act) == (50, "GET 54", "GET 5")
    calls.note_asked(key)
    assert [(day.asked, day.refused) for day in calls.days_of(key)] == [(1, {404: 55})]
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    calls.note_asked(key)
    calls.note_refused(key, act="GET", status=404, code="not_found")
    assert (calls.refusals_of(key), calls.days_of(key)) == ([], [])
