"""Answers of security keys: read with suspicion, each to a question that is asked once, at the address of the service."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.fields import InvalidJSONInput
from fido2.webauthn import (
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from accounts.signing_in.limits import first_answer

#: An answer has about a thousand characters, with the certificate of its maker some thousands.
_LONGEST = 20_000
#: Under which name a key's row knows the counter of its last answer.
LAST_COUNT = "last_count"
#: What the library raises where the bytes are not what they should be.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)


def not_right() -> ValidationError:
    """As allauth says it, in our words."""
    refused: ValidationError = auth.get_adapter().validation_error("incorrect_code")
    return refused


@contextmanager
def _suspicious() -> Iterator[None]:
    """What the library cannot read is a wrong answer, and no fault of the service."""
    try:
        yield
    except _BROKEN as error:
        raise not_right() from error


class AnswerField(forms.JSONField):
    """What a page's script sends of a key's answer."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The answer, as an object. Raises ValidationError where it is too long, or no JSON that can be read."""
        if isinstance(value, str) and len(value) > _LONGEST:
            raise not_right()
        with _suspicious():
            read: Any = super().to_python(value)
        if read is not None and not isinstance(read, dict):
            raise not_right()
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: a page that is shown again asks anew."""
        return InvalidJSONInput("")


def relying_party() -> dict[str, str]:
    """The service as keys know it: by its address in the settings, never by the one that somebody asked for."""
    return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.MFA_TOTP_ISSUER}


@_suspicious()
def take_in(answer: dict[str, Any]) -> dict[str, Any]:
    """Check what a new key answered, and tell what is kept of it. Raises ValidationError."""
    told = RegistrationResponse.from_dict(answer)
    _check_asked_here(told.response.client_data)
    auth.complete_registration(answer)
    kept = ("clientDataJSON", "attestationObject")
    return {
        "id": answer["id"],
        "rawId": answer["rawId"],
        "type": "public-key",
        "response": {name: answer["response"][name] for name in kept},
        "clientExtensionResults": {},
    }


@_suspicious()
def use_key(user: Any, answer: dict[str, Any]) -> Authenticator:
    """The key of this user that gave the answer. Raises ValidationError.

    A key that counts its answers counts on: one that does not is a copy of it, or the key after its copy was used.
    """
    told = AuthenticationResponse.from_dict(answer)
    _check_asked_here(told.response.client_data)
    key = auth.complete_authentication(user, answer)
    with transaction.atomic():
        locked: Authenticator | None = Authenticator.objects.select_for_update().filter(pk=key.pk).first()
        if locked is None:
            raise not_right()
        counted, before = told.response.authenticator_data.counter, _last_count(locked)
        if (counted or before) and counted <= before:
            raise not_right()
        locked.data[LAST_COUNT] = counted
        locked.save(update_fields=["data"])
    locked.user = user
    return locked


def _last_count(key: Authenticator) -> int:
    registered: AuthenticatorData = key.wrap().authenticator_data
    return int(key.data.get(LAST_COUNT, registered.counter))


def _check_asked_here(told: CollectedClientData) -> None:
    """Refuse an answer that was given at another address, or to a question that was asked nowhere or answered before."""
    address, asked = urlsplit(settings.SITE_URL), auth.get_state()
    if told.origin != f"{address.scheme}://{address.netloc}" or not asked:
        raise not_right()
    if not first_answer(asked["challenge"]):
        raise not_right()
