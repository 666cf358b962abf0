"""Sending mails of the outbox, from the lease to what became of each."""

import logging
from contextlib import closing
from functools import lru_cache
from time import monotonic
from uuid import UUID

from reports.delivery.message import addressed, with_files
from reports.delivery.outbox import LEASE, lease, settle, start_data
from reports.delivery.transmission import Line
from reports.models import Delivery, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.subscription import MailFormats

#: The format under which an edition keeps its mail.
MAIL_FORMAT = "mail"
#: When no further mail of those leased together is begun: with a server that stalls at each word the others wait for their
#: lease to end, and the task for less than the limit of tasks.
LONGEST_RUN = LEASE / 2

logger = logging.getLogger(__name__)


def send(*delivery_ids: UUID) -> None:
    """Try to send these mails once, one after the other. Passes over those that are sent, not yet due, or in other hands.

    Four queries for all and two for each. Safe to call any number of times and from several workers. Must not run inside a
    transaction: each step has to be durable before the next begins.
    """
    until = monotonic() + LONGEST_RUN.total_seconds()
    with closing(Line()) as line:
        for delivery in lease(*delivery_ids):
            if monotonic() < until:
                _send(delivery, line)


def _send(delivery: Delivery, line: Line) -> None:
    message = addressed(_mail_of(delivery), delivery)
    outcome = line.transmit(delivery.address, message, before_data=lambda: start_data(delivery))
    state = settle(delivery, outcome)
    if state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
        logger.error(
            "Delivery %s is %s (reply %s); a person must look at it.", delivery.pk, state, outcome.code
        )


def _mail_of(delivery: Delivery) -> bytes:
    """The erratum's letter where it carries one, else the mail of its edition."""
    if delivery.erratum is not None and delivery.erratum.mail is not None:
        return bytes(delivery.erratum.mail)
    return _kept_mail(delivery.edition_id, delivery.formats)


@lru_cache(maxsize=2 * len(MailFormats))
def _kept_mail(edition_id: UUID, formats: str) -> bytes:
    """With these files, and kept for the next recipient: an edition's mail never changes, and is some hundred kilobytes."""
    kept = EditionFile.objects.only("content").get(edition=edition_id, format=MAIL_FORMAT)
    return with_files(bytes(kept.content), MailFormats(formats).kept)
