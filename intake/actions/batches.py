"""What people do with a list: send it, say what its columns mean, look, accept it in whole or in part, or take it back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from accounts.models import Organisation, User
from intake.models import Batch
from intake.models import Mapping as ColumnMapping
from intake.sources.source import Column
from regions.models import Region


@dataclass(frozen=True, slots=True)
class Preview:
    """The head of a list: its columns, a few rows, and what the columns probably mean (header to field)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a code was found."""

    code: str
    severity: int
    rows: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the check found, and what accepting would bring into the register.

    `fine_only` and `with_warnings` count what would be written, by name: people, households, movements ...
    """

    rows: int
    fine: int
    warned: int
    refused: int
    left_out: int
    codes: tuple[Counted, ...]
    fine_only: Mapping[str, int]
    with_warnings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a batch back did: records voided by name, and records that were kept since somebody went on with them."""

    voided: Mapping[str, int]
    kept: tuple[str, ...]


def receive(
    *,
    organisation: Organisation,
    kind: str,
    file: BinaryIO,
    name: str,
    by: User,
    registered_in: Region,
    mapping: ColumnMapping | None = None,
    options: Mapping[str, Any] | None = None,
) -> Batch:
    """Keep a list, byte for byte, and ask a worker to read it."""
    raise NotImplementedError


def columns(batch: Batch) -> Preview:
    """The head of the list and a guess at what its columns mean."""
    raise NotImplementedError


def map_columns(*, batch: Batch, columns: Mapping[str, str], by: User, save_as: str = "") -> Batch:
    """Say what the columns mean (header to field), and have the list read."""
    raise NotImplementedError


def summary(batch: Batch) -> Summary:
    """What the check found."""
    raise NotImplementedError


def accept(*, batch: Batch, by: User, with_warnings: bool, leaving_out: Collection[int] = ()) -> Batch:
    """Let the rows into the register that are fine, and those with warnings where it is said so."""
    raise NotImplementedError


def refused_csv(batch: Batch) -> Iterator[str]:
    """The rows that were not taken, as they were sent, to be mended and sent again."""
    raise NotImplementedError


def undo(*, batch: Batch, by: User, reason: str, partly: bool = False) -> Undone:
    """Take back all that the batch wrote."""
    raise NotImplementedError


def discard(*, batch: Batch, by: User) -> Batch:
    """Throw a batch away that was not accepted."""
    raise NotImplementedError
