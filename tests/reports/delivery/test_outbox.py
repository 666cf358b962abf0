"""The outbox: who gets a mail, and that one worker at a time has it."""

from datetime import timedelta

import pytest
import time_machine

from core.clock import database_now
from reports.delivery.outbox import GIVE_UP_AFTER, LEASE, due, fill, settle, start_data, wait_after
from reports.delivery.sending import send
from reports.delivery.transmission import Fate, Outcome
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from tests.factories.regions import region
from tests.factories.reports import (
    EditionFileFactory,
    PublishedEditionFactory,
    QueuedDeliveryFactory,
    SubscriptionFactory,
    WithdrawnEditionFactory,
)
from tests.reports.delivery.leases import lease_one
from tests.reports.delivery.server import Sink

pytestmark = pytest.mark.django_db


def _pass(delivery: Delivery, time: timedelta) -> None:
    """Let time pass for this mail."""
    row = Delivery.objects.get(pk=delivery.pk)
    row.next_attempt_at -= time
    row.queued_at -= time
    if row.leased_until:
        row.leased_until -= time
    row.save()


def addresses_of(edition: Edition) -> set[str]:
    """Whose mails are queued."""
    return set(edition.deliveries.values_list("address", flat=True))


def test_subscribers_of_the_region_and_of_those_above_get_one_mail_each() -> None:
    edition = PublishedEditionFactory.create()
    here = SubscriptionFactory.create()
    above = SubscriptionFactory.create(regions=[region("RU")])
    SubscriptionFactory.create(address=here.address.upper())
    SubscriptionFactory.create(regions=[region("RU-KRS-SUDZHANSKY")])
    SubscriptionFactory.create(regions=[region("RU-ORL")])
    SubscriptionFactory.create(is_active=False)
    assert fill(edition) == 2
    assert fill(edition) == 0
    assert addresses_of(edition) == {here.address, above.address}
    assert Delivery.objects.count() == 2


def test_each_gets_the_edition_of_their_readers_and_language_or_the_first_language() -> None:
    english = PublishedEditionFactory.create(operation__report_languages=["en", "uk"])
    ukrainian = PublishedEditionFactory.create(operation=english.operation, language="uk")
    public = PublishedEditionFactory.create(operation=english.operation, audience="public")
    reads = {language: SubscriptionFactory.create(language=language) for language in ("en", "uk", "ru")}
    outside = SubscriptionFactory.create(audience="public", language="en")
    for edition in (english, ukrainian, public):
        fill(edition)
    assert addresses_of(english) == {reads["en"].address, reads["ru"].address}
    assert addresses_of(ukrainian) == {reads["uk"].address}
    assert addresses_of(public) == {outside.address}


def test_message_ids_are_stable_and_name_nobody() -> None:
    edition = PublishedEditionFactory.create()
    subscription = SubscriptionFactory.create()
    fill(edition)
    row = edition.deliveries.get()
    assert row.pk.version == 7
    assert abs(database_now() - row.queued_at) < timedelta(minutes=1)
    assert row.message_id == f"<{edition.pk}.{row.pk}@musterpoint.example>"
    assert subscription.address not in row.message_id


def test_a_leased_mail_is_nobody_elses() -> None:
    delivery = QueuedDeliveryFactory.create()
    assert lease_one(delivery.pk) is not None
    assert lease_one(delivery.pk) is None
    assert due() == []


def test_a_worker_that_died_before_data_is_followed_by_another() -> None:
    delivery = QueuedDeliveryFactory.create()
    lease_one(delivery.pk)
    _pass(delivery, LEASE)
    assert due() == [delivery.pk]
    second = lease_one(delivery.pk)
    assert second is not None
    assert second.attempts == 2


def test_a_worker_that_died_after_data_leaves_an_unconfirmed_mail() -> None:
    delivery = QueuedDeliveryFactory.create()
    first = lease_one(delivery.pk)
    assert first is not None
    assert start_data(first)
    _pass(delivery, LEASE)
    assert lease_one(delivery.pk) is None
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.UNCONFIRMED
    assert due() == []


def test_a_worker_that_was_overtaken_does_not_send(sink: Sink) -> None:
    """It hung for longer than its lease, and another has sent the mail meanwhile."""
    delivery = QueuedDeliveryFactory.create()
    slow = lease_one(delivery.pk)
    assert slow is not None
    _pass(delivery, LEASE)
    send(delivery.pk)
    assert sink.copies(delivery.address) == 1
    assert not start_data(slow)
    settle(slow, Outcome(Fate.RETRY))
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENT


def test_of_two_leases_only_the_newer_one_counts() -> None:
    delivery = QueuedDeliveryFactory.create()
    slow = lease_one(delivery.pk)
    _pass(delivery, LEASE)
    quick = lease_one(delivery.pk)
    assert slow is not None
    assert quick is not None
    assert not start_data(slow)
    settle(slow, Outcome(Fate.FAILED, 550))
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENDING
    assert start_data(quick)


def test_a_late_yes_confirms_what_was_unconfirmed() -> None:
    delivery = QueuedDeliveryFactory.create()
    slow = lease_one(delivery.pk)
    assert slow is not None
    start_data(slow)
    _pass(delivery, LEASE)
    lease_one(delivery.pk)
    settle(slow, Outcome(Fate.SENT, 250))
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENT


def test_retries_wait_longer_each_time_and_end_after_a_day() -> None:
    assert [wait_after(n).total_seconds() / 60 for n in (1, 2, 3, 6, 7, 300)] == [1, 2, 4, 32, 60, 60]
    delivery = QueuedDeliveryFactory.create()
    tries, states = 0, set()
    while (leased := lease_one(delivery.pk)) is not None:
        states.add(settle(leased, Outcome(Fate.RETRY, 451, "later")))
        tries += 1
        _pass(delivery, wait_after(leased.attempts))
    assert states == {DeliveryState.QUEUED}
    after = Delivery.objects.get(pk=delivery.pk)
    assert (after.state, after.last_error) == (DeliveryState.FAILED, "later")
    assert GIVE_UP_AFTER <= database_now() - after.queued_at < GIVE_UP_AFTER + timedelta(hours=1, seconds=9)
    assert tries == 29


def test_a_first_try_is_made_however_late() -> None:
    """The service was down for two days: the report still goes out."""
    delivery = QueuedDeliveryFactory.create()
    _pass(delivery, timedelta(days=2))
    assert lease_one(delivery.pk) is not None


@pytest.mark.parametrize("ended", ["edition", "subscription"])
def test_what_was_taken_back_does_not_leave(sink: Sink, ended: str) -> None:
    if ended == "edition":
        kept = EditionFileFactory.create(edition=WithdrawnEditionFactory.create())
        delivery = QueuedDeliveryFactory.create(mail=kept)
    else:
        delivery = QueuedDeliveryFactory.create(subscription__is_active=False)
    send(delivery.pk)
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SUPPRESSED
    assert sink.connections == 0


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_worker_whose_clock_is_off_takes_no_mail_out_of_anothers_hands(hours: int) -> None:
    delivery = QueuedDeliveryFactory.create()
    later = database_now() + timedelta(minutes=30)
    waiting = QueuedDeliveryFactory.create(mail=delivery.edition.files.get(), next_attempt_at=later)
    first = lease_one(delivery.pk)
    assert first is not None
    with time_machine.travel(database_now() + timedelta(hours=hours)):
        assert due() == []
        assert lease_one(delivery.pk) is None
        assert lease_one(waiting.pk) is None
    assert start_data(first)
