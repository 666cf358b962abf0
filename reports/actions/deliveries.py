"""What a person does about a mail that did not surely arrive."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from reports.actions.checks import check_may
from reports.delivery.doorbell import ring_sweep
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus

#: Only these are a person's to decide; the others are on their way, have arrived, or were kept back on purpose.
RESENDABLE = (DeliveryState.UNCONFIRMED, DeliveryState.FAILED)


def resend(*, delivery: Delivery, by: User) -> Delivery:
    """Queue a failed or unconfirmed mail once more, under the same Message-ID: a mailbox that has it can tell.

    Raises ValidationError in any other state or where the edition was withdrawn, PermissionDenied for who may not publish.
    """
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("edition__operation", "edition__region")
            .get(pk=delivery.pk)
        )
        check_may(by, "publish", row.edition.operation, row.edition.region)
        if row.state not in RESENDABLE:
            message = _("Only a mail that failed or that may not have arrived can be sent again.")
            raise ValidationError(message, code="not_resendable")
        if row.edition.status != EditionStatus.PUBLISHED:
            message = _("This edition has been withdrawn; it is not sent any more. Send the newest one.")
            raise ValidationError(message, code="withdrawn")
        was = row.state
        row.state, row.data_started_at = DeliveryState.QUEUED, None
        row.queued_at = row.next_attempt_at = database_now()
        row.save(update_fields=["state", "data_started_at", "queued_at", "next_attempt_at"])
        record("resend", row, by=by, detail={"was": was, "attempts": row.attempts})
        transaction.on_commit(ring_sweep, robust=True)
    return row
