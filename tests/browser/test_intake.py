"""A list in a real browser: sent in, columns named by keyboard, watched, looked at, accepted."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import FilePayload, Page, expect

from accounts.policy import Role
from displacement.models import Person
from intake.accepting import write
from intake.models import Batch
from intake.staging import stage
from tests.browser.conftest import Window
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.intake import StagingBatchFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.lists import clerks_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _send(desk: Window, page: Page) -> Batch:
    page.get_by_role("link", name="Send in a list").first.click()
    desk.choose(
        "Region where it was taken down", "курск", "Kursk (city of oblast significance, Kursk Oblast)"
    )
    file = FilePayload(name="Список 12.08.xlsx", mimeType=WORKBOOK, buffer=clerks_workbook())
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Send in a list").click()
    page.get_by_role("heading", name="Say what the columns mean").wait_for()
    return Batch.objects.get()


def test_a_spreadsheet_is_taken_in(window: Open) -> None:
    RunningOperationFactory.create()
    kursk_tree()
    own = OrganisationFactory.create()
    known = {"family_name": "Мельник", "given_name": "Анна", "birth_date": date(1992, 1, 30), "sex": "female"}
    PersonFactory.create(household__organisation=own, **known)
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    batch = _send(desk, page)
    expect(page.get_by_label("Фамилия: means")).to_have_value("family_name")
    page.get_by_label("Save for later as").focus()
    page.keyboard.type("Суджа")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reading and checking").wait_for()
    stage(batch.pk)
    page.get_by_text("Nothing is in the register yet").wait_for()  # the script saw it
    expect(page.locator("article.bad")).to_contain_text(re.compile(r"Refused\s*5\b"))
    desk.picture("intake-review")
    page.locator("article.warn").get_by_role("link", name="Show the rows").click()
    expect(page.locator("main")).to_contain_text("Perhaps registered already:")
    page.get_by_role("link", name="All rows").click()
    desk.picture("intake-rows")
    page.get_by_label("leave out").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Go on to accept").click()
    expect(page.get_by_label("Leave out these rows")).to_have_value("4")
    page.get_by_label("without a warning").check()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="Writing into the register").wait_for()
    write(batch.pk)
    page.get_by_text("Written into the register").wait_for()
    assert Person.objects.filter(household__organisation=own).count() > 1


def test_a_line_that_is_down_does_not_end_the_watch(window: Open) -> None:
    own = OrganisationFactory.create()
    batch = StagingBatchFactory.create(organisation=own)
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page.route("**/progress/", lambda route: route.abort())
    desk.open(f"/intake/batch/{batch.pk}/change/")
    page.get_by_text("The service does not answer at the moment").wait_for()
    page.unroute("**/progress/")
    Batch.objects.update(progress=7_000)
    page.get_by_text("7,000 rows so far").wait_for()
    desk.complaints.clear()  # the browser notes each request that failed


def test_a_watch_goes_to_the_page_of_signing_in_when_the_session_has_ended(window: Open) -> None:
    own = OrganisationFactory.create()
    batch = StagingBatchFactory.create(organisation=own)
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    desk.open(f"/intake/batch/{batch.pk}/change/")
    expect(page.get_by_role("progressbar")).to_be_visible()
    Session.objects.all().delete()
    expect(page.get_by_label("User name")).to_be_visible()
