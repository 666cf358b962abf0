"""Deciding who is registered twice, by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.policy import Role
from displacement.actions.duplicates import propose
from displacement.models import Merge, PossibleDuplicate
from tests.browser.conftest import Window
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWICE = (
    (("Ковальчук", "Олена", "Петрівна"), ("Kovalchuk", "Olena", ""), 0.9987),
    (("Петренко", "Иван", "Сергеевич"), ("Петренко", "Иван", "Сергеевич"), 0.9981),
    (("Гончаров", "Микола", ""), ("Гончаров", "Николай", "Ильич"), 0.973),
    (("Шевченко", "Дарья", "Олеговна"), ("Шевчук", "Дарья", "Олеговна"), 0.914),
)


def choose_a_value(page: Page) -> None:
    """Let the other spelling of the given name stand; what only one record knows is marked already."""
    known = page.get_by_role("radio", name="Patronymic Петрівна")
    expect(known).to_be_checked()
    as_it_is = page.get_by_role("radio", name="Given name as in the record that goes on")
    as_it_is.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Given name Olena")).to_be_checked()


def test_pairs_are_decided_by_keyboard(window: Callable[..., Window]) -> None:
    RunningOperationFactory.create()
    own = OrganisationFactory.create()
    for *told, probability in TWICE:
        one, other = (
            PersonFactory.create(
                household__organisation=own,
                occurred_at=KURSK_MORNING + timedelta(days=day),
                **dict(zip(("family_name", "given_name", "patronymic"), told[day], strict=True)),
            )
            for day in (0, 1)
        )
        propose([(one.pk, other.pk, probability)])
    stranger = PersonFactory.create(family_name="Hidden")
    propose([(one.pk, stranger.pk, 0.95)])
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page.get_by_role("link", name="Decide who is registered twice").click()
    page.get_by_text("A record of another organisation").wait_for()
    assert "Hidden" not in page.content()
    desk.picture("duplicates")
    page.get_by_role("link", name="99.9%").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Both records").wait_for()
    expect(page.locator("table.pair")).to_contain_text("spelled otherwise")
    choose_a_value(page)
    desk.picture("pair")
    page.get_by_label("Why").fill("the same card")
    page.keyboard.press("Enter")
    page.get_by_text("Say one person, two persons, or later").wait_for()
    page.get_by_role("button", name="One person: merge").press("Enter")
    page.get_by_text("Decided. Here is the next one.").wait_for()
    done = Merge.objects.get()
    assert (done.reason, done.kept.given_name, done.kept.patronymic) == ("the same card", "Olena", "Петрівна")
    page.get_by_role("button", name="Two persons").press("Enter")
    page.get_by_text("97.3%").wait_for()
    assert PossibleDuplicate.objects.filter(state="different").count() == 1
