"""Webhooks from a change to a partner's server, which is a real one with TLS, and what becomes of each message."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from accounts.models import Client
from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from displacement.models import Household, Person
from exchange import tasks
from exchange.actions import endpoints
from exchange.models import Endpoint, EndpointState, Message, MessageState
from exchange.models.message import GIVE_UP_AFTER
from exchange.webhooks import posting, sending
from exchange.webhooks.making import has_news
from exchange.webhooks.sending import due, send, wait_after
from exchange.webhooks.signing import headers
from retention.actions.applying import apply_all
from tests.audit.trail import seal
from tests.exchange.receiver import Receiver, drips, receiving, stalls
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.exchange import webhook

pytestmark = pytest.mark.django_db


class Partner:
    """A receiver, its webhook, and a household of its organisation."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.household: Household = HouseholdFactory.create()
        seal()
        self.endpoint, self.secret = webhook(self.household.organisation, receiver.url)

    def person(self) -> Person:
        """One more, committed."""
        person: Person = PersonFactory.create(household=self.household)
        seal()
        return person

    def changed(self, person: Person) -> None:
        """One that changed, committed."""
        Person.objects.filter(pk=person.pk).update(given_name="Hanna")
        seal()

    def send(self) -> None:
        """What a worker does."""
        send(self.endpoint.pk, way=self.receiver.way)
        seal()

    def later(self) -> None:
        """Every wait and lease is over."""
        past = timezone.now() - timedelta(seconds=1)
        Endpoint.objects.update(next_attempt_at=past, leased_until=None)
        Message.objects.waiting().update(next_attempt_at=past)

    def states(self) -> list[str]:
        """Of its messages, in their order."""
        return list(self.endpoint.messages.order_by("id").values_list("state", flat=True))


@pytest.fixture
def partner() -> Iterator[Partner]:
    """Whose server runs."""
    with receiving() as receiver:
        yield Partner(receiver)


def test_the_published_vector_of_the_standard() -> None:
    sent = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert sent["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sent["webhook-timestamp"] == "1614265330"


def test_a_change_arrives_signed_with_ids_and_nothing_else(partner: Partner) -> None:
    person = partner.person()
    assert due() == [partner.endpoint.pk]
    partner.send()
    [(sent, body)] = partner.receiver.got
    said = Webhook(partner.secret).verify(body, sent)
    [change] = said["data"]["changes"]
    assert (said["type"], change["kind"], change["id"], change["change"]) == (
        "changes",
        "person",
        str(person.pk),
        "created",
    )
    assert set(change) == {"kind", "id", "change", "at", "url"}
    assert person.family_name.encode() not in body
    message = Message.objects.get()
    assert (message.state, message.webhook_id, message.last_status) == ("sent", sent["webhook-id"], 204)
    assert due() == []
    partner.later()
    partner.send()
    assert len(partner.receiver.got) == 1


def test_it_is_told_of_what_its_account_sees_and_of_the_kinds_it_wants(partner: Partner) -> None:
    endpoints.choose_kinds(
        endpoint=partner.endpoint, kinds=["household"], by=administrator_of(partner.endpoint.organisation)
    )
    partner.person()
    HouseholdFactory.create()
    seal()
    partner.send()
    assert partner.receiver.got == []
    HouseholdFactory.create(organisation=partner.household.organisation)
    seal()
    account = partner.endpoint.account
    account.is_active = False
    account.save()
    partner.send()
    assert partner.receiver.got == []
    account.is_active = True
    account.save()
    partner.send()
    assert len(partner.receiver.got) == 1


def test_messages_about_one_record_keep_their_order_and_hold_up_no_other(partner: Partner) -> None:
    first = partner.person()
    partner.receiver.answers = [500]
    partner.send()
    partner.changed(first)
    second = partner.person()
    partner.send()
    # The later message tells of both, so it waits, too.
    assert partner.states() == ["waiting", "waiting"]
    third = partner.person()
    partner.send()
    assert partner.receiver.records == [[str(first.pk)], [str(third.pk)]]
    partner.later()
    partner.send()
    assert partner.receiver.records[2:] == [[str(first.pk)], [str(first.pk), str(second.pk)]]
    assert partner.receiver.ids[0] == partner.receiver.ids[2]
    assert set(partner.states()) == {"sent"}


def test_what_is_never_taken_is_given_up_after_three_days_and_sent_again_by_a_person(
    partner: Partner,
) -> None:
    partner.person()
    partner.receiver.status = 400
    partner.send()
    message = Message.objects.get()
    assert message.give_up_at - message.queued_at == pytest.approx(GIVE_UP_AFTER, abs=timedelta(seconds=1))
    Message.objects.update(give_up_at=timezone.now())
    partner.later()
    partner.send()
    assert partner.states() == ["dead"]
    partner.later()
    partner.send()
    assert len(partner.receiver.got) == 2
    partner.receiver.status = 200
    endpoints.replay(message=message, by=UserFactory.create())
    partner.send()
    assert partner.states() == ["sent"]
    assert len(set(partner.receiver.ids)) == 1


def test_waits_grow_by_chance_and_fill_three_days() -> None:
    waits = [[wait_after(n) for n in range(1, 25)] for _ in range(5)]
    assert waits[0] != waits[1]
    for each in waits:
        assert timedelta(seconds=20) < each[0] < timedelta(seconds=40)
        assert max(each) <= timedelta(hours=7.5)
        assert sum(each, timedelta()) > GIVE_UP_AFTER


def test_410_switches_it_off_and_nothing_is_left_out_when_it_is_on_again(partner: Partner) -> None:
    first = partner.person()
    partner.receiver.status = 410
    partner.send()
    partner.endpoint.refresh_from_db()
    assert partner.endpoint.state == EndpointState.GONE
    assert AuditEvent.objects.filter(action="gone", object_id=str(partner.endpoint.pk)).exists()
    second = partner.person()
    assert due() == []
    partner.later()
    partner.send()
    assert len(partner.receiver.got) == 1
    partner.receiver.status = 200
    endpoints.switch_on(endpoint=partner.endpoint, by=administrator_of(partner.endpoint.organisation))
    partner.send()
    assert partner.receiver.records[1:] == [[str(first.pk)], [str(second.pk)]]


def test_while_a_secret_changes_both_hold(partner: Partner) -> None:
    admin = administrator_of(partner.endpoint.organisation)
    _endpoint, new = endpoints.rotate_secret(endpoint=partner.endpoint, by=admin)
    partner.person()
    partner.send()
    [(sent, body)] = partner.receiver.got
    for secret in (partner.secret, new):
        Webhook(secret).verify(body, sent)
    Endpoint.objects.update(former_until=timezone.now())
    partner.person()
    partner.send()
    sent, body = partner.receiver.got[1]
    Webhook(new).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(partner.secret).verify(body, sent)
    partner.endpoint.refresh_from_db()
    kept = partner.endpoint.secret + partner.endpoint.former_secret
    assert new not in kept
    assert new.removeprefix("whsec_") not in kept


def test_a_worker_killed_before_it_wrote_the_answer_down_sends_it_again_under_the_same_id(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.person()
    with monkeypatch.context() as killed:
        killed.setattr(sending, "_settle", lambda *_args: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            partner.send()
    partner.send()  # its lease holds: nobody else works for this webhook
    assert len(partner.receiver.got) == 1
    partner.later()
    partner.send()
    assert len(partner.receiver.ids) == 2
    assert len(set(partner.receiver.ids)) == 1
    assert partner.states() == ["sent"]


@pytest.mark.parametrize("instead", [stalls, drips])
def test_one_that_does_not_answer_is_left_alone_and_delays_nobody(
    partner: Partner, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "READ_SECONDS", 0.5)
    monkeypatch.setattr(posting, "MOST_SECONDS", 1)
    partner.receiver.instead = instead  # type: ignore[assignment]  # one of two functions
    with receiving() as other_receiver:
        other, _secret = webhook(partner.household.organisation, other_receiver.url)
        people = [partner.person() for _ in range(3)]
        assert set(due()) == {partner.endpoint.pk, other.pk}
        began = timezone.now()
        partner.send()
        assert timezone.now() - began < timedelta(seconds=2.5)
        send(other.pk, way=other_receiver.way)
        assert other_receiver.records == [[str(person.pk) for person in people]]
    partner.changed(people[0])
    assert len(partner.receiver.got) == 1
    assert partner.endpoint.pk not in due()
    assert Message.objects.filter(endpoint=partner.endpoint, state=MessageState.WAITING).exists()


def test_one_that_answers_slowly_is_told_less_often(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SLOW_SECONDS", 0)
    partner.person()
    partner.send()
    partner.person()
    partner.send()
    assert partner.states() == ["sent"]
    assert due() == []
    partner.later()
    partner.send()
    assert partner.states() == ["sent", "sent"]


def test_a_test_tells_of_no_record_and_a_restored_database_says_so(partner: Partner) -> None:
    endpoints.send_test(endpoint=partner.endpoint, by=UserFactory.create())
    partner.send()
    endpoints.begin_anew()
    partner.send()
    assert [(said["type"], said["data"]["changes"]) for said in partner.receiver.said] == [
        ("test", []),
        ("restored", []),
    ]
    person = partner.person()
    partner.send()
    assert partner.receiver.records[2] == [str(person.pk)]


def test_the_tasks_go_the_public_way_and_old_messages_are_forgotten(partner: Partner) -> None:
    Endpoint.objects.update(url="https://hooks.invalid/in")
    partner.person()
    tasks.sweep_endpoints()
    tasks.tell_endpoint(endpoint_id=str(partner.endpoint.pk))
    partner.endpoint.refresh_from_db()
    message = Message.objects.get()
    assert (message.state, partner.endpoint.failures, partner.endpoint.leased_until) == ("waiting", 1, None)
    assert "leads to no address" in message.last_error
    for days, left in ((29, 1), (31, 0)):
        then = timezone.now() - timedelta(days=days)
        Message.objects.update(state=MessageState.SENT, sent_at=then)
        apply_all(each="night")
        assert Message.objects.count() == left


def test_only_a_partners_system_of_the_organisation_is_told(partner: Partner) -> None:
    organisation = OrganisationFactory.create()
    for account in (
        user_in_role(Role.REGISTRAR, organisation=organisation),
        user_in_role(Role.PARTNER_SYSTEM),
    ):
        with pytest.raises(Exception, match="account of a partner's system"):
            endpoints.add_endpoint(
                organisation=organisation,
                account=account,
                url="https://hooks.example.org/in",
                kinds=["person"],
                by=account,
            )


def test_a_webhook_waits_while_the_client_of_its_account_is_not_in_force() -> None:
    client, _secret = partner_client()
    endpoint, _signing = endpoints.add_endpoint(
        organisation=client.organisation,
        account=client.account,
        url="https://hooks.example.org/in",
        kinds=["person"],
        by=administrator_of(client.organisation),
    )
    endpoint.cursor = ""  # of another database, which is always told
    assert has_news(endpoint)
    Client.objects.update(valid_from=database_now() + timedelta(hours=1))
    assert not has_news(endpoint)
