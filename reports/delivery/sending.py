"""Sending one mail of the outbox, from the lease to what became of it."""

import logging
from functools import lru_cache
from uuid import UUID

from reports.delivery.message import addressed
from reports.delivery.outbox import lease, settle, start_data
from reports.delivery.transmission import transmit
from reports.models import Delivery, EditionFile
from reports.models.delivery import DeliveryState

#: The format under which an edition keeps its mail.
MAIL_FORMAT = "mail"

logger = logging.getLogger(__name__)


def send(delivery_id: UUID) -> None:
    """Try to send this mail once. Does nothing where it is sent, not yet due, or in other hands. About six queries.

    Safe to call any number of times and from several workers. Must not run inside a transaction: each step has to be
    durable before the next begins.
    """
    delivery = lease(delivery_id)
    if delivery is None:
        return
    message = addressed(_mail_of(delivery), delivery)
    outcome = transmit(delivery.address, message, before_data=lambda: start_data(delivery))
    state = settle(delivery, outcome)
    if state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
        logger.error(
            "Delivery %s is %s (reply %s); a person must look at it.", delivery.pk, state, outcome.code
        )


def _mail_of(delivery: Delivery) -> bytes:
    """The erratum's letter where it carries one, else the mail of its edition."""
    if delivery.erratum is not None and delivery.erratum.mail is not None:
        return bytes(delivery.erratum.mail)
    return _kept_mail(delivery.edition_id)


@lru_cache(maxsize=2)
def _kept_mail(edition_id: UUID) -> bytes:
    """Kept for the next recipient: the file of an edition never changes, and is some hundred kilobytes."""
    return bytes(EditionFile.objects.only("content").get(edition=edition_id, format=MAIL_FORMAT).content)
