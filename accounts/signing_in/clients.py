"""What the OAuth library asks us: who a client is, what it may have, and what is kept of a token."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, TemporarilyUnavailableError

from accounts.client_scopes import client_scopes
from accounts.models import Client, ClientToken
from accounts.signing_in.credentials import client_of, named_in, secret_of
from accounts.signing_in.digests import digest_of
from accounts.signing_in.limits import NotPossible, TooOften, begin_try, of_tokens
from audit.actions.record import record
from core.clock import database_now


@dataclass
class Asking:
    """One request for a token, or about one: from which address, and which client it turned out to be.

    `retry_seconds`: when to come again, where it was refused for a while.
    """

    address: str
    client: Client | None = None
    retry_seconds: int = 0


#: What the library does not hand on to us.
asking: ContextVar[Asking] = ContextVar("asking")


class Scopes(BaseScopes):  # type: ignore[misc]  # the library has no types
    """A client has those that it was given, all of them where it asks for none."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope."""
        return {scope: scope for scope in client_scopes()}

    def get_available_scopes(self, application: Any = None, request: Any = None, **_told: Any) -> list[str]:
        """Those of the client that are still to be had."""
        return [scope for scope in application.scopes if scope in client_scopes()]

    def get_default_scopes(self, application: Any = None, request: Any = None, **_told: Any) -> list[str]:
        """The same."""
        return self.get_available_scopes(application)


class TooManyTokens(TemporarilyUnavailableError):  # type: ignore[misc]  # the library has no types
    """More tokens than any client needs."""

    status_code = 429
    description = "A token is good for an hour: keep it. Wait a quarter of an hour for another."


class ClientValidator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """Client credentials alone. Of a secret or a token nothing but its digest is looked up, and kept."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether id and secret belong together. Raises InvalidClientError with the reason for whoever knows a secret."""
        name, given = named_in(request.headers.get("HTTP_AUTHORIZATION") or "", _Form(request))
        now, here = database_now(), asking.get()
        here.client = client_of(name)
        secret = secret_of(here.client, given)
        if here.client is None or secret is None or not secret.holds(now):
            return False
        if here.client.let_in_at is None and here.client.ended_at is None:
            raise InvalidClientError(_WAITS, request=request)
        if not here.client.is_in_force(now) or not here.client.account.is_active:
            raise InvalidClientError(_NOT_IN_FORCE, request=request)
        if not here.client.is_from_here(here.address):
            raise InvalidClientError(_NOT_FROM_HERE, request=request)
        request.client, request.client_id, request.kept_secret = here.client, here.client.client_id, secret
        return True

    def authenticate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Never without a secret."""
        return False

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Always."""
        return True

    @transaction.atomic
    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the digest, with a trace. Raises TooManyTokens: whoever asks for one each time fills the trail with them."""
        try:
            begin_try(of_tokens(request.client_id))
        except (TooOften, NotPossible) as error:
            asking.get().retry_seconds = error.retry_seconds
            raise TooManyTokens(request=request) from error
        now = database_now()
        ClientToken.objects.create(
            secret=request.kept_secret,
            token_checksum=digest_of(token["access_token"]),
            scope=token["scope"],
            made_at=now,
            expires=now + timedelta(seconds=token["expires_in"]),
        )
        client = request.client
        record("token_issued", client, by=client.account, detail={"scopes": token["scope"].split()})

    @transaction.atomic
    def revoke_token(self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """End a token of this client; of another's nothing is told or done."""
        gone, _by_model = self._own(token, request).delete()
        if gone:
            record("token_revoked", request.client, by=request.client.account)

    def introspect_token(
        self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        """What a token of this client opens; None where it opens nothing, or is not its own."""
        found = self._own(token, request).select_related("secret").first()
        now = database_now()
        if found is None or found.expires <= now or not found.secret.holds(now):
            return None
        return {
            "scope": found.scope,
            "client_id": request.client.client_id,
            "token_type": "Bearer",
            "exp": int(found.expires.timestamp()),
            "iat": int(found.made_at.timestamp()),
        }

    @staticmethod
    def _own(token: str, request: Any) -> Any:
        return ClientToken.objects.filter(token_checksum=digest_of(token), secret__client=request.client)


_NOT_IN_FORCE = "This client was ended, or is not valid now. Ask the administrator of your organisation."
_WAITS = "This client waits until a second person of its organisation has approved it. Ask the administrator."
_NOT_FROM_HERE = "This client may not ask from this address. Ask the administrator of your organisation."


class _Form:
    """The fields of a form as the library hands them on."""

    def __init__(self, request: Any) -> None:
        self._fields = dict(request.decoded_body or ())

    def get(self, name: str) -> str:
        """One of them."""
        return str(self._fields.get(name, ""))
