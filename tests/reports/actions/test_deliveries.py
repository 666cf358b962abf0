"""Sending again what may not have arrived: only a person does it, and it leaves a trace."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions.deliveries import resend
from reports.delivery.sending import send
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from tests.factories.accounts import user_in_role
from tests.factories.reports import (
    EditionFileFactory,
    FailedDeliveryFactory,
    QueuedDeliveryFactory,
    SentDeliveryFactory,
    UnconfirmedDeliveryFactory,
    WithdrawnEditionFactory,
)
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [UnconfirmedDeliveryFactory, FailedDeliveryFactory])
def test_sent_again_under_the_same_message_id(factory: type[QueuedDeliveryFactory], mailbox: Mailbox) -> None:
    delivery = factory.create()
    send(delivery.pk)
    assert mailbox.messages() == [], "nobody asked for it"
    publisher = user_in_role(Role.PUBLISHER)
    resend(delivery=delivery, by=publisher)
    send(delivery.pk)
    [mail] = mailbox.wait(1)
    assert mail["Message-ID"] == delivery.message_id
    assert mail["X-Envelope-To"] == delivery.address
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENT
    event = AuditEvent.objects.get(action="resend")
    assert (event.actor_id, event.detail["was"]) == (publisher.pk, delivery.state)
    assert delivery.address not in str(event.detail)


@pytest.mark.parametrize("factory", [QueuedDeliveryFactory, SentDeliveryFactory])
def test_what_is_on_its_way_or_there_is_not_sent_again(factory: type[QueuedDeliveryFactory]) -> None:
    delivery = factory.create()
    with pytest.raises(ValidationError) as refused:
        resend(delivery=delivery, by=user_in_role(Role.PUBLISHER))
    assert refused.value.code == "not_resendable"


def test_a_withdrawn_report_is_not_sent_again() -> None:
    kept = EditionFileFactory.create(edition=WithdrawnEditionFactory.create())
    delivery = UnconfirmedDeliveryFactory.create(mail=kept)
    with pytest.raises(ValidationError) as refused:
        resend(delivery=delivery, by=user_in_role(Role.PUBLISHER))
    assert refused.value.code == "withdrawn"


def test_only_a_publisher_sends_again() -> None:
    delivery = UnconfirmedDeliveryFactory.create()
    with pytest.raises(PermissionDenied):
        resend(delivery=delivery, by=user_in_role(Role.REGIONAL_COORDINATOR))
    assert not AuditEvent.objects.filter(action="resend").exists()
