"""Messages that wait or were given up while their client may read less than before: nothing more is told by them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from accounts.actions.clients import end_client
from accounts.models import Client
from core.clock import database_now
from displacement.actions.splitting import split
from displacement.models import Household, Person
from exchange.actions import endpoints
from exchange.models import Message
from tests.audit.trail import seal
from tests.exchange.receiver import receiving
from tests.exchange.test_webhooks import Partner
from tests.factories.accounts import almighty
from tests.factories.clients import administrator_of
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


class Waits(Partner):
    """One message that was not taken, about one person."""

    def made(self) -> Person:
        """Who it is about."""
        person = self.person()
        self.receiver.status = 500
        self.send()
        self.receiver.status = 204
        self.receiver.got.clear()
        return person

    def given_up(self) -> None:
        """Three days went by, and a person sends it again."""
        past = database_now() - timedelta(seconds=1)
        Message.objects.update(give_up_at=past)
        self.receiver.status = 500
        self.later()
        self.send()
        self.receiver.status = 204
        self.receiver.got.clear()
        assert self.states() == ["dead"]

    def replayed(self) -> None:
        """By an administrator."""
        by = administrator_of(self.household.organisation)
        endpoints.replay(message=Message.objects.get(), by=by)

    @property
    def client(self) -> Client:
        """For whose account it is."""
        return Client.objects.get(account=self.endpoint.account_id)


@pytest.fixture
def waits() -> Iterator[Waits]:
    """Whose server runs."""
    with receiving() as receiver:
        yield Waits(receiver)


def _nothing(_waits: Waits) -> None:
    """The control: then it is told."""


def _ended(waits: Waits) -> None:
    by = administrator_of(waits.household.organisation)
    end_client(client=waits.client, reason="The project is over.", by=by)


def _not_in_force(waits: Waits) -> None:
    Client.objects.update(valid_until=database_now())


def _switched_off(waits: Waits) -> None:
    account = waits.client.account
    account.is_active = False
    account.save()


def _other_scopes(_waits: Waits) -> None:
    Client.objects.update(scopes=["changes:read", "shelters:read"])


def _other_kinds(waits: Waits) -> None:
    by = administrator_of(waits.household.organisation)
    endpoints.choose_kinds(endpoint=waits.endpoint, kinds=["household"], by=by)


def _other_region(waits: Waits) -> None:
    waits.client.account.memberships.update(region=region("UA-59"))


def _gone(waits: Waits) -> None:
    """To another region. That it went is told by a message of its own, once that is committed."""
    waits.client.account.memberships.update(region=region("RU-KRS"))
    Household.objects.filter(pk=waits.household.pk).update(registered_in=region("UA-59"))


_NARROWED = (_ended, _not_in_force, _switched_off, _other_scopes, _other_kinds, _other_region, _gone)


@pytest.mark.parametrize("is_given_up", [False, True], ids=["waits", "given up"])
@pytest.mark.parametrize("happens", [_nothing, *_NARROWED])
def test_nothing_is_told_that_could_not_be_read_now(
    happens: Callable[[Waits], None], is_given_up: bool, waits: Waits
) -> None:
    person = waits.made()
    if is_given_up:
        waits.given_up()
    happens(waits)
    if is_given_up:
        waits.replayed()
    waits.later()
    waits.send()
    told = b"".join(body for _headers, body in waits.receiver.got)
    assert (str(person.pk).encode() in told) is (happens is _nothing)


def test_of_a_message_the_rest_is_told(waits: Waits) -> None:
    stays = PersonFactory.create(household=waits.household)
    goes = waits.made()
    there = HouseholdFactory.create(organisation=waits.household.organisation, registered_in=region("UA-59"))
    Person.objects.filter(pk=goes.pk).update(household=there)
    waits.client.account.memberships.update(region=region("RU-KRS"))
    waits.later()
    waits.send()
    assert waits.receiver.records[0] == [str(stays.pk)]
    assert set(waits.receiver.said[0]["data"]["changes"][0]) == {"kind", "id", "change", "at", "url"}


def test_who_left_the_region_is_told_although_they_are_seen_no_more(waits: Waits) -> None:
    waits.client.account.memberships.update(region=region("RU-KRS"))
    PersonFactory.create(household=waits.household)
    goes = waits.person()
    waits.send()
    there = HouseholdFactory.create(organisation=waits.household.organisation, registered_in=region("UA-59"))
    waits.receiver.got.clear()
    split(household=waits.household, people=[goes], into=there, by=almighty(), reason="To their aunt.")
    seal()
    waits.receiver.status = 500
    waits.send()
    waits.receiver.status = 204
    waits.later()
    waits.send()
    assert [str(goes.pk) in told for told in waits.receiver.records] == [True, True]
    for each in waits.receiver.said[1]["data"]["changes"]:
        assert set(each) == {"kind", "id", "change", "at", "url"}


def test_what_waits_for_a_client_that_was_ended_is_given_up_in_time(waits: Waits) -> None:
    waits.made()
    _ended(waits)
    waits.later()
    waits.send()
    assert waits.states() == ["waiting"]
    Message.objects.update(give_up_at=database_now())
    waits.later()
    waits.send()
    assert waits.states() == ["dead"]
    assert waits.receiver.got == []
