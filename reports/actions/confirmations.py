"""Asking addresses whether they want the reports, and what their yes does."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from reports.delivery.asked import send_asked
from reports.delivery.confirming import confirmation_letter
from reports.delivery.doorbell import ring_confirmations
from reports.models import ConfirmationMail, Subscription
from reports.models.subscription import SubscriptionState

logger = logging.getLogger(__name__)

#: A mail to confirm that no mail server takes is given up after this; somebody asks again.
GIVE_UP_AFTER = timedelta(hours=24)


def ask_to_confirm(subscription: Subscription, *, by: User) -> ConfirmationMail:
    """Queue the mail that asks; call it in a transaction that holds the subscription's row. Three queries.

    Raises ValidationError where the address was asked CONFIRMATIONS_A_DAY times within a day, for whichever region.
    """
    asked = ConfirmationMail.objects.filter(
        subscription__address__iexact=subscription.address, asked_at__gt=database_now() - timedelta(days=1)
    )
    if asked.count() >= settings.CONFIRMATIONS_A_DAY:
        message = _("This address was asked often enough today. Try again tomorrow, or speak to the reader.")
        raise ValidationError(message, code="asked_too_often")
    row = ConfirmationMail.objects.create(subscription=subscription, asked_at=database_now(), asked_by=by.pk)
    record("ask", subscription, by=by)
    transaction.on_commit(ring_confirmations, robust=True)
    return row


def confirm_by_link(*, subscription: Subscription) -> Subscription:
    """The address wants the reports: from the next edition on it gets them. Doing it twice changes nothing.

    Only an approved subscription that waits for it; any other stays as it is.
    """
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        if row.state == SubscriptionState.UNCONFIRMED:
            by = service_user()
            row.confirmed_at, row.confirmed_by = database_now(), by.pk
            row.save(update_fields=["confirmed_at", "confirmed_by"])
            record("confirm", row, by=by, detail={"way": "link"})
            row.refresh_from_db()
    return row


def send_confirmations() -> int:
    """Mail every question that waits, unless all mail is held, and answer how many the mail server took.

    One can come twice, should the service die at the wrong moment: better than a reader who was never asked.
    """
    waiting = ConfirmationMail.objects.filter(
        sent_at=None,
        asked_at__gt=database_now() - GIVE_UP_AFTER,
        subscription__state=SubscriptionState.UNCONFIRMED,
    )
    return send_asked(waiting.select_related("subscription"), _hand_over)


def _hand_over(asked: ConfirmationMail) -> bool:
    try:
        confirmation_letter(asked.subscription).send()
    except (SMTPException, OSError) as error:
        logger.warning("Confirmation %s was not taken: %s", asked.pk, type(error).__name__)
        return False
    return True
