"""Ids for rows that are written in bulk."""

import random
from datetime import datetime
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_COUNTER = (1 << 12) - 1


class Keys:
    """Gives UUIDs of version 7 (RFC 9562): the moment in milliseconds, twelve bits of a counter, 62 random bits.

    The moment is that of the row, not now, so that ids sort by when a fact was recorded, as they do for facts that arrive
    one by one; the counter keeps the members of a family, who share a moment, in their order. With a seeded generator the
    same stream gets the same ids.
    """

    def __init__(self, source: random.Random | None = None) -> None:
        self._bits = (source or random.Random()).getrandbits
        self._count = 0
        self._moment: datetime | None = None
        self._milliseconds = 0

    def at(self, moment: datetime) -> UUID:
        """A new id of the moment, which must be aware."""
        if moment is not self._moment:
            self._moment, self._milliseconds = moment, int(moment.timestamp() * 1000) << 80
        self._count = (self._count + 1) & _COUNTER
        return UUID(int=self._milliseconds | self._count << 64 | self._bits(62) | _VERSION_AND_VARIANT)
