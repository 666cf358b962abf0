"""What waits is looked through, and a hold is set, in a real browser."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from accounts.policy import Role
from intake.models import Submission
from retention.actions.erasures import ask
from tests.browser.conftest import Window
from tests.desk.pages import act_url
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.intake import KoboFormFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_likeness_is_answered_and_a_hold_is_set(window: Callable[..., Window]) -> None:
    RunningOperationFactory.create()
    kursk_tree()
    own = OrganisationFactory.create()
    person = PersonFactory.create(
        household__organisation=own, family_name="Зорина", given_name="Анна", birth_date=date(1980, 2, 15)
    )
    clerk = user_in_role(Role.REGISTRAR, organisation=own)
    form = KoboFormFactory.create(organisation=own, name="Вокзал")
    payload = {
        "_id": 1,
        "people": [{"family_name": "Зорина", "given_name": "Анна", "phone": "+7 900 111 22 33"}],
    }
    Submission.objects.create(form=form, instance="i-1", payload=payload, received_by=clerk.pk)
    erasure = ask(subject=person, ground="asked", by=clerk)
    desk = window()
    page = desk.sign_in(user_in_role(Role.PROTECTION_OFFICER, organisation=own))
    desk.open(act_url(erasure, "look"))
    expect(page.get_by_text("Зорина · Анна · •••• 33")).to_be_visible()
    page.get_by_label("it is somebody else: it stays").check()
    page.get_by_role("button", name="Look through what waits").click()
    page.get_by_text("Noted. Nothing was taken out yet").wait_for()
    page = desk.open("/retention/hold/add/")
    page.get_by_label("Who wants them kept").select_option("court")
    page.get_by_label("Number of the case").fill("KRS-118")
    desk.choose("Person", "Зорина", "Зорина")
    page.get_by_role("button", name="Set a legal hold").click()
    page.get_by_text("The hold is set.").wait_for()
    expect(page.get_by_text("KRS-118").first).to_be_visible()
