"""Slots of staged rows that hold what the database must not read: `mark:ciphertext`, as one text that statements copy as it is.

The mark stands for the value wherever two are compared (core.encryption.blind_index), blank where nothing can be compared.
The ciphertext is bound to the list and not to the row, since rows of one household take over from each other what it tells.
"""

from uuid import UUID

from core.encryption import Place, decrypt, encrypt
from intake.kinds.kind import Mark

_BETWEEN = ":"


def sealed(text: str, mark: Mark, batch: UUID) -> str:
    """The slot for a value; blank for a blank one."""
    if not text:
        return ""
    stands = mark(text)
    return f"{'' if stands is None else stands}{_BETWEEN}{encrypt(text, place_in(batch))}"


def opened(slot: str, batch: UUID) -> str:
    """The value in a slot. Raises core.encryption.UnreadableError."""
    return decrypt(ciphertext_of(slot), place_in(batch)) if slot else ""


def ciphertext_of(slot: str) -> str:
    """What of a slot is sealed."""
    return slot.partition(_BETWEEN)[2]


def mark_of(slot: str) -> int | None:
    """The mark in a slot; None where there is none."""
    mark = slot.partition(_BETWEEN)[0]
    return int(mark) if mark else None


def mark_sql(slot: str) -> str:
    """The SQL for the mark in a slot, as text; blank where there is none."""
    return f"split_part({slot}, '{_BETWEEN}', 1)"


def place_in(batch: UUID) -> Place:
    """Where the values of a list lie."""
    return Place("intake_stagedrow", batch, "value")
