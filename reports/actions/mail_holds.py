"""Holding all mail, and letting it go on: for the minute in which somebody sees that something wrong is going out."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.visibility import may
from audit.actions.record import record
from core.clock import database_now
from reports.delivery.doorbell import ring_sweep
from reports.models import MailHold

RESOURCE = "reports.mailhold"


def hold(*, reason: str, by: User) -> MailHold:
    """Let no mail leave from now on; a mail whose handing over has begun goes on. Where all is held already, that hold.

    Raises ValidationError without a reason, PermissionDenied for who may not. Four queries.
    """
    _check_may(by, "add")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why mail is held: others see that nothing leaves and ask.")})
    with transaction.atomic():
        held = MailHold.objects.open().first()
        if held is not None:
            return held
        row = MailHold.objects.create(reason=reason.strip(), held_by=by.pk, held_at=database_now())
        record("hold", row, by=by, reason=row.reason)
    return row


def release(*, held: MailHold, by: User) -> MailHold:
    """Let mail go on: what waited is sent now. Doing it twice changes nothing. Raises PermissionDenied. Four queries."""
    _check_may(by, "change")
    with transaction.atomic():
        row = MailHold.objects.select_for_update().get(pk=held.pk)
        if row.released_at is None:
            row.released_at, row.released_by = database_now(), by.pk
            row.save(update_fields=["released_at", "released_by"])
            record("release", row, by=by)
            transaction.on_commit(ring_sweep, robust=True)
    return row


def _check_may(by: User, action: str) -> None:
    if not may(by, RESOURCE, action):
        raise PermissionDenied(_("Only a publisher holds mail or lets it go on."))
