"""Ids that rows get before they are in the register, so that no row can enter it twice."""

import random
from uuid import UUID

from intake.models import Batch


class RowIds:
    """UUIDs of version 7 for the rows of one batch: when it was received, the row's number, then bits drawn for the batch.

    They sort as the rows do, and staging the same file for the same batch gives the same ids again.
    """

    def __init__(self, batch: Batch) -> None:
        self._start = _start(batch)
        self._bits = random.Random(batch.pk.int).getrandbits

    def next(self, number: int) -> tuple[int, int]:
        """The id of the row's record, and the one of the group that it leads, as numbers."""
        high, low = (number >> 12) & 0xFFF, number & 0xFFF
        own = self._start | (high << 64) | (low << 50) | self._bits(49)
        return own, own | (1 << 49)

    @staticmethod
    def bounds(batch: Batch) -> tuple[UUID, UUID]:
        """The lowest and the highest id that rows of the batch can have."""
        start = _start(batch)
        return UUID(int=start), UUID(int=start | (0xFFF << 64) | ((1 << 62) - 1))


def _start(batch: Batch) -> int:
    milliseconds = int(batch.received_at.timestamp() * 1000)
    return (milliseconds << 80) | (0x7 << 76) | (0b10 << 62)
