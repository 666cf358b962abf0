"""Which columns are shown by their masks, and to whom whole: the policy's table, asked by every page and answer."""

from collections.abc import Mapping
from typing import Any

from accounts.policy import MASKED
from core.masking import Mask, masked

_NONE: Mapping[str, Mask] = {}


def masks_of(resource: str) -> Mapping[str, Mask]:
    """The masked columns of a kind of record (`app.model`)."""
    return MASKED.get(resource, _NONE)


def mask_of(record: Any, column: str) -> str:
    """What a page shows of a column of a record: its mask, or all of what is not masked."""
    value, mask = getattr(record, column), masks_of(record._meta.label_lower).get(column)
    return masked(value, mask) if mask else str(value or "")
