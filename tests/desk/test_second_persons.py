"""Who asked for what takes a second person sees why, and no button: clients, exports, erasures and the end of a hold alike."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Client, Membership, Organisation, User
from accounts.policy import Role
from displacement.models import Person
from retention.actions import erasures, holds
from retention.models import Hold
from tests.accounts.test_hands import makes
from tests.accounts.test_second_person import new
from tests.desk.pages import act_url, desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region
from tests.roster.conftest import asked
from tests.two_persons import own

pytestmark = pytest.mark.django_db
__all__ = ["own"]
Asked = tuple[Any, str]

OWN, HANDS = "You asked for this, so another person", "count as one person here"


@pytest.fixture
def person(own: Organisation) -> Person:
    """Registered by the organisation."""
    made: Person = PersonFactory.create(household__organisation=own)
    return made


def _client(person: Person, by: User) -> Asked:
    return new(person.organisation, by)[0], "approve"


def _export(person: Person, by: User) -> Asked:
    return asked(person.organisation, by), "approve"


def _erasure(person: Person, by: User) -> Asked:
    return erasures.ask(subject=person, ground="asked", by=by), "approve"


def _hold(person: Person, by: User) -> Asked:
    held = holds.set_hold(subject=person, authority="court", case="A-1", by=by)
    return holds.ask_to_lift(hold=held, reason="Closed.", by=by), "lift"


def _person_of(own: Organisation, *roles: Role) -> User:
    user = user_in_role(roles[0], organisation=own)
    for role in roles[1:]:
        Membership.objects.create(user=user, organisation=own, role=role)
    user.forget_scopes()
    return user


#: What is asked, and by which roles somebody may both ask and decide.
KINDS = [
    (_client, (Role.ORGANISATION_ADMIN,)),
    (_export, (Role.REGISTRAR, Role.PROTECTION_OFFICER)),
    (_erasure, (Role.REGISTRAR, Role.PROTECTION_OFFICER)),
    (_hold, (Role.PROTECTION_OFFICER,)),
]


@pytest.mark.parametrize(("ask", "roles"), KINDS)
def test_the_button_is_for_another_person_and_a_sentence_says_why(
    ask: Callable[[Person, User], Asked], roles: tuple[Role, ...], own: Organisation, person: Person
) -> None:
    asker, same, other = (_person_of(own, *roles) for _each in range(3))
    record, act = ask(person, asker)
    makes(asker, same)
    for user, sentence in ((asker, OWN), (same, HANDS)):
        browser, address = desk_of(user), act_url(record, act)
        page = browser.get(record_url(record))
        assert sentence in words(page)
        assert address not in page.content.decode()
        assert sentence in words(browser.get(address, follow=True))
        answer = browser.post(address, {"ask": _ask_of(record)})
        assert answer.status_code == 403 or "never who asked" in words(answer) or HANDS in words(answer)
        assert not _is_done(record)
    page = desk_of(other).get(record_url(record))
    assert not any(each in words(page) for each in (OWN, HANDS))
    assert act_url(record, act) in page.content.decode()
    desk_of(other).post(act_url(record, act), {"ask": _ask_of(record)})
    assert _is_done(record)


def _ask_of(record: Any) -> str:
    return str(record.asks.get(state="waits").pk) if isinstance(record, Client) else ""


def _is_done(record: Any) -> bool:
    record.refresh_from_db()
    if isinstance(record, Client):
        return record.let_in_at is not None
    return record.lifted_at is not None if isinstance(record, Hold) else record.state != "asked"


def test_who_does_not_reach_where_a_system_reads_is_told_so(own: Organisation) -> None:
    client, _secret = new(own, _person_of(own, Role.ORGANISATION_ADMIN))
    there = user_in_role(Role.PROTECTION_OFFICER, organisation=own, region=region("RU-KRS"))
    page = desk_of(there).get(record_url(client))
    assert "It reads in regions beyond yours." in words(page)
    assert act_url(client, "approve") not in page.content.decode()
