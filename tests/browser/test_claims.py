"""A claim is entered within a minute, by keyboard alone: key presses are counted, and 45 in a minute is a slow typist."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from accounts.policy import Role
from displacement.models import Claim, Source
from displacement.models.claim import SourceType
from tests.browser.conftest import Window
from tests.factories.accounts import user_in_role
from tests.factories.displacement import SourceFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]
NOON = datetime(2024, 8, 12, 9, 0, tzinfo=UTC)  # 12:00 in Moscow


class Keys:
    """A keyboard that counts: each letter, each Tab, each Enter, and two for Ctrl with Enter."""

    def __init__(self, window: Window) -> None:
        self.window, self.page, self.pressed = window, window.page, 0

    def write(self, text: str) -> None:
        """Type it where the focus is."""
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def press(self, *keys: str) -> None:
        """Press them one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += key.count("+") + 1

    def find(self, text: str, match: str) -> None:
        """Type into a search-as-you-type field as soon as it has the focus, and take the first match, which has to be it."""
        self.page.locator(".select2-selection:focus").wait_for()
        with self.page.expect_response(lambda answer: f"term={text}&" in answer.url):
            self.write(text)
        first = self.page.locator(".select2-results__option--highlighted")
        expect(first).to_contain_text(match)
        self.page.locator(".select2-results__option.loading-results").wait_for(state="detached")
        self.press("Enter")


@pytest.fixture
def desk(window: Open) -> Window:
    """A publisher at the page that records a claim."""
    RunningOperationFactory.create()
    kursk_tree()
    SourceFactory.create(name="Acting governor", type=SourceType.GOVERNOR)
    SourceFactory.create(name="Emergency ministry", type=SourceType.MINISTRY)
    opened = window()
    opened.sign_in(user_in_role(Role.PUBLISHER))
    opened.open("/displacement/claim/add/")
    return opened


def _enter_the_first(keys: Keys) -> None:
    """Acting governor, evacuated, about 121,000, Kursk Oblast, as of 12 August, 12:00."""
    keys.find("act", "Acting governor")
    keys.press("Tab", "Tab")
    keys.write("e")
    keys.press("Tab")
    keys.write("a")
    keys.press("Tab")
    keys.write("121 000")
    keys.press("Tab", "Tab", "Tab")
    keys.find("kursk", "Kursk Oblast")
    keys.press("Tab")
    keys.write("081220241200p")  # this Chromium asks in American order, and for the half of the day


def test_a_claim_takes_less_than_a_minute_and_the_next_one_less(desk: Window) -> None:
    page, keys = desk.page, Keys(desk)
    _enter_the_first(keys)
    desk.picture("claim")
    keys.press("Control+Enter")
    page.get_by_text("Recorded:").wait_for()
    assert keys.pressed <= 45
    first = Claim.objects.get()
    assert (first.source.name, first.region, first.as_of) == ("Acting governor", region("RU-KRS"), NOON)
    assert (first.indicator, first.qualifier, first.value) == ("evacuated", "about", 121_000)
    assert (first.kind, first.unit, first.is_as_of_day) == ("cumulative", "individuals", False)
    assert first.published_at == NOON
    expect(page.locator(".messagelist")).to_contain_text("about 121,000")

    expect(page.get_by_label("What about")).to_be_focused()
    keys = Keys(desk)
    keys.write("rem")
    keys.press("Tab")
    keys.write("at l")
    keys.press("Tab")
    keys.write("59 000")
    keys.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("remaining")
    assert keys.pressed <= 20
    second = Claim.objects.exclude(pk=first.pk).get()
    assert (second.indicator, second.value, second.kind) == ("remaining", 59_000, "stock")
    assert second.qualifier == "at_least"
    expect(page.locator(".messagelist")).to_contain_text("at least 59,000")
    assert (second.source, second.region, second.as_of) == (first.source, first.region, NOON)


def test_a_refused_claim_keeps_what_was_typed(desk: Window) -> None:
    page, keys = desk.page, Keys(desk)
    _enter_the_first(keys)
    page.get_by_label("Number").fill("about 121")
    page.get_by_label("Words used").fill("About 121 thousand have left.")
    page.get_by_label("Number").press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(page.locator(".field-value").first).to_contain_text("Write the number in digits")
    expect(page.get_by_label("Number")).to_have_value("about 121")
    expect(page.get_by_label("Words used")).to_have_value("About 121 thousand have left.")
    expect(page.get_by_label("As of")).to_have_value("2024-08-12T12:00")
    expect(page.locator(".field-source .select2-selection").first).to_contain_text("Acting governor")
    page.get_by_label("Number").fill("121\u00a0000")
    page.get_by_label("Number").press("Enter")
    page.get_by_text("Recorded:").wait_for()
    assert Claim.objects.get().value == 121_000


def test_a_new_source_is_added_without_losing_what_was_typed(desk: Window) -> None:
    page = desk.page
    page.get_by_label("How exactly").select_option("exactly")
    page.get_by_label("Number").fill("12")
    page.get_by_label("As of").fill("2024-08-12T12:00")
    adding = page.get_by_role("link", name="Add another source")
    adding.focus()
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    window = popup.value
    window.get_by_label("Name").fill("District head")
    window.get_by_label("Type").select_option("municipality")
    window.get_by_label("Reliability").select_option("C")
    with window.expect_event("close"):
        window.get_by_label("Name").press("Enter")
    expect(page.locator(".field-source .select2-selection").first).to_contain_text("District head")
    expect(page.get_by_label("Number")).to_have_value("12")
    desk.choose("Region", "kursk", "Kursk Oblast")
    page.get_by_label("What about").select_option("killed")
    page.get_by_label("Number").press("Enter")
    page.get_by_text("Recorded:").wait_for()
    assert Claim.objects.get().source == Source.objects.get(name="District head", reliability="C")
