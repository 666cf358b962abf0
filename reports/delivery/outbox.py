"""The outbox: rows committed with an edition, each worked on by one worker at a time under a lease.

Every step is a statement of its own that says under which condition it holds, so that of two workers one goes on and the
other finds that there is nothing to do. `attempts` numbers the leases: a worker that was overtaken can change nothing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.clock import database_now
from reports.delivery.recipients import clock_of, quiet_end, recipients
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


def fill(edition: Edition) -> int:
    """Queue a mail for each address that takes these reports and has none yet; how many. A few queries, however many they are.

    Call it inside the transaction that publishes.
    """
    now = database_now()
    takers: Any = recipients(edition)
    chosen, values = takers.values("pk", "address", "formats", "folded").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(takers=chosen), [edition.pk, edition.pk, sender_domain(), *values])
        queued: int = cursor.rowcount
    _keep_quiet(edition, now)
    return queued


_FILL = """
    INSERT INTO reports_delivery (id, edition_id, subscription_id, address, formats, message_id,
                                  state, queued_at, attempts, next_attempt_at, last_error)
    SELECT made.id, %s, made.subscription_id, made.address, made.formats, format('<%%s.%%s@%%s>', %s::uuid, made.id, %s::text),
           'queued', statement_timestamp(), 0, statement_timestamp(), ''
    FROM (
        SELECT uuidv7() AS id, taker.subscription_id, taker.address, taker.formats
        FROM ({takers}) AS taker (subscription_id, address, formats, folded)
    ) AS made
"""


def _keep_quiet(edition: Edition, since: datetime) -> None:
    """Let mails that were queued since then wait for the end of the quiet hours of who gets them. A query for each window."""
    queued = edition.deliveries.of_report().filter(queued_at__gte=since)
    windows = queued.exclude(subscription__quiet_from=None).values_list(
        "subscription__quiet_from", "subscription__quiet_until", "subscription__zone"
    )
    for begins, ends, zone in windows.distinct().order_by():
        if end := quiet_end(begins, ends, since, clock_of(zone, edition.operation)):
            waiting = queued.filter(
                subscription__quiet_from=begins, subscription__quiet_until=ends, subscription__zone=zone
            )
            waiting.update(next_attempt_at=end)


def fill_erratum(erratum: Erratum) -> list[Delivery]:
    """One queued mail of the erratum for each address that got its edition, or may have. Three queries.

    In quiet hours too: who acts on a wrong number at night must learn of it at night. Also for those who take no more
    reports: what they hold is wrong. Call it inside the transaction that publishes.
    """
    now = database_now()
    rows = []
    for got in erratum.edition.deliveries.received().exclude(address="").order_by("pk"):
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


def lease(*delivery_ids: UUID) -> list[Delivery]:
    """Take those of these mails that want a worker, for LEASE from now; none while all mail is held. Four queries at most.

    A mail that its last worker left after the handing over had begun becomes unconfirmed here, and is not taken.
    Must not run inside another transaction: a lease that is not durable is none.
    """
    with transaction.atomic(durable=True):
        if MailHold.objects.open().exists():
            return []
        now = database_now()
        rows = list(
            Delivery.objects.due(now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("edition", "erratum", "subscription")
            .defer("edition__content")
            .filter(pk__in=delivery_ids)
            .order_by("pk")
        )
        for row in rows:
            row.state, row.last_error = _next_state(row, now)
        ours = [row for row in rows if row.state == DeliveryState.SENDING]
        others = [row for row in rows if row.state != DeliveryState.SENDING]
        _take(ours, now + LEASE)
        for row in others:
            row.leased_until = None
            row.save(update_fields=["state", "last_error", "leased_until"])
    for row in others:
        if row.state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED):
            logger.error("Delivery %s is %s; a person must look at it.", row.pk, row.state)
    return ours


def _take(rows: list[Delivery], until: datetime) -> None:
    """Write down in one statement that these mails are ours."""
    for row in rows:
        row.leased_until = until
        row.attempts += 1
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.SENDING, leased_until=until, attempts=F("attempts") + 1
    )


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
    """Make durable that the handing over begins. One query.

    False where the lease was lost, all mail held, the edition withdrawn or the subscription ended since the lease. What becomes
    of the mail is then decided by whoever comes when the lease has ended.
    """
    values: dict[str, Any] = {
        "lease": LEASE,
        "id": delivery.pk,
        "attempts": delivery.attempts,
        "sending": DeliveryState.SENDING,
        "readable": list(READABLE),
        "active": SubscriptionState.ACTIVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_START, values)
        return bool(cursor.rowcount)


#: Asked for every mail, so that it is written out: composing it took as long as the statement itself.
_START = """
    UPDATE reports_delivery SET data_started_at = statement_timestamp(), leased_until = statement_timestamp() + %(lease)s
    WHERE id = %(id)s AND attempts = %(attempts)s AND state = %(sending)s AND leased_until > statement_timestamp()
      AND NOT EXISTS (SELECT FROM reports_mailhold WHERE released_at IS NULL)
      AND (erratum_id IS NOT NULL
           OR EXISTS (SELECT FROM reports_edition WHERE id = edition_id AND status = ANY(%(readable)s))
              AND EXISTS (SELECT FROM reports_subscription WHERE id = subscription_id AND state = %(active)s))
"""


def settle(delivery: Delivery, outcome: Outcome) -> DeliveryState:
    """Write down what became of a try, and answer the state. One query; two where the mail is to be tried again.

    A server's yes counts even where the lease ran out while it was on its way: it is certain, unconfirmed is not.
    """
    changes: dict[str, object] = {}
    states = [DeliveryState.SENDING]
    match outcome.fate:
        case Fate.LEFT:
            return DeliveryState(delivery.state)
        case Fate.SENT:
            states.append(DeliveryState.UNCONFIRMED)
            state = DeliveryState.SENT
            changes["sent_at"] = Now()
        case Fate.RETRY if (now := database_now()) - delivery.queued_at < GIVE_UP_AFTER:
            state = DeliveryState.QUEUED
            changes |= {"next_attempt_at": now + wait_after(delivery.attempts), "data_started_at": None}
        case Fate.UNCONFIRMED:
            state = DeliveryState.UNCONFIRMED
        case _:
            state = DeliveryState.FAILED
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state__in=states).update(
        state=state, leased_until=None, last_code=outcome.code, last_error=str(outcome.words), **changes
    )
    return state


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the n-th try: a minute, then twice as long each time, never over an hour."""
    doublings: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
