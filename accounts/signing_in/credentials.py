"""Id and secret of a client, as they are sent, and the secret that is known of it."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models import Client, ClientSecret
from accounts.signing_in.digests import digest_of
from accounts.signing_in.limits import key_in


def named_in(authorization: str, form: Any) -> tuple[str, str]:
    """Id and secret of the client, by HTTP Basic (RFC 6749, 2.3.1), else of the form; blank where they cannot be read."""
    kind, _blank, told = authorization.partition(" ")
    if kind.lower() != "basic":
        return str(form.get("client_id") or ""), str(form.get("client_secret") or "")
    try:
        name, _colon, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def address_of(request: HttpRequest) -> str:
    """From where somebody asks."""
    return str(get_adapter().get_client_ip(request))


def client_of(name: str) -> Client | None:
    """The client of this id. One query."""
    key = key_in(name)
    if key is None:
        return None
    return Client.objects.select_related("account").filter(pk=key).first()


def secret_of(client: Client | None, given: str) -> ClientSecret | None:
    """The secret of this client that was given, whether it holds or not; looked up by its digest. One query."""
    return ClientSecret.objects.filter(client=client, digest=digest_of(given)).first()
