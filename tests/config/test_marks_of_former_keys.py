"""A honey record stays one when the key of the blind index has changed for good: nobody opens it unnoticed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import Client
from pytest_django import Settings

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
from core.decoys import is_marked, listed
from displacement.actions.duplicates import propose
from displacement.models import HoneyRecord, Household, Person
from displacement.models.honey import LATELY
from roster.models import Alarm
from tests.config.test_reindexing import change_key, renew
from tests.desk.pages import desk_of, record_url
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.honey import house_of, laid_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]


@pytest.fixture(autouse=True)
def _processes_start() -> Iterator[None]:
    """As where the service was started anew: what processes remember is gone."""
    listed.cache_clear()
    LATELY.forget()
    yield
    listed.cache_clear()


@pytest.fixture
def own() -> Organisation:
    """With a real family, among which others hide."""
    made: Organisation = OrganisationFactory.create()
    PersonFactory.create(household__organisation=made, organisation=made)
    return made


@pytest.fixture
def clerk(own: Organisation) -> User:
    """Opens it."""
    user_in_role(Role.AUDITOR, organisation=own)
    return user_in_role(Role.REGISTRAR, organisation=own)


def _key_has_changed(settings: Settings) -> None:
    """Both keys, the command, and then the former key is taken out: each time the service starts anew."""
    change_key(settings)
    listed.cache_clear()
    assert "Everything stands under the key of now" in renew()
    settings.BLIND_INDEX_FORMER_KEY = None
    listed.cache_clear()


def _opens(clerk: User, house: Household, capture: Callable[..., Any]) -> bool:
    """Whether an alarm is raised and the session ended."""
    browser: Client = desk_of(clerk)
    with capture(execute=True):
        assert browser.get(record_url(house)).status_code == 200
    return Alarm.objects.exists() and browser.get("/").status_code == 302


@pytest.mark.parametrize("is_listed", [True, False])
def test_whoever_opens_one_of_the_former_key_is_noticed(
    is_listed: bool,
    settings: Settings,
    own: Organisation,
    clerk: User,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """The control: by the marks in the ids alone nobody would know it any more."""
    house = house_of(laid_out(own, 1)[0])
    _key_has_changed(settings)
    if not is_listed:
        settings.DECOYS_LISTED = "builtins.frozenset"
        listed.cache_clear()
    assert _opens(clerk, house, django_capture_on_commit_callbacks) is is_listed
    people = list(Person.objects.filter(household=house))
    assert [is_marked(person.pk) for person in people] == [is_listed] * len(people)
    real = Person.objects.exclude(household=house).get()
    assert propose([(*sorted([people[0].pk, real.pk]), 0.9)]) == (0 if is_listed else 1)
    assert not is_marked(real.pk)


def test_one_that_is_placed_later_is_known_by_its_mark(
    settings: Settings, own: Organisation, clerk: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    _key_has_changed(settings)
    assert not is_marked(Person.objects.get().pk)  # from here on the process has its list
    house = house_of(laid_out(own, 1)[0])
    assert house.pk not in listed()
    assert _opens(clerk, house, django_capture_on_commit_callbacks)


def test_the_command_does_not_let_the_key_go_while_a_mark_hangs_on_it(
    settings: Settings, own: Organisation
) -> None:
    first, _second = laid_out(own, 2)
    lost = 1 + len(first.laid.people)
    change_key(settings)
    assert "Everything stands under the key of now" in renew("--check")
    HoneyRecord.objects.filter(pk=first.pk).delete()
    with pytest.raises(
        CommandError, match=f"{lost} households and people are honey records by the former key"
    ):
        renew("--check")
    with pytest.raises(CommandError, match="Keep it"):
        renew()


def test_with_no_former_key_and_with_no_honey_nothing_stands_in_the_way(settings: Settings) -> None:
    assert "Everything stands under the key of now" in renew("--check")
    change_key(settings)
    assert "Everything stands under the key of now" in renew("--check")
    assert not AuditEvent.objects.filter(action="place_honey").exists()
