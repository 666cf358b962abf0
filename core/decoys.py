"""The mark of records that are laid out for intruders: it lies in their ids, and only who has the key can tell it.

An id of version 7 is a time and 74 random bits. In a decoy's the last 62 of them are a keyed digest of what stands before: to
whoever has the database, a dump or the API, and not the key, an id like all others. Whether an id is marked costs two
microseconds and no question to the database, so that it can be asked of every record that somebody opens.
"""

import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from uuid6 import uuid7

_PURPOSE = b"decoy\0"
#: Bits of the digest in an id: one honest id in four trillions of millions is marked by chance.
_BITS = 62
_MASK = (1 << _BITS) - 1
_VERSION = 7


def marked_id(at: datetime) -> UUID:
    """A new id that is marked, and as old as one that is drawn at the moment."""
    time = int(at.timestamp() * 1_000) << 80
    return _marked(UUID(int=time | (uuid7().int & ((1 << 80) - 1))))


def is_marked(value: object) -> bool:
    """Whether the value is the id of a decoy, as an id or as its text. What is no id is not."""
    if isinstance(value, str):
        try:
            value = UUID(value)
        except ValueError:
            return False
    if not isinstance(value, UUID) or value.version != _VERSION:
        return False
    former = settings.BLIND_INDEX_FORMER_KEY
    return value == _marked(value) or (former is not None and value == _marked(value, former))


def _marked(told: UUID, key: bytes | None = None) -> UUID:
    digest = hmac.digest(key or settings.BLIND_INDEX_KEY, _PURPOSE + told.bytes[:8], "sha256")
    return UUID(int=(told.int & ~_MASK) | (int.from_bytes(digest[:8], "big") & _MASK))
