"""Clients of partners' systems: setting one up, changing what it may, its secrets, and its end."""

import ipaddress
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions.client_asks import RESOURCE, overtake, put_forward
from accounts.actions.client_news import note_news
from accounts.authentication import is_partner_system
from accounts.client_scopes import client_scopes
from accounts.granting import check_not_beyond, paths_of
from accounts.models import Client, ClientNews, ClientSecret, Membership, Organisation, User
from accounts.policy import Role
from accounts.signing_in.digests import digest_of, new_secret
from accounts.widening import Rights, take_two_persons
from audit.actions.record import record
from core.actors import Actor
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from regions.models import Region

#: For how long a former secret may go on beside the new one, and for how long it does unless somebody says otherwise.
LONGEST_OVERLAP, USUAL_OVERLAP = timedelta(days=90), timedelta(days=7)


@whole_or_refused()
def add_client(
    *,
    organisation: Organisation,
    name: str,
    scopes: Collection[str],
    by: User,
    account: User | None = None,
    region: Region | None = None,
    networks: Iterable[str] = (),
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> tuple[Client, str]:
    """Let a system of the organisation sign in; the client and its secret, readable only now.

    It acts as `account`, a partner system of the organisation that has no client yet, or as a new one, in `region` and below or
    everywhere, but nowhere beyond the regions of `by`. Where its scopes open records of people it may nothing until another
    person has approved that (accounts.actions.client_asks). Raises ValidationError at each field that is wrong.
    """
    refusals, now = Refusals(), database_now()
    client = Client(organisation=organisation, name=name.strip(), recorded_by=by.pk, recorded_at=now)
    client.scopes, client.networks = sorted(scopes), _networks(networks, refusals)
    client.valid_from, client.valid_until = valid_from or now, valid_until
    _check(client, refusals, now)
    if account is not None:
        _check_account(account, organisation, region, refusals)
    at, paths = ("account", paths_of(account)) if account else ("region", [region.path if region else ""])
    check_not_beyond(refusals, at, by, (RESOURCE, "add"), organisation.pk, paths)
    refusals.raise_any()
    wanted = Rights.of(client)
    waits = take_two_persons(wanted, None)
    client.let_in_at, client.scopes = (None, []) if waits else (now, client.scopes)
    client.account = _without_password(account) if account else _new_account(client, region)
    client.save()
    detail = {"account": str(client.account_id), "region": region.key if region else ""}
    record("add", client, by=by, detail={**detail, **Rights.of(client).as_told()})
    if waits:
        put_forward(client, wanted, by=by, now=now)
    else:
        note_news(client, ClientNews.ADDED, by=by, now=now)
    return client, _new_secret(client, by, now)


@whole_or_refused()
def change_client(
    *,
    client: Client,
    scopes: Collection[str],
    networks: Iterable[str],
    valid_until: datetime | None,
    by: User,
) -> Client:
    """What it is to be allowed, in place of what waits. What is narrower holds from its next request on, with its tokens.

    Where it can read people and would be allowed more, the rest waits until another person has approved it
    (accounts.actions.client_asks). Whoever asks for more answers for all of its regions. Raises ValidationError.
    """
    refusals, locked, now = Refusals(), _locked(client), database_now()
    held = Rights.of(locked) if locked.let_in_at else None
    locked.scopes, locked.networks = sorted(scopes), _networks(networks, refusals)
    locked.valid_until = valid_until
    _check(locked, refusals, now)
    wanted = Rights.of(locked)
    if held is None or wanted.is_wider_than(held):
        _check_reaches(locked, by, refusals)
    refusals.raise_any()
    overtake(locked, by=by, now=now)
    if not take_two_persons(wanted, held):
        _allow(locked, wanted, held, by=by, now=now)
        return locked
    _allow(locked, wanted.common(held) if held else None, held, by=by, now=now)
    put_forward(locked, wanted, by=by, now=now)
    return locked


def _allow(client: Client, wanted: Rights | None, held: Rights | None, *, by: Actor, now: datetime) -> None:
    """Let it have this at once. Nothing where that is what it holds, or where it is not let in yet (None)."""
    if wanted is None or wanted == held:
        client.refresh_from_db()
        return
    client.scopes, client.networks = sorted(wanted.scopes), list(wanted.networks)
    client.valid_until, client.let_in_at = wanted.valid_until, client.let_in_at or now
    client.save(update_fields=["scopes", "networks", "valid_until", "let_in_at"])
    record("change", client, by=by, detail=wanted.as_told())
    if held is None or wanted.is_wider_than(held):
        note_news(client, ClientNews.WIDENED, by=by, now=now)


@transaction.atomic
def rotate_secret(*, client: Client, former_until: datetime | None, by: User) -> tuple[Client, str]:
    """A new secret, readable only now. The former one goes on until then, or ends now with all tokens that it got (None).

    Of three secrets in a row only the last two hold. It opens what the client does, so whoever makes it answers for all of
    its regions. Raises ValidationError.
    """
    refusals, locked, now = Refusals(), _locked(client), database_now()
    _check_reaches(locked, by, refusals)
    refusals.raise_any()
    if former_until is not None and not now < former_until <= now + LONGEST_OVERLAP:
        words = _("Choose an end from now on, within %(most)d days; or none, and the former secret ends now.")
        raise refusal(words % {"most": LONGEST_OVERLAP.days}, code="out_of_range", field="former_until")
    held = list(locked.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-made_at"))
    for place, secret in enumerate(held):
        end = former_until if place == 0 and former_until else now
        secret.ends_at = min(end, secret.ends_at or end)
        secret.save(update_fields=["ends_at"])
    record("rotate_secret", locked, by=by, detail={"former_ends": bool(held) and former_until is None})
    note_news(locked, ClientNews.ROTATED, by=by, now=now)
    return locked, _new_secret(locked, by, now)


@transaction.atomic
def end_client(*, client: Client, reason: str, by: Actor) -> Client:
    """For good: its tokens open nothing from the next request on, its account is closed, and its webhooks are told nothing."""
    refusals, locked = Refusals(), _locked(client)
    why = refusals.check_reason(reason, _("Say why it ends."))
    refusals.raise_any()
    locked.ended_at, locked.ended_by, locked.end_reason = database_now(), by.pk, why
    locked.save(update_fields=["ended_at", "ended_by", "end_reason"])
    overtake(locked, by=by, now=locked.ended_at)
    User.objects.filter(pk=locked.account_id).update(is_active=False)
    record("end", locked, by=by, reason=why)
    return locked


def _check_reaches(client: Client, by: User, refusals: Refusals) -> None:
    right, paths = (RESOURCE, "change"), paths_of(client.account_id)
    check_not_beyond(refusals, "", by, right, client.organisation_id, paths)


def _check(client: Client, refusals: Refusals, now: datetime) -> None:
    refusals.check_fields(client, names=["name"])
    if not client.scopes or not set(client.scopes) <= set(client_scopes()):
        refusals.add("scopes", _("Choose at least one scope of the list."), "invalid_choice")
    if client.valid_until is not None and client.valid_until <= max(now, client.valid_from):
        words = _(
            "Choose an end that is still to come and after the beginning; to end it now, end the client."
        )
        refusals.add("valid_until", words, "out_of_range")


def _networks(given: Iterable[str], refusals: Refusals) -> list[str]:
    """In one form each, without those that are given twice."""
    networks = []
    for text in filter(None, (each.strip() for each in given)):
        try:
            networks.append(str(ipaddress.ip_network(text)))
        except ValueError:
            words = _(
                "Write each network as its first address and a length, such as 192.0.2.0/24 or 2001:db8::/32."
            )
            refusals.add("networks", words, "invalid")
            return []
    return list(dict.fromkeys(networks))


def _check_account(
    account: User, organisation: Organisation, region: Region | None, refusals: Refusals
) -> None:
    works_for = {scope.organisation_id for scope in account.scopes()}
    has_client = Client.objects.filter(account=account).exists()
    if (
        not account.is_active
        or not is_partner_system(account)
        or works_for != {organisation.pk}
        or has_client
    ):
        words = _(
            "Choose the account of a partner's system of this organisation that has no client yet, or none."
        )
        refusals.add("account", words, "no_partner_system")
    elif region is not None:
        words = _(
            "This account has its region already. Leave the region out, or let the client have a new account."
        )
        refusals.add("region", words, "region_given")


def _without_password(account: User) -> User:
    """Handed over to a client: its password opens nothing any more, and its sessions end with it."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
    return account


def _new_account(client: Client, region: Region | None) -> User:
    """Nobody signs in with it: it has no password and is not for the desk."""
    account = User(username=f"client-{client.pk}", first_name=client.name[:150])
    account.set_unusable_password()
    account.save()
    Membership.objects.create(
        user=account, organisation=client.organisation, role=Role.PARTNER_SYSTEM, region=region
    )
    return account


def _new_secret(client: Client, by: Actor, now: datetime) -> str:
    secret = new_secret()
    ClientSecret.objects.create(client=client, digest=digest_of(secret), made_at=now, made_by=by.pk)
    return secret


def _locked(client: Client) -> Client:
    """Raises ValidationError where it was ended."""
    locked = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if locked.ended_at is not None:
        raise refusal(_("This client was ended. Add another one instead."), code="wrong_state")
    return locked
