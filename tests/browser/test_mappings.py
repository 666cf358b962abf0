"""A saved mapping in a real browser: opened, changed by keyboard, and asked about before it is replaced."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.policy import Role
from intake.models import Mapping
from tests.browser.conftest import Window
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.intake import MappingFactory, NeedsMappingBatchFactory, ReadyBatchFactory, with_file
from tests.factories.regions import RunningOperationFactory, kursk_tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]


def test_a_mapping_is_changed_and_not_replaced_unasked(window: Open) -> None:
    RunningOperationFactory.create()
    kursk_tree()
    own = OrganisationFactory.create()
    mapping: Mapping = MappingFactory.create(
        organisation=own, name="Суджа", columns={"Фамилия": "family_name"}
    )
    ReadyBatchFactory.create(
        organisation=own, mapping=mapping, headings=["Фамилия", "Имя", "Пол"], columns=mapping.columns
    )
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page.get_by_role("link", name="Mappings of columns").click()
    page.get_by_role("link", name="Суджа").click()
    page.get_by_role("link", name="Change", exact=True).click()
    expect(page.get_by_label("Фамилия: means")).to_have_value("family_name")
    expect(page.get_by_text("reads like: sex")).to_be_visible()
    page.get_by_label("Имя: means").select_option("given_name")
    page.get_by_label("Пол: means").focus()
    page.keyboard.type("sex")
    page.get_by_label("Heading in the file").first.fill("Телефон")
    page.locator("#id_means_0").select_option("phone")
    desk.picture("mapping")
    page.get_by_role("button", name="Change").click()
    page.get_by_text("Saved.").wait_for()
    mapping.refresh_from_db()
    meant = {"Фамилия": "family_name", "Имя": "given_name", "Пол": "sex", "Телефон": "phone"}
    assert mapping.columns == meant
    batch = with_file(NeedsMappingBatchFactory.create(organisation=own))
    desk.open(f"/intake/batch/{batch.pk}/act/columns/")
    expect(page.get_by_label("Replace what is saved under this name")).to_have_count(0)
    page.get_by_label("Save for later as").fill("Суджа")
    page.keyboard.press("Enter")
    page.get_by_label("Replace what is saved under this name").check()
    page.get_by_role("button", name="Say what the columns mean").click()
    page.get_by_role("heading", name="Reading and checking").wait_for()
    mapping.refresh_from_db()
    assert mapping.version == 3
