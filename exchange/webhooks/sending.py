"""Sending: one worker for one endpoint at a time, its messages in order of each record.

The endpoint's row is the lease. What was answered is written down after each message: a worker that is killed before that sends
it again under the same id, and so does its successor when the lease has ended.
"""

import logging
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from core.encryption import UnreadableError
from exchange.models import Endpoint, EndpointState, Message, MessageState
from exchange.webhooks.making import MOST_WAITING, Row, has_news, make_messages, sendable, told_now
from exchange.webhooks.posting import PUBLIC, Fate, Outcome, Way, post
from exchange.webhooks.signing import headers

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
#: When no further message is begun: others wait for a worker, too. The next sweep goes on.
LONGEST_RUN = timedelta(seconds=10)
#: An endpoint whose answer takes longer than this is left alone for ten times as long as it took: it has a tenth of a worker at
#: most, and the other nine are for everybody else.
SLOW_SECONDS, REST = 2, 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)


def due() -> list[UUID]:
    """The endpoints for which there is something to do now. A query, and up to a few for each active endpoint."""
    now = database_now()
    return [each.pk for each in Endpoint.objects.due(now).select_related("account") if _has_work(each, now)]


def _has_work(endpoint: Endpoint, now: datetime) -> bool:
    return (
        sendable(endpoint).filter(next_attempt_at__lte=now).exists()
        or endpoint.messages.waiting().filter(give_up_at__lte=now).exists()
        or has_news(endpoint)
    )


def send(endpoint_id: UUID, *, way: Way = PUBLIC) -> None:
    """Send what waits for this endpoint, one after the other, until something stands in the way. Safe to call at any time.

    Nothing but tests while its account could not ask by itself, and of each message only what it may be told at this moment.
    Must not run inside a transaction: each step has to be durable before the next begins.
    """
    endpoint = _lease(endpoint_id)
    if endpoint is None:
        return
    _send_all(endpoint, way)
    Endpoint.objects.filter(pk=endpoint.pk, leases=endpoint.leases).update(leased_until=None)


def _send_all(endpoint: Endpoint, way: Way) -> None:
    until = monotonic() + LONGEST_RUN.total_seconds()
    make_messages(endpoint)
    if not sendable(endpoint).exists():
        _give_up_old(endpoint)
    for message in _in_order(endpoint):
        told = _told(endpoint, message)
        if told is None:
            continue
        began = monotonic()
        outcome = _try(endpoint, message, told, way)
        took = monotonic() - began
        _settle(message, outcome)
        if not _goes_on(endpoint, outcome, took) or monotonic() > until:
            break


def _lease(endpoint_id: UUID) -> Endpoint | None:
    """Take the endpoint for LEASE from now, if nobody has it."""
    with transaction.atomic(durable=True):
        now = database_now()
        free = Endpoint.objects.due(now).select_related("account")
        endpoint = free.select_for_update(skip_locked=True, of=("self",)).filter(pk=endpoint_id).first()
        if endpoint is None:
            return None
        endpoint.leases += 1
        endpoint.leased_until = now + LEASE
        endpoint.save(update_fields=["leases", "leased_until"])
    return endpoint


def _in_order(endpoint: Endpoint) -> Iterator[Message]:
    """Those that are due, unless an earlier one about the same record was not taken."""
    held_up: set[str] = set()
    now = database_now()
    for message in endpoint.messages.waiting()[:MOST_WAITING]:
        records = message.records()
        if message.next_attempt_at <= now and held_up.isdisjoint(records):
            yield message
        if message.state == MessageState.WAITING:
            held_up |= records


def _told(endpoint: Endpoint, message: Message) -> list[Row] | None:
    """What the message may tell now; None where it must not be sent. All is asked anew, since it may have waited for days.

    One of which nothing is left is given up, and nobody has to look at it.
    """
    endpoint.account = User.objects.get(pk=endpoint.account_id)
    if not sendable(endpoint).filter(pk=message.pk).exists():
        return None
    told = told_now(endpoint, message)
    if told or not message.changes:
        return told
    words = _("Its client may read nothing of what it tells any more.")
    message.state, message.last_error = MessageState.DEAD, words
    message.save(update_fields=["state", "last_error"])
    return None


def _try(endpoint: Endpoint, message: Message, told: list[Row], way: Way) -> Outcome:
    now = database_now()
    said = {"type": message.kind, "timestamp": message.queued_at, "data": {"changes": told}}
    body = orjson.dumps(said, option=orjson.OPT_UTC_Z)
    try:
        signed = headers(message.webhook_id, body, now, endpoint.secrets(now))
    except UnreadableError as error:
        return Outcome(Fate.UNREACHED, None, str(error))
    return post(endpoint.url, body, signed, way=way)


def _settle(message: Message, outcome: Outcome) -> None:
    """Write down what came of a try. One query."""
    now = database_now()
    message.attempts += 1
    message.last_status, message.last_error = outcome.status, outcome.words[:300]
    if outcome.fate is Fate.TAKEN:
        message.state, message.sent_at = MessageState.SENT, now
    elif outcome.fate is not Fate.GONE and now >= message.give_up_at:
        message.state = MessageState.DEAD
    message.next_attempt_at = now + wait_after(message.attempts)
    message.save(
        update_fields=["attempts", "last_status", "last_error", "state", "sent_at", "next_attempt_at"]
    )
    if message.state == MessageState.DEAD:
        logger.error("Message %s of a webhook was given up; a person must look at it.", message.pk)


def _goes_on(endpoint: Endpoint, outcome: Outcome, took: float) -> bool:
    """Whether the next message may be tried at once; where not, the endpoint is left alone for a while, or for good."""
    if outcome.fate is Fate.GONE:
        _switch_off(endpoint)
        return False
    if outcome.fate is Fate.UNREACHED:
        endpoint.failures += 1
        endpoint.next_attempt_at = database_now() + wait_after(endpoint.failures)
        endpoint.save(update_fields=["failures", "next_attempt_at"])
        _give_up_old(endpoint)
        return False
    if endpoint.failures:
        endpoint.failures = 0
        endpoint.save(update_fields=["failures"])
    if took > SLOW_SECONDS:
        endpoint.next_attempt_at = database_now() + REST * timedelta(seconds=took)
        endpoint.save(update_fields=["next_attempt_at"])
        return False
    return True


@transaction.atomic
def _switch_off(endpoint: Endpoint) -> None:
    """410: the partner says so, and no person does. What waits stays, should somebody switch it on again."""
    endpoint.state = EndpointState.GONE
    endpoint.save(update_fields=["state"])
    record("gone", endpoint, by=service_user())
    logger.error("Webhook %s answered 410 and was switched off.", endpoint.pk)


def _give_up_old(endpoint: Endpoint) -> None:
    """What waited for too long behind one that did not get through."""
    old = endpoint.messages.waiting().filter(give_up_at__lte=database_now())
    if old.update(state=MessageState.DEAD):
        logger.error("Messages of webhook %s were given up; a person must look at them.", endpoint.pk)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the n-th try: half a minute, then twice as long each time, never over six hours.

    A quarter more or less by chance, so that partners who were away together are not all tried at once.
    """
    doublings: int = 2 ** min(attempts - 1, 12)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT) * random.uniform(0.75, 1.25)
