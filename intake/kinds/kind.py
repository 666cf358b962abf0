"""What a kind of list is: its columns, what is checked, and what its rows become."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol
from uuid import UUID

from django.db import models

from core.actors import Actor
from intake.models import Batch
from intake.models.staging import Severity
from intake.values.reading import Reading

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

#: Reads one cell: answers the normalised text, "" where nothing is known, or raises BadValue.
Reader = Callable[[str, Reading], str]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a list may tell. `words` and HXL `tags` are what its header may say, in any language, in small letters.

    The text of a region is looked up among the regions once it is read; from then on the value is the region's id.
    """

    name: str
    label: "str | Words"
    read: Reader
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_required: bool = False
    is_region: bool = False


class Found(NamedTuple):
    """One finding about the row at hand."""

    column: str
    code: str
    severity: Severity


class Row:
    """One row while it is being staged; a kind completes it.

    `value` has a slot for each of the kind's fields, in their order, then one for each derived name. Rows with one `group` (and
    not blank) become one record of the upper kind, such as a household.
    """

    __slots__ = ("findings", "fingerprint", "group", "keys", "number", "value")

    def __init__(self, number: int, value: list[str]) -> None:
        self.number = number
        self.value = value
        self.group = ""
        self.fingerprint: int | None = None
        self.keys: Sequence[str] = ()
        self.findings: list[Found] = []

    def refuse(self, column: str, code: str) -> None:
        """Note that the row cannot be taken."""
        self.findings.append(Found(column, code, Severity.ERROR))

    def warn(self, column: str, code: str) -> None:
        """Note what a person should look at before the row is taken."""
        self.findings.append(Found(column, code, Severity.WARNING))


class ChunkRow(NamedTuple):
    """One staged row that is to be written now."""

    number: int
    lead: int
    record_id: UUID
    parent_id: UUID
    severity: int
    known_as: UUID | None
    value: list[str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole groups of rows, in order, written in the transaction that is open now. `at` is when we learn it."""

    batch: Batch
    by: Actor
    at: datetime
    rows: Sequence[ChunkRow]


class Checking(Protocol):
    """What a kind may do in its check: find things set-wise. `intake.checking` implements it."""

    batch: Batch

    def slot(self, name: str) -> str:
        """The SQL for the value of a field or derived slot of the row `s`; an empty text where nothing is known."""
        ...

    def find(
        self,
        code: str,
        column: str,
        severity: Severity,
        where: str,
        params: Mapping[str, object] | None = None,
    ) -> int:
        """One finding for each row `s` of the batch that fulfils the SQL condition; answers how many. One statement."""
        ...

    def run(self, statement: str, params: Mapping[str, object] | None = None) -> int:
        """Run a statement of one's own, with `%(batch)s` and `%(organisation)s` filled in; answers the rows it touched."""
        ...


class Kind(ABC):
    """One kind of list. A new kind is one module with one subclass, and its line in intake.kinds.registry."""

    name: ClassVar[str]
    label: ClassVar["str | Words"]
    fields: ClassVar[tuple[Field, ...]]
    #: Slots that the kind fills in itself while a row is prepared.
    derived: ClassVar[tuple[str, ...]] = ()
    #: Whoever accepts needs this permission: resource (`app.model`) and act.
    permission: ClassVar[tuple[str, str]]
    #: What a row becomes, and what rows of one group become; whatever points at them is void once they are.
    record: ClassVar[type[models.Model]]
    parent: ClassVar[type[models.Model] | None] = None
    #: Sentences for the codes of this kind's own findings.
    sentences: ClassVar[Mapping[str, "str | Words"]] = {}

    def __init__(self) -> None:
        names = [*(field.name for field in self.fields), *self.derived]
        #: Where each field's or derived name's text stands in a row's values, from 0.
        self.slots: dict[str, int] = {name: place for place, name in enumerate(names)}

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """What completes each row while the file is read: groups, fingerprints, findings about the row by itself.

        It runs for each of a million rows, so it asks the database nothing.
        """
        return _leave_as_it_is

    def check(self, checking: Checking) -> None:  # noqa: B027 - a kind without checks of its own is complete
        """Find set-wise what only other rows or the register can tell."""

    @abstractmethod
    def write(self, chunk: Chunk) -> dict[str, int]:
        """Write the chunk's rows into the register, in the open transaction; answers what was written, by name."""


def _leave_as_it_is(row: Row) -> None:
    """A kind that needs nothing."""
