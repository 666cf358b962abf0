"""What a client is asked to be allowed: put forward by one person, and approved by another before it holds, or refused."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.client_news import note_news
from accounts.granting import paths_of, reaches_all
from accounts.models import AskState, Client, ClientAsk, ClientNews, User
from accounts.models.client_ask import TRANSITIONS
from accounts.two_persons import check_two_persons
from accounts.widening import Rights
from audit.actions.record import record
from core.actors import Actor
from core.clock import database_now
from core.refusals import Refusals, refusal

RESOURCE = "accounts.client"


def put_forward(client: Client, wanted: Rights, *, by: Actor, now: datetime) -> ClientAsk:
    """Let it wait for a second person, and tell others. The caller has locked the client and took back what waited before."""
    ask = ClientAsk.objects.create(
        client=client,
        scopes=sorted(wanted.scopes),
        networks=list(wanted.networks),
        valid_until=wanted.valid_until,
        asked_at=now,
        asked_by=by.pk,
    )
    record("ask", client, by=by, detail={"ask": str(ask.pk), **wanted.as_told()})
    note_news(client, ClientNews.ASKED if client.let_in_at is None else ClientNews.WIDENING, by=by, now=now)
    return ask


def overtake(client: Client, *, by: Actor, now: datetime) -> None:
    """What waits is no longer to be approved: the client was changed otherwise, or ended. The caller has locked it."""
    for ask in client.asks.filter(state=AskState.WAITS):
        _decide(ask, AskState.REPLACED, by=by, now=now)
        record("overtake", client, by=by, detail={"ask": str(ask.pk)})


@transaction.atomic
def approve(*, ask: ClientAsk, by: User) -> Client:
    """Let the client have exactly what was asked, from its next request on. Audited, and told to others.

    Raises PermissionDenied for who asked, for an account in the same hands (accounts.two_persons), and out of reach;
    ValidationError where this does not wait any more, be it that somebody asked otherwise since.
    """
    client, locked, now = *_locked(ask), database_now()
    if locked.asked_by == by.pk or not reaches(by, client):
        raise PermissionDenied(
            _("Another person with the right lets a client read people, never who asked for it.")
        )
    check_two_persons(locked.asked_by, by.pk)
    _check_waits(locked)
    if locked.valid_until is not None and locked.valid_until <= now:
        raise refusal(_("Its end has passed since this was asked. Ask for it anew."), code="over")
    client.scopes, client.networks, client.valid_until = locked.scopes, locked.networks, locked.valid_until
    client.let_in_at = client.let_in_at or now
    client.save(update_fields=["scopes", "networks", "valid_until", "let_in_at"])
    _decide(locked, AskState.APPROVED, by=by, now=now)
    record("approve", client, by=by, detail={"ask": str(locked.pk), **Rights.of(locked).as_told()})
    note_news(client, ClientNews.APPROVED, by=by, now=now)
    return client


@transaction.atomic
def refuse(*, ask: ClientAsk, reason: str, by: User) -> Client:
    """Leave the client as it is: who asked, or whoever may approve. Audited, and told to others.

    Raises PermissionDenied out of reach, ValidationError without a reason and where this does not wait any more.
    """
    client, locked, now = *_locked(ask), database_now()
    if locked.asked_by != by.pk and not reaches(by, client):
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why it is refused: whoever asked will read it."))
    refusals.raise_any()
    _check_waits(locked)
    _decide(locked, AskState.REFUSED, by=by, now=now, reason=why)
    record("refuse", client, by=by, reason=why, detail={"ask": str(locked.pk)})
    note_news(client, ClientNews.REFUSED, by=by, now=now)
    return client


def reaches(user: User, client: Client) -> bool:
    """Whether a membership of the user's lets them approve there: for the organisation, and wherever the client reads.

    Emergency access never does. One query beyond the user's scopes.
    """
    return reaches_all(user, RESOURCE, "approve", client.organisation_id, paths_of(client.account_id))


def _check_waits(ask: ClientAsk) -> None:
    if AskState.APPROVED not in TRANSITIONS[AskState(ask.state)]:
        words = _(
            "This does not wait any more: it was decided, or asked otherwise since. Read what waits now."
        )
        raise refusal(words, code="state")


def _decide(ask: ClientAsk, state: AskState, *, by: Actor, now: datetime, reason: str = "") -> None:
    ask.state, ask.decided_at, ask.decided_by, ask.reason = state, now, by.pk, reason
    ask.save(update_fields=["state", "decided_at", "decided_by", "reason"])


def _locked(ask: ClientAsk) -> tuple[Client, ClientAsk]:
    """The client first, as everybody does who changes one, and then what of it was asked, as it is now."""
    client = Client.objects.select_for_update(no_key=True).get(pk=ask.client_id)
    return client, ClientAsk.objects.get(pk=ask.pk)
