"""What waits for a webhook is asked about anew before it is sent: it may wait for days, and rights end meanwhile."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from accounts.actions.clients import change_client, end_client
from accounts.models import Client, User
from core.clock import database_now
from exchange.actions import endpoints
from exchange.models import Message
from exchange.webhooks.sending import due
from tests.exchange.receiver import receiving
from tests.exchange.test_webhooks import Partner
from tests.factories.accounts import UserFactory
from tests.factories.clients import administrator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Iterator[Partner]:
    """Whose server was away when something changed: one message waits for it."""
    with receiving() as receiver:
        made = Partner(receiver)
        receiver.answers = [503]
        made.person()
        made.send()
        assert made.states() == ["waiting"]
        receiver.got.clear()
        made.later()
        yield made


def _client(partner: Partner) -> Client:
    return Client.objects.get(account=partner.endpoint.account)


def _end(partner: Partner) -> None:
    end_client(client=_client(partner), reason="The partner left.", by=UserFactory.create())


def _close(partner: Partner) -> None:
    User.objects.filter(pk=partner.endpoint.account_id).update(is_active=False)


def _expire(partner: Partner) -> None:
    past = database_now() - timedelta(minutes=1)
    Client.objects.update(valid_from=past - timedelta(days=1), valid_until=past)


@pytest.mark.parametrize("close", [_end, _close, _expire])
def test_nothing_is_sent_for_a_client_that_may_not_ask(
    close: Callable[[Partner], None], partner: Partner
) -> None:
    assert due() == [partner.endpoint.pk], "the control"
    close(partner)
    assert due() == []
    partner.send()
    assert partner.receiver.got == []
    assert partner.states() == ["waiting"]


def test_it_is_sent_when_the_client_may_ask_again(partner: Partner) -> None:
    _expire(partner)
    partner.send()
    Client.objects.update(valid_until=None)
    partner.send()
    assert len(partner.receiver.got) == 1
    assert partner.states() == ["sent"]


def test_a_role_that_was_taken_away_is_dead_for_what_waits(partner: Partner) -> None:
    partner.endpoint.account.memberships.all().delete()
    partner.send()
    assert partner.receiver.got == []
    assert "may read nothing" in Message.objects.get().last_error


def test_a_scope_that_was_taken_away_is_dead_for_what_waits(partner: Partner) -> None:
    client = _client(partner)
    change_client(
        client=client,
        scopes=[scope for scope in client.scopes if not scope.startswith("people:")],
        networks=(),
        valid_until=None,
        by=administrator_of(client.organisation),
    )
    partner.send()
    assert partner.receiver.got == []
    assert partner.states() == ["dead"]


def test_a_test_is_sent_before_the_client_is_let_in_and_not_after_its_end(partner: Partner) -> None:
    Message.objects.all().delete()
    Client.objects.update(let_in_at=None)
    endpoints.send_test(endpoint=partner.endpoint, by=UserFactory.create())
    partner.send()
    assert partner.states() == ["sent"]
    endpoints.send_test(endpoint=partner.endpoint, by=UserFactory.create())
    _end(partner)
    partner.later()
    partner.send()
    assert partner.states() == ["sent", "waiting"]
