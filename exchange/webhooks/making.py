"""Making messages out of the feed: whoever writes a record writes nothing for webhooks."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import Client
from core.clock import database_now
from exchange import feed
from exchange.cursors import ForgedError, parsed, written
from exchange.kinds import Kind, open_to
from exchange.models import Endpoint, Message, MessageKind
from exchange.models.message import GIVE_UP_AFTER, MessageQuerySet

#: Changes that one message carries, and messages that wait for one endpoint: the feed itself keeps what is beyond.
CHANGES_A_MESSAGE = 100
MOST_WAITING = 200
#: How many seals without a change are passed over before the place is written down: that, too, makes a seal.
_QUIET_SEALS = 1_000
#: In a kept row: the record left the account's region, which is told to it without being seen by it.
_LEFT = "left"

Row = dict[str, Any]


def make_messages(endpoint: Endpoint) -> None:
    """Fill the endpoint's queue from the feed, as far as it goes. A few queries a message.

    Nothing while its account is switched off, or its client is not in force: its place stays where it is.
    """
    if not _may_ask(endpoint):
        return
    free = MOST_WAITING - endpoint.messages.waiting().count()
    while free > 0 and _make_one(endpoint):
        free -= 1


def queue_message(endpoint: Endpoint, kind: MessageKind, changes: Sequence[Row] = ()) -> Message:
    """One message that waits from now on, by the clock of the database. Two queries."""
    now = database_now()
    return Message.objects.create(
        endpoint=endpoint,
        kind=kind,
        changes=list(changes),
        queued_at=now,
        next_attempt_at=now,
        give_up_at=now + GIVE_UP_AFTER,
    )


def has_news(endpoint: Endpoint) -> bool:
    """Whether the feed holds something for it. A few queries, nothing is written."""
    if not _may_ask(endpoint):
        return False
    try:
        page = feed.read(parsed(endpoint.cursor), endpoint.account, size=1, kinds=_wanted(endpoint))
    except (ForgedError, feed.RestoredError):
        return True
    return page.has_more or bool(page.changes) or _is_far(page.place, parsed(endpoint.cursor))


def sendable(endpoint: Endpoint) -> MessageQuerySet:
    """What may be sent of what waits: nothing while its account is closed, tests alone while its client is not in force.

    Three queries at most, and that of the answer.
    """
    waiting = endpoint.messages.waiting()
    if _may_ask(endpoint):
        return waiting
    return waiting.filter(kind=MessageKind.TEST) if endpoint.account.is_active else waiting.none()


def _may_ask(endpoint: Endpoint) -> bool:
    """Whether its account could ask by itself now. Two queries at most."""
    client = Client.objects.filter(account=endpoint.account_id).first()
    return endpoint.account.is_active and client is not None and client.is_in_force(database_now())


def told_now(endpoint: Endpoint, message: Message) -> list[Row]:
    """Of what the message was made to tell that which its account may be told at this moment. A query for each kind.

    Days may lie between: its scopes or its region may have been narrowed, or a record gone elsewhere.
    """
    kinds = _wanted(endpoint)
    names = {kind.name for kind in kinds}
    seen = feed.still_seen(((each["kind"], each["id"]) for each in message.changes), endpoint.account, kinds)
    return [
        {name: value for name, value in each.items() if name != _LEFT}
        for each in message.changes
        if each["kind"] in names and (each["change"] == "erased" or _LEFT in each or each["id"] in seen)
    ]


def _kept(changes: list[feed.Change]) -> list[Row]:
    """As they are told, with a mark at what the account is told although it sees it no more."""
    return [
        {**row, **({_LEFT: True} if change.is_left else {})}
        for row, change in zip(feed.shown(changes), changes, strict=True)
    ]


def _make_one(endpoint: Endpoint) -> bool:
    """One message, or none. Whether there may be more. The place moves in the transaction that makes the message."""
    with transaction.atomic():
        held = Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint.pk, leases=endpoint.leases)
        if not held.exists():
            return False
        try:
            place = parsed(endpoint.cursor)
            page = feed.read(place, endpoint.account, size=CHANGES_A_MESSAGE, kinds=_wanted(endpoint))
        except (ForgedError, feed.RestoredError):
            _begin_anew(endpoint)
            return True
        if page.changes:
            queue_message(endpoint, MessageKind.CHANGES, _kept(page.changes))
        if page.changes or page.has_more or _is_far(page.place, place):
            _move(endpoint, page.place)
    return page.has_more


def _begin_anew(endpoint: Endpoint) -> None:
    """The database is another one than its place is of: its partner is told to read everything anew."""
    queue_message(endpoint, MessageKind.RESTORED)
    _move(endpoint, feed.newest(endpoint.organisation_id))


def _move(endpoint: Endpoint, place: feed.Place) -> None:
    endpoint.cursor = written(place)
    endpoint.save(update_fields=["cursor"])


def _is_far(place: feed.Place, before: feed.Place) -> bool:
    return place.number - before.number >= _QUIET_SEALS


def _wanted(endpoint: Endpoint) -> list[Kind]:
    """What its account may see of what it wants."""
    return open_to(endpoint.account, frozenset(endpoint.kinds))
