"""The mark of records that are laid out for intruders: it lies in their ids, and only who has the key can tell it.

An id of version 7 is a time and 74 random bits. In a decoy's the last 62 of them are a keyed digest of what stands before: to
whoever has the database, a dump or the API, and not the key, an id like all others. Whether an id is marked costs two
microseconds and no question to the database, so that it can be asked of every record that somebody opens.

An id cannot change when the key does: it stands in the trail, in backups, on cards. So decoys of former keys are known by the
sealed list of all decoys, which a process reads once: those that come later are marked under the key that it has itself.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
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
    """Whether the value is the id of a decoy, as an id or as its text. What is no id is not.

    No query but one in the life of a process.
    """
    told = _id(value)
    if told is None:
        return False
    former = settings.BLIND_INDEX_FORMER_KEY
    return told == _marked(told) or told in listed() or (former is not None and told == _marked(told, former))


def is_lost_without_former_key(value: UUID) -> bool:
    """Whether the id is marked under the former key, and no list tells it: without that key nobody would know it any more."""
    former, told = settings.BLIND_INDEX_FORMER_KEY, _id(value)
    if former is None or told is None or told != _marked(told, former):
        return False
    return told != _marked(told) and told not in listed()


@cache
def listed() -> frozenset[UUID]:
    """All decoys that were laid out when the process first asked, whatever key they are marked under. One query."""
    asked = cast("Callable[[], frozenset[UUID]]", import_string(settings.DECOYS_LISTED))
    return asked()


def _id(value: object) -> UUID | None:
    if isinstance(value, str):
        try:
            value = UUID(value)
        except ValueError:
            return None
    return value if isinstance(value, UUID) and value.version == _VERSION else None


def _marked(told: UUID, key: bytes | None = None) -> UUID:
    digest = hmac.digest(key or settings.BLIND_INDEX_KEY, _PURPOSE + told.bytes[:8], "sha256")
    return UUID(int=(told.int & ~_MASK) | (int.from_bytes(digest[:8], "big") & _MASK))
