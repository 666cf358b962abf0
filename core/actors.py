"""Who acts: the little that packages below `accounts` need to know of a user."""

from typing import Protocol
from uuid import UUID


class Actor(Protocol):
    """Somebody whose name stands behind a change. Users of `accounts` are actors."""

    pk: UUID
