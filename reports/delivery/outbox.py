"""The outbox: rows committed with an edition, each worked on by one worker at a time under a lease.

Every step is a statement of its own that says under which condition it holds, so that of two workers one goes on and the
other finds that there is nothing to do. `attempts` numbers the leases: a worker that was overtaken can change nothing.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.clock import database_now
from reports.delivery.recipients import quiet_end, recipients
from reports.delivery.transmission import Fate, Outcome, sender_domain
from reports.models import Delivery, Edition, Erratum, MailHold
from reports.models.delivery import DeliveryState
from reports.models.edition import READABLE
from reports.models.subscription import SubscriptionState

logger = logging.getLogger(__name__)

#: How long a worker may be silent before its mail is given to another, or held to be unconfirmed.
LEASE = timedelta(seconds=120)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
#: How long a mail is tried that the server neither takes nor refuses.
GIVE_UP_AFTER = timedelta(hours=24)


def fill(edition: Edition) -> list[Delivery]:
    """One queued mail for each address that takes these reports and has none yet. Four queries.

    Call it inside the transaction that publishes.
    """
    now = database_now()
    rows = []
    for subscription in recipients(edition):
        row = Delivery(edition=edition, subscription=subscription, address=subscription.address)
        row.message_id = f"<{edition.pk}.{row.pk}@{sender_domain()}>"
        row.queued_at = now
        row.next_attempt_at = quiet_end(subscription, now, edition.operation.tz) or now
        rows.append(row)
    return Delivery.objects.bulk_create(rows)


def fill_erratum(erratum: Erratum) -> list[Delivery]:
    """One queued mail of the erratum for each address that got its edition, or may have. Three queries.

    In quiet hours too: who acts on a wrong number at night must learn of it at night. Also for those who take no more
    reports: what they hold is wrong. Call it inside the transaction that publishes.
    """
    now = database_now()
    rows = []
    for got in erratum.edition.deliveries.received().order_by("pk"):
        row = Delivery(edition=erratum.edition, erratum=erratum, address=got.address)
        row.subscription_id = got.subscription_id
        row.message_id = f"<{erratum.pk}.{row.pk}@{sender_domain()}>"
        row.queued_at = row.next_attempt_at = now
        rows.append(row)
    return Delivery.objects.bulk_create(rows)


def due() -> list[UUID]:
    """The ids of all mails that want a worker now; none while all mail is held. Three queries."""
    if MailHold.objects.open().exists():
        return []
    return list(Delivery.objects.due(database_now()).order_by("next_attempt_at").values_list("pk", flat=True))


def lease(delivery_id: UUID) -> Delivery | None:
    """Take the mail for LEASE, or None where there is nothing to do for it now, or all mail is held. Up to four queries.

    A mail that its last worker left after the handing over had begun becomes unconfirmed here, and is not taken.
    Must not run inside another transaction: a lease that is not durable is none.
    """
    with transaction.atomic(durable=True):
        if MailHold.objects.open().exists():
            return None
        now = database_now()
        row = (
            Delivery.objects.due(now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("edition", "erratum", "subscription")
            .defer("edition__content")
            .filter(pk=delivery_id)
            .first()
        )
        if row is None:
            return None
        row.state, row.last_error = _next_state(row, now)
        is_ours = row.state == DeliveryState.SENDING
        row.leased_until = now + LEASE if is_ours else None
        row.attempts += is_ours
        row.save(update_fields=["state", "last_error", "leased_until", "attempts"])
    if row.state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
        logger.error("Delivery %s is %s; a person must look at it.", row.pk, row.state)
    return row if is_ours else None


def _next_state(row: Delivery, now: datetime) -> tuple[DeliveryState, str]:
    """What a due mail becomes when a worker comes for it, and what is to be said of it."""
    if row.data_started_at is not None:
        return DeliveryState.UNCONFIRMED, _(
            "The service stopped while the mail was handed over: it may have arrived."
        )
    is_wanted = row.edition.status in READABLE and row.subscription.state == SubscriptionState.ACTIVE
    if row.erratum_id is None and not is_wanted:
        return DeliveryState.SUPPRESSED, _(
            "The edition was withdrawn, or the subscription ended or was suspended before the mail left."
        )
    if row.attempts and now - row.queued_at > GIVE_UP_AFTER:
        return DeliveryState.FAILED, row.last_error or _(
            "The service stopped at each try. Read its log, then send it again."
        )
    return DeliveryState.SENDING, row.last_error


def start_data(delivery: Delivery) -> bool:
    """Make durable that the handing over begins; False where the lease was lost or all mail held meanwhile. One query.

    A mail that is held at this moment is tried again after its lease.
    """
    ours = Delivery.objects.filter(
        ~Exists(MailHold.objects.open()),
        pk=delivery.pk,
        attempts=delivery.attempts,
        state=DeliveryState.SENDING,
        leased_until__gt=Now(),
    )
    return bool(ours.update(data_started_at=Now(), leased_until=Now() + LEASE))


def settle(delivery: Delivery, outcome: Outcome) -> DeliveryState:
    """Write down what became of a try, and answer the state. Two queries.

    A server's yes counts even where the lease ran out while it was on its way: it is certain, unconfirmed is not.
    """
    now = database_now()
    changes: dict[str, object] = {
        "leased_until": None,
        "last_code": outcome.code,
        "last_error": str(outcome.words),
    }
    states = [DeliveryState.SENDING]
    match outcome.fate:
        case Fate.LEFT:
            return DeliveryState(delivery.state)
        case Fate.SENT:
            states.append(DeliveryState.UNCONFIRMED)
            state = DeliveryState.SENT
            changes["sent_at"] = now
        case Fate.RETRY if now - delivery.queued_at < GIVE_UP_AFTER:
            state = DeliveryState.QUEUED
            changes |= {"next_attempt_at": now + wait_after(delivery.attempts), "data_started_at": None}
        case Fate.UNCONFIRMED:
            state = DeliveryState.UNCONFIRMED
        case _:
            state = DeliveryState.FAILED
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state__in=states).update(
        state=state, **changes
    )
    return state


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the n-th try: a minute, then twice as long each time, never over an hour."""
    doublings: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
