"""Cursors: a place in the feed as a partner keeps it, signed, so that one that we did not give out is refused."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from exchange.feed import Place

_VERSION = b"\x01"
_TAG_BYTES = 12
LONGEST_CURSOR = 200


class ForgedError(ValueError):
    """No cursor that this service gave out."""


def written(place: Place) -> str:
    """The cursor of a place: about 100 letters, digits, - and _, the same for the same place."""
    told = b"".join(
        (
            _VERSION,
            place.organisation.bytes,
            place.number.to_bytes(8),
            place.hash.ljust(8, b"\0"),
            place.statement.bytes,
            place.nth.to_bytes(8),
        )
    )
    return base64.urlsafe_b64encode(told + _tag(told)).decode("ascii").rstrip("=")


def parsed(text: str) -> Place:
    """The place of a cursor. Raises ForgedError."""
    try:
        if len(text) > LONGEST_CURSOR:
            raise ForgedError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        said = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ForgedError from error
    told, tag = said[:-_TAG_BYTES], said[-_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(told)) or told[:1] != _VERSION:
        raise ForgedError
    number = int.from_bytes(told[17:25])
    return Place(
        organisation=UUID(bytes=told[1:17]),
        number=number,
        hash=told[25:33] if number else b"",
        statement=UUID(bytes=told[33:49]),
        nth=int.from_bytes(told[49:57]),
    )


def _tag(told: bytes) -> bytes:
    key = f"exchange.cursors:{settings.SECRET_KEY}".encode()
    return hmac.new(key, told, hashlib.sha256).digest()[:_TAG_BYTES]
