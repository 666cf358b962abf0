"""Mails to one address each that somebody asked for and that no outbox holds: each waits in its row until a server took it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from core.clock import database_now
from reports.models import ConfirmationMail, MailHold, TrialMail

Mail = TypeVar("Mail", ConfirmationMail, TrialMail)


def send_asked(waiting: QuerySet[Mail], hand_over: Callable[[Mail], bool]) -> int:
    """Hand over every mail that waits, unless all mail is held, and answer how many the mail server took.

    `hand_over` answers whether the server took it. What is not taken waits for the next ring. Only where the service dies
    between the server's yes and our own note can one come twice. Three queries each.
    """
    ids = list(waiting.order_by("asked_at").values_list("pk", flat=True))
    return sum(_send(waiting.filter(pk=pk), hand_over) for pk in ids)


def _send(one: QuerySet[Mail], hand_over: Callable[[Mail], bool]) -> bool:
    with transaction.atomic():
        if MailHold.objects.open().exists():
            return False
        row = one.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None or not hand_over(row):
            return False
        row.sent_at = database_now()
        row.save(update_fields=["sent_at"])
    return True
