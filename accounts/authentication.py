"""Who asks over the API with a token: clients of partners' systems, each as its account. Looked at anew with every request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Now
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.calls import called_by
from accounts.models import Client, ClientSecret, ClientToken, Membership, User
from accounts.policy import Role
from accounts.signing_in.credentials import address_of, client_of, named_in, secret_of
from accounts.signing_in.digests import digest_of
from accounts.signing_in.limits import NotPossible, TooOften, begin_try, of_client, was_right
from accounts.signing_in.trace import trace_failed_password
from core.api.faults import NotInThisWay, NotNow
from core.clock import database_now
from core.prepared import Columns, Prepared

_REALM = 'Bearer realm="Musterpoint API"'


class TokenRefused(AuthenticationFailed):
    """The token is none of ours, or opens nothing any more: it was ended, or its hour or its secret is over."""

    default_code = "token_invalid"
    default_detail = ""


_CLIENT = Columns(Client, "secret__client__")
_ACCOUNT = Columns(User, "secret__client__account__")


def _by_digest(digest: str) -> Any:
    roles = Membership.objects.filter(user=OuterRef("secret__client__account")).order_by()
    told = roles.values(told=JSONObject(role="role", of="organisation_id", path="region__path"))
    found = ClientToken.objects.filter(token_checksum=digest).annotate(now=Now(), roles=ArraySubquery(told))
    of_token = ("scope", "expires", "secret__ends_at", "now", "roles")
    return found.values_list(*of_token, *_CLIENT.lookups, *_ACCOUNT.lookups)


_BY_DIGEST = Prepared(_by_digest, digest=str)


def _told_by(token: str) -> tuple[Client, list[str], datetime]:
    """The client with its account and what that opens, the scopes of the token, and the time. Raises TokenRefused. One query.

    A machine breaks no glass: only the roles of its account count.
    """
    found = _BY_DIGEST.rows(digest=digest_of(token))
    if not found:
        raise TokenRefused
    scope, expires, secret_ends_at, now, roles, *columns = found[0]
    if expires <= now or not ClientSecret(ends_at=secret_ends_at).holds(now):
        raise TokenRefused
    of_client = len(_CLIENT.names)
    client: Client = _CLIENT.made(columns[:of_client])
    client.account = account = _ACCOUNT.made(columns[of_client:])
    account.know_scopes((each["role"], UUID(each["of"]), each["path"], None, client.scopes) for each in roles)
    return client, scope.split(), now


class ClientAuthentication(BaseAuthentication):
    """`Authorization: Bearer`, and no other way: not in an address, which is logged, and not in a form.

    Token, secret, client, account, address and time are asked with each request, so that what is ended opens nothing from
    the next one on. The account then does no more than the token's scopes say. One query.
    """

    def authenticate(self, request: Request) -> tuple[User, Client] | None:
        """The account of the client. Raises TokenRefused (401), and 403 with the reason to whoever holds a good token."""
        kind, _blank, given = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        client, scopes, now = _told_by(given.strip())
        return _acting(request, client, scopes, now), client

    def authenticate_header(self, request: Request) -> str:
        """What a refusal asks for (RFC 6750)."""
        is_token = request.headers.get("Authorization", "").lower().startswith("bearer ")
        return f'{_REALM}, error="invalid_token"' if is_token else _REALM


class FormServerAuthentication(BaseAuthentication):
    """Id and secret of a client by HTTP Basic, for servers of forms, which know no other way. At their one address only."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The account of the client. Raises as ClientAuthentication does; 429 where it was tried too often."""
        told = request.headers.get("Authorization", "")
        if not told.lower().startswith("basic "):
            return None
        name, given = named_in(told, {})
        limits = of_client(name, address_of(request._request))
        try:
            begin_try(limits)
        except TooOften as error:
            raise NotInThisWay(429, "throttled", retry_seconds=error.retry_seconds) from error
        except NotPossible as error:
            raise NotNow(error.messages[0]) from error
        now = database_now()
        client = client_of(name)
        secret = secret_of(client, given)
        if client is None or secret is None or not secret.holds(now):
            trace_failed_password("client")
            raise AuthenticationFailed
        was_right(limits)
        return _acting(request, client, client.scopes, now), None

    def authenticate_header(self, request: Request) -> str:
        """What a refusal asks for."""
        return 'Basic realm="Musterpoint forms"'


def _acting(request: Request, client: Client, scopes: Iterable[str], now: datetime) -> User:
    """The client's account, narrowed to the scopes. Raises the refusal (403) where the client may not ask now, or from here."""
    called_by(request._request, str(client.pk))
    user = client.account
    if client.let_in_at is None and client.ended_at is None:
        raise NotInThisWay(403, "client_waits")
    if not client.is_in_force(now) or not user.is_active or not acts_for_client(user):
        raise NotInThisWay(403, "client_not_in_force")
    if client.networks and not client.is_from_here(address_of(request._request)):
        raise NotInThisWay(403, "network_not_allowed")
    user.narrow(frozenset(scopes))
    return user


def is_partner_system(user: User) -> bool:
    """Whether it has the role of systems and no other, with a client or without. No query beyond the user's scopes.

    That holds somebody to what systems may not do; what systems alone may do is asked of `acts_for_client`.
    """
    return {scope.role for scope in user.scopes()} == {Role.PARTNER_SYSTEM}


def acts_for_client(user: User) -> bool:
    """Whether it is a machine's that a client acts as: the role alone is not enough. No query beyond the user's scopes."""
    return is_partner_system(user) and all(scope.grants is not None for scope in user.scopes())
