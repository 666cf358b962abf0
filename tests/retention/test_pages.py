"""Erasures on the desk: asked for on a person's page, done by another, listed."""

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.models import Household, Person
from retention.models import Erasure, ErasureState
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role

pytestmark = pytest.mark.django_db


def test_from_the_page_of_a_person_to_a_tombstone(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    browser, other = desk_of(clerk), desk_of(officer)
    assert act_url(mother, "erase") in browser.get(record_url(mother)).content.decode()
    assert "Another person decides." in words(browser.get(act_url(mother, "erase")))
    answer = browser.post(act_url(mother, "erase"), {"ground": "asked"})
    erasure = Erasure.objects.get()
    assert answer["Location"] == record_url(erasure)
    page = words(browser.get(record_url(erasure)))
    assert mother.number in page
    assert "the person asked for it" in page
    assert browser.post(act_url(erasure, "approve")).status_code == 403
    assert clerk.username in words(other.get(list_url(Erasure)))
    assert other.post(act_url(erasure, "approve")).status_code == 302
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DONE
    page = words(other.get(record_url(erasure)))
    assert mother.number not in page
    assert str(mother.pk) in page
    assert other.get(record_url(mother)).status_code == 404
    assert words(other.get(list_url(Person))).count("Зимородок") == 0
    assert words(other.get(record_url(son.household))).count("Зимородок") == 0


def test_it_is_left_with_a_reason(house: Household, mother: Person, clerk: User, officer: User) -> None:
    desk_of(clerk).post(act_url(house, "erase"), {"ground": "needless"})
    erasure = Erasure.objects.get()
    assert (
        desk_of(officer).post(act_url(erasure, "withdraw"), {"reason": "They are still here."}).status_code
        == 302
    )
    assert "They are still here." in words(desk_of(clerk).get(record_url(erasure)))


def test_what_stands_in_the_way_is_said_on_the_page(mother: Person, clerk: User) -> None:
    desk_of(clerk).post(act_url(mother, "erase"), {"ground": "asked"})
    again = desk_of(clerk).post(act_url(mother, "erase"), {"ground": "asked"})
    assert "waits for another person" in words(again)


def test_others_see_nothing_of_it(mother: Person, clerk: User) -> None:
    desk_of(clerk).post(act_url(mother, "erase"), {"ground": "asked"})
    erasure = Erasure.objects.get()
    stranger = desk_of(user_in_role(Role.PROTECTION_OFFICER))
    assert stranger.get(record_url(erasure)).status_code == 404
    manager = desk_of(user_in_role(Role.SHELTER_MANAGER, organisation=mother.organisation))
    assert act_url(mother, "erase") not in manager.get(record_url(mother)).content.decode()
    assert manager.get(list_url(Erasure)).status_code == 403
