"""Setting up where a partner is told of changes, and mending it."""

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.authentication import acts_for_client
from accounts.granting import check_not_beyond, paths_of
from accounts.models import Organisation, User
from audit.actions.record import record
from core.actors import Actor
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.encryption import decrypt, encrypt, is_current
from core.refusals import Refusals, refusal
from exchange import feed
from exchange.cursors import written
from exchange.kinds import NAMES
from exchange.models import Endpoint, EndpointState, Message, MessageKind, MessageState
from exchange.models.message import GIVE_UP_AFTER
from exchange.webhooks.doorbell import ring_endpoint
from exchange.webhooks.guard import target_of
from exchange.webhooks.making import queue_message
from exchange.webhooks.signing import new_secret

RESOURCE = "exchange.endpoint"
#: How long a former secret still signs beside the new one, unless somebody says otherwise.
USUAL_OVERLAP_HOURS, LONGEST_OVERLAP_HOURS = 24, 7 * 24


@whole_or_refused()
def add_endpoint(
    *, organisation: Organisation, account: User, url: str, kinds: Collection[str], by: User
) -> tuple[Endpoint, str]:
    """Tell this address from now on what `account` may see of these kinds; the endpoint and its secret, readable only now.

    A client of the organisation acts as the account, which reads nowhere beyond the regions of `by`. Raises ValidationError
    at each field that is wrong.
    """
    refusals = Refusals()
    try:
        target_of(url)
    except ValidationError as error:
        refusals.add("url", error.messages[0], "bad_url")
    works_for = {scope.organisation_id for scope in account.scopes()}
    if not account.is_active or not acts_for_client(account) or organisation.pk not in works_for:
        words = _(
            "Choose the account of a partner's system that works for this organisation and has a client."
        )
        refusals.add("account", words, "no_partner_system")
    check_not_beyond(refusals, "account", by, (RESOURCE, "add"), organisation.pk, paths_of(account))
    _check_kinds(kinds, refusals)
    refusals.raise_any()
    secret = new_secret()
    endpoint = Endpoint(organisation=organisation, account=account, url=url, recorded_by=by.pk)
    endpoint.kinds = sorted(kinds)
    endpoint.secret = encrypt(secret, endpoint.place_of("secret"))
    endpoint.cursor = written(feed.newest(organisation.pk))
    endpoint.save()
    record("add", endpoint, by=by, detail={"account": str(account.pk), "kinds": endpoint.kinds})
    return endpoint, secret


@transaction.atomic
def choose_kinds(*, endpoint: Endpoint, kinds: Collection[str], by: User) -> Endpoint:
    """Tell it of these kinds of record from now on; of more, by who answers for all of its regions. Raises ValidationError."""
    refusals, locked = Refusals(), _locked(endpoint)
    _check_kinds(kinds, refusals)
    if not set(kinds) <= set(locked.kinds):
        _check_reach(refusals, "kinds", by, locked)
    refusals.raise_any()
    locked.kinds = sorted(kinds)
    locked.save(update_fields=["kinds"])
    record("choose_kinds", locked, by=by, detail={"kinds": locked.kinds})
    return locked


def _check_reach(refusals: Refusals, field: str, by: User, endpoint: Endpoint) -> None:
    """Only who answers for all regions of its account opens more by it."""
    paths = paths_of(endpoint.account_id)
    check_not_beyond(refusals, field, by, (RESOURCE, "change"), endpoint.organisation_id, paths)


def _check_kinds(kinds: Collection[str], refusals: Refusals) -> None:
    if not kinds or not set(kinds) <= set(NAMES):
        refusals.add("kinds", _("Choose at least one kind of record of the list."), "invalid_choice")


@transaction.atomic
def rotate_secret(
    *, endpoint: Endpoint, by: User, overlap_hours: int = USUAL_OVERLAP_HOURS
) -> tuple[Endpoint, str]:
    """Give it a new secret, readable only now. Messages are signed with the former one, too, for so many hours (0 to 168).

    Of three secrets in a row only the last two hold. Raises ValidationError, also beyond the regions of `by`.
    """
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
        words = _("Choose from 0 to %(most)d hours.") % {"most": LONGEST_OVERLAP_HOURS}
        raise refusal(words, code="out_of_range", field="overlap_hours")
    refusals, locked, now = Refusals(), _locked(endpoint), database_now()
    _check_reach(refusals, "", by, locked)
    refusals.raise_any()
    former, secret = locked.secrets(now)[0], new_secret()
    locked.secret = encrypt(secret, locked.place_of("secret"))
    locked.former_secret = encrypt(former, locked.place_of("former_secret")) if overlap_hours else ""
    locked.former_until = now + timedelta(hours=overlap_hours) if overlap_hours else None
    locked.save(update_fields=["secret", "former_secret", "former_until"])
    record("rotate_secret", locked, by=by, detail={"overlap_hours": overlap_hours})
    return locked, secret


@transaction.atomic
def switch_off(*, endpoint: Endpoint, by: Actor) -> Endpoint:
    """Tell it nothing any more. What waits, and its place in the feed, stay for when it is switched on."""
    locked = _locked(endpoint)
    if locked.state != EndpointState.ACTIVE:
        raise refusal(_("It is switched off already. Reload the page."), code="wrong_state")
    locked.state = EndpointState.OFF
    locked.save(update_fields=["state"])
    record("switch_off", locked, by=by)
    return locked


@transaction.atomic
def switch_on(*, endpoint: Endpoint, by: User) -> Endpoint:
    """Tell it again, from where it was: nothing in between is left out. Raises ValidationError as `rotate_secret` does."""
    refusals, locked = Refusals(), _locked(endpoint)
    if locked.state == EndpointState.ACTIVE:
        raise refusal(_("It is switched on already. Reload the page."), code="wrong_state")
    _check_reach(refusals, "", by, locked)
    refusals.raise_any()
    now = database_now()
    locked.state, locked.failures, locked.next_attempt_at = EndpointState.ACTIVE, 0, now
    locked.save(update_fields=["state", "failures", "next_attempt_at"])
    locked.messages.waiting().update(give_up_at=now + GIVE_UP_AFTER, next_attempt_at=now)
    record("switch_on", locked, by=by)
    transaction.on_commit(lambda: ring_endpoint(locked.pk))
    return locked


@transaction.atomic
def send_test(*, endpoint: Endpoint, by: Actor) -> Endpoint:
    """Send it a message of the kind `test` that tells of no record. Raises ValidationError where it is switched off."""
    locked = _locked(endpoint)
    if locked.state != EndpointState.ACTIVE:
        words = _("It is switched off. Switch it on first, then send the test.")
        raise refusal(words, code="wrong_state")
    locked.next_attempt_at = database_now()
    locked.save(update_fields=["next_attempt_at"])
    queue_message(locked, MessageKind.TEST)
    record("send_test", locked, by=by)
    transaction.on_commit(lambda: ring_endpoint(locked.pk))
    return locked


@transaction.atomic
def replay(*, message: Message, by: Actor) -> Message:
    """Try a message again that was given up, for three more days, under the same id. Raises ValidationError."""
    endpoint = _locked(message.endpoint)
    locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if locked.state != MessageState.DEAD:
        raise refusal(_("Only what was given up is sent again. Reload the page."), code="wrong_state")
    now = database_now()
    locked.state, locked.give_up_at, locked.next_attempt_at = MessageState.WAITING, now + GIVE_UP_AFTER, now
    locked.save(update_fields=["state", "give_up_at", "next_attempt_at"])
    endpoint.next_attempt_at = now
    endpoint.save(update_fields=["next_attempt_at"])
    record("replay", endpoint, by=by, detail={"message": str(locked.pk)})
    transaction.on_commit(lambda: ring_endpoint(endpoint.pk))
    return locked


@transaction.atomic
def renew_secrets(*, by: Actor) -> int:
    """Write anew what was encrypted under a key that encrypts no more; answers how many webhooks. Raises UnreadableError."""
    renewed = 0
    for endpoint in Endpoint.objects.select_for_update(no_key=True).order_by("pk"):
        changed = []
        for column in ("secret", "former_secret"):
            kept, place = getattr(endpoint, column), endpoint.place_of(column)
            if kept and not is_current(kept):
                setattr(endpoint, column, encrypt(decrypt(kept, place), place))
                changed.append(column)
        if changed:
            endpoint.save(update_fields=changed)
            record("encryption_renewed", endpoint, by=by)
            renewed += 1
    return renewed


@transaction.atomic
def begin_anew() -> int:
    """Let every webhook tell its partner to read everything anew: this database is another one since; how many there are."""
    return Endpoint.objects.update(cursor="")


def _locked(endpoint: Endpoint) -> Endpoint:
    return Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
