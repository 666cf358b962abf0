"""Ids for rows that are written in bulk."""

import random
from datetime import datetime
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_LOW = (1 << 62) - 1


class Keys:
    """Gives UUIDs of version 7: the moment in milliseconds, then 74 random bits (RFC 9562).

    The moment is that of the row, not now, so that ids sort by when a fact was recorded, as they do for facts that arrive one by one.
    With a seeded generator the same stream gets the same ids.
    """

    def __init__(self, source: random.Random | None = None) -> None:
        self._bits = (source or random.SystemRandom()).getrandbits

    def at(self, moment: datetime) -> UUID:
        """A new id of the moment; the moment must be aware."""
        noise = self._bits(74)
        return UUID(
            int=int(moment.timestamp() * 1000) << 80
            | (noise >> 62) << 64
            | noise & _LOW
            | _VERSION_AND_VARIANT
        )
