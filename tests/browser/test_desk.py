"""The desk in a real browser: sign-in, the day's figures, search, one registration, one check-in."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from accounts.policy import Role
from displacement.models import Household, Movement
from shelters.models import Stay
from tests.browser.conftest import Window
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import ClaimFactory, MovementFactory, NamedHouseholdFactory, PersonFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.shelters import OpenShelterFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]
#: Family name, given name, patronymic, first letter of the sex, birth. A blank family name is that of the person above.
FAMILY = [
    ("Савченко", "Ольга", "Петровна", "f", "12.05.1985"),
    ("", "Игорь", "Ильич", "m", "1983"),
    ("", "Марина", "", "f", "14"),
    ("", "Павел", "", "m", "9"),
    ("", "Вера", "", "f", "2"),
]


def test_sign_in_leads_to_the_day(window: Open) -> None:
    RunningOperationFactory.create()
    MovementFactory.create()
    ClaimFactory.create(region=region("RU-KRS"), indicator="evacuated", value=121_000, qualifier="about")
    desk = window()
    desk.open("/login/")
    desk.picture("sign-in")
    page = desk.sign_in(user_in_role(Role.REGISTRAR))
    page.get_by_label("Day").fill("2024-08-12")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Kursk Oblast")).to_be_visible()
    expect(page.locator("main")).to_contain_text("about 121,000")
    desk.picture("day")
    expect(page.locator("main")).to_contain_text("as of 12 August 2024, 24:00 Moscow time")


def test_a_wrong_password_is_told_and_nothing_more(window: Open) -> None:
    page = window().open("/login/")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("User name or password is not right")


def test_search_finds_a_family_in_the_other_alphabet(window: Open) -> None:
    own = OrganisationFactory.create()
    PersonFactory.create(family_name="Петренко", given_name="Иван", household__organisation=own)
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("searchbox", name="Search").fill("petrenko ivan")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=petrenko**")
    expect(page.locator("#result_list")).to_contain_text("Петренко Иван")
    desk.picture("search")


def test_the_list_of_people_fits_a_small_window(window: Open) -> None:
    """Masked dates on one line, and every column in sight, also beside the long names of regions."""
    own = OrganisationFactory.create()
    kursk_tree()
    long = {
        "family_name": "Рождественская-Преображенская",
        "given_name": "Александра",
        "patronymic": "Святославовна",
    }
    there = {"household__organisation": own, "household__registered_in": region("RU-KRS-KURSK")}
    PersonFactory.create(**long, **there, birth_date=date(1980, 5, 12))
    page = window(width=1100).sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page.goto(f"{page.url}displacement/person/")
    born = page.locator("#result_list .field-masked_birth_date")
    expect(born).to_have_css("white-space", "nowrap")
    expect(page.locator("#changelist-filter")).to_have_css("width", "200px")
    hidden = "box => box.scrollWidth - box.clientWidth"
    assert page.locator("#changelist .results").evaluate(hidden) <= 1
    assert page.locator("#changelist-filter").evaluate(hidden) <= 1


def test_a_household_is_registered_by_keyboard(window: Open) -> None:
    RunningOperationFactory.create()
    kursk_tree()
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR))
    page.get_by_role("link", name="Register a household").click()
    desk.choose("Registered in", "курск", "Kursk (city of oblast significance, Kursk Oblast)")
    desk.choose("Home region", "sudja", "Sudzhansky District (district, Kursk Oblast)")
    first = page.get_by_role("group", name="People by name 1")
    first.get_by_label("Family name").fill("Петренко")
    first.get_by_label("Birth date or age").fill("34")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Оля")
    page.keyboard.press("Enter")
    third = page.get_by_role("group", name="People by name 3")
    third.get_by_label("Given name").fill("Петя")
    page.keyboard.press("Enter")
    expect(third.get_by_label("Family name")).to_have_value("Петренко")
    desk.picture("registration")
    page.get_by_label("Left home at").fill("2024-08-08T09:00")
    page.get_by_label("Arrived here at").fill("2024-08-08T21:30")
    page.keyboard.press("Control+Enter")
    page.get_by_text("The household is registered").wait_for()
    household = Household.objects.get()
    assert (household.people.count(), Movement.objects.count()) == (3, 6)
    assert set(household.people.values_list("family_name", flat=True)) == {"Петренко"}
    assert household.number in page.inner_text(".card-number")


def test_a_family_of_five_takes_less_than_two_hundred_keys(window: Open) -> None:
    """A slow typist's 200 keys a minute: the second family at a desk, which remembers its place, takes less than that."""
    kursk_tree()
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR))
    desk.open("/displacement/household/add/")
    desk.choose("Registered in", "курск", "Kursk (city of oblast significance, Kursk Oblast)")
    page.get_by_role("group", name="People by name 1").get_by_label("Given name").fill("Анна")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Register the next household").click()
    first = page.get_by_role("group", name="People by name 1")
    expect(first.get_by_label("Family name")).to_be_focused()
    keys = 0
    for family, given, patronymic, sex, born in FAMILY:
        for step in (family, given, patronymic, sex, born):
            page.keyboard.type(step)
            keys += len(step) + 1
            page.keyboard.press("Enter" if step is born else "Tab")
    page.keyboard.press("Control+Enter")
    page.get_by_text("The household is registered").wait_for()
    desk.picture("card")
    people = Household.objects.latest("pk").people.order_by("pk")
    assert [person.given_name for person in people] == [given for _, given, *_ in FAMILY]
    assert {person.family_name for person in people} == {"Савченко"}
    assert [person.sex for person in people] == ["female", "male", "female", "male", "female"]
    assert all(person.birth_date for person in people)
    assert keys + 1 < 200


def test_likely_duplicates_show_while_somebody_types(window: Open) -> None:
    kursk_tree()
    own = OrganisationFactory.create()
    born = {"birth_date": date(1990, 5, 12), "birth_precision": "day"}
    ours = PersonFactory.create(
        family_name="Савченко", given_name="Микола", household__organisation=own, organisation=own, **born
    )
    PersonFactory.create(family_name="Литвиненко", given_name="Олена", **born)
    desk = window()
    desk.sign_in(user_in_role(Role.REGISTRAR, organisation=own))
    page = desk.open("/displacement/household/add/")
    row = page.get_by_role("group", name="People by name 1")
    row.get_by_label("Family name").fill("Savchenko")
    row.get_by_label("Given name").fill("Nikolai")
    row.get_by_label("Birth date or age").fill("12.05.1990")
    match = row.get_by_role("status")
    match.get_by_role("link").wait_for()
    expect(match).to_contain_text(ours.number)
    expect(match).to_contain_text("a form of the same given name, born on the same day")
    desk.picture("likely-duplicate")
    row.get_by_label("Family name").fill("Lytvynenko")
    row.get_by_label("Given name").fill("Olena")
    match.get_by_text("registered by another organisation").wait_for()
    assert "Литвиненко" not in page.content()
    row.get_by_label("Family name").fill("")
    row.get_by_label("Given name").fill("")
    match.wait_for(state="detached")


def test_a_refused_registration_keeps_what_was_typed(window: Open) -> None:
    kursk_tree()
    desk = window()
    desk.sign_in(user_in_role(Role.REGISTRAR))
    page = desk.open("/displacement/household/add/")
    row = page.get_by_role("group", name="People by name 1")
    row.get_by_label("Family name").fill("Петренко")
    page.get_by_role("button", name="Register a household").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(row.get_by_label("Family name")).to_have_value("Петренко")
    assert Household.objects.count() == 0


def test_a_household_is_checked_in(window: Open) -> None:
    RunningOperationFactory.create()
    own = OrganisationFactory.create()
    household = NamedHouseholdFactory.create(organisation=own)
    OpenShelterFactory.create(organisation=own, name="School No. 7")
    desk = window()
    page = desk.sign_in(user_in_role(Role.SHELTER_MANAGER, organisation=own))
    page.get_by_role("link", name="Check somebody in").click()
    desk.choose("or the whole household", household.number, household.number)
    desk.choose("Shelter", "school", "School No. 7")
    desk.picture("check-in")
    page.get_by_role("button", name="Check in").click()
    page.get_by_text("Checked in.").wait_for()
    assert Stay.objects.filter(person__household=household).count() == 2


def test_the_first_tab_stop_skips_to_the_content(window: Open) -> None:
    desk = window()
    page = desk.sign_in(user_in_role(Role.REGISTRAR))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content-start"
