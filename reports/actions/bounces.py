"""Mails that come back, and subscriptions that are suspended because of them."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from reports.actions.notices import note_suspended
from reports.delivery.returned import message_id_returned
from reports.models import Delivery, Subscription
from reports.models.subscription import SubscriptionState


def take_returned(notification: bytes) -> bool:
    """Write down that one of our mails came back; False for what is no such notification or not of a mail of ours.

    The mail is found by its Message-ID alone. Taking the same one twice changes nothing.
    """
    message_id = message_id_returned(notification)
    if message_id is None:
        return False
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).filter(message_id=message_id).first()
        if row is None:
            return False
        if row.returned_at is None:
            row.returned_at = database_now()
            row.save(update_fields=["returned_at"])
            record("return", row, by=service_user())
    return True


def suspend_refused() -> int:
    """Suspend every subscription whose address refused its last SUSPEND_AFTER mails for good, and answer how many.

    Mails from before it was confirmed, or confirmed anew, do not count. One query, and some for each suspect.
    """
    suspects = Subscription.objects.filter(
        state=SubscriptionState.ACTIVE, deliveries__in=Delivery.objects.came_back()
    )
    return sum(_suspend_if_refused(pk) for pk in list(suspects.distinct().values_list("pk", flat=True)))


def _suspend_if_refused(subscription_id: UUID) -> int:
    with transaction.atomic():
        rows = Subscription.objects.select_for_update(of=("self",)).with_regions()
        row = rows.filter(pk=subscription_id, state=SubscriptionState.ACTIVE).first()
        if row is None:
            return 0
        mails = Delivery.objects.finished().filter(subscription=row, queued_at__gt=row.confirmed_at)
        latest = list(mails.order_by("-queued_at", "-pk")[: settings.SUSPEND_AFTER])
        if len(latest) < settings.SUSPEND_AFTER or not all(mail.is_refused for mail in latest):
            return 0
        by = service_user()
        row.suspended_at, row.suspended_by = database_now(), by.pk
        row.save(update_fields=["suspended_at", "suspended_by"])
        record("suspend", row, by=by, detail={"refused": len(latest)})
        for region in row.regions:
            note_suspended(latest[0].edition.operation, region)
    return 1
