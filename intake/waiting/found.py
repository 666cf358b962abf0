"""What was found of somebody in what waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from core.encryption import blind_index
from displacement.identity.spotting import Sureness

#: A file is one place as a whole where it cannot be opened.
WHOLE = 0


class Place(StrEnum):
    """Where it waits."""

    FORM = "form"
    LIST = "list"
    #: A list whose file cannot be looked through, or in which no row can be taken out: a person has to see to it.
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Found:
    """One row or one member of a form that tells, or may tell, of somebody.

    `mark` stands for what is in it under a key, so that an answer about it is found again and nothing of it is kept. `number`
    is that of the row, zero in a form; `shown` are its cells, for the page on which somebody compares.
    """

    place: Place
    holder: UUID
    mark: int
    sureness: Sureness
    name: str
    number: int = 0
    shown: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Under which it is answered."""
        return f"{self.holder}:{self.mark}"


@dataclass(slots=True)
class Taken:
    """What was taken out: rows of lists and of forms, their marks, and forms that hold nothing now (form, instance)."""

    rows: int = 0
    entries: int = 0
    marks: list[int] = field(default_factory=list)
    emptied: list[tuple[str, str]] = field(default_factory=list)


def mark_of(cells: Sequence[str]) -> int:
    """What stands for these cells."""
    return blind_index("\x1f".join(cells), "intake.waiting") or 1
