"""The switch that holds all mail: nothing leaves, nothing is lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions.mail_holds import hold, release
from reports.delivery.outbox import due, start_data
from reports.delivery.sending import send
from reports.models import Delivery, MailHold
from reports.models.delivery import DeliveryState
from tests.factories.accounts import user_in_role
from tests.factories.reports import QueuedDeliveryFactory
from tests.reports.delivery.leases import lease_one
from tests.reports.delivery.server import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> User:
    """Somebody who may hold mail."""
    return user_in_role(Role.PUBLISHER)


def test_what_waits_stays_until_it_is_let_go_and_leaves_once(sink: Sink, publisher: User) -> None:
    delivery = QueuedDeliveryFactory.create()
    held = hold(reason="A wrong table.", by=publisher)
    assert due() == []
    send(delivery.pk)
    assert sink.kept == []
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    release(held=held, by=publisher)
    for _again in range(2):
        send(delivery.pk)
    assert sink.copies(delivery.address) == 1


def test_a_mail_that_was_about_to_leave_does_not(publisher: User) -> None:
    row = lease_one(QueuedDeliveryFactory.create().pk)
    assert row is not None
    hold(reason="A wrong table.", by=publisher)
    assert not start_data(row)
    assert Delivery.objects.get().data_started_at is None


def test_there_is_one_hold_at_a_time_and_each_step_leaves_a_trace(publisher: User) -> None:
    held = hold(reason="A wrong table.", by=publisher)
    assert hold(reason="Another reason.", by=publisher) == held
    with pytest.raises(IntegrityError), transaction.atomic():
        MailHold.objects.create(reason="Twice.", held_by=publisher.pk)
    for _again in range(2):
        release(held=held, by=publisher)
    assert list(AuditEvent.objects.order_by("at", "pk").values_list("action", flat=True)) == [
        "hold",
        "release",
    ]
    assert hold(reason="Once more.", by=publisher) != held


def test_why_is_asked_and_who_is_no_publisher_may_not(publisher: User) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        hold(reason=" ", by=publisher)
    with pytest.raises(PermissionDenied):
        hold(reason="A wrong table.", by=user_in_role(Role.REGISTRAR))
    assert not MailHold.objects.exists()
