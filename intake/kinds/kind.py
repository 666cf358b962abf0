"""What a kind of list is: its columns, what is checked, and what its rows become."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from accounts.acting import organisation_for
from accounts.models import User
from core.actors import Actor
from intake.models import Batch, StagedRow
from intake.models.staging import Severity
from intake.row_ids import RowIds
from intake.values.reading import Reading

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

#: Reads one cell: answers the normalised text, "" where nothing is known, or raises BadValue.
Reader = Callable[[str, Reading], str]
#: What stands for a value where two are compared and neither may be read (intake.slots); None where nothing can be compared.
Mark = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a list may tell. `words` and HXL `tags` are what its header may say, in any language, in small letters.

    The text of a region is looked up among the regions once it is read; from then on the value is the region's id. A value with
    a `mark` is sealed as soon as it is read.
    """

    name: str
    label: "str | Words"
    read: Reader
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_required: bool = False
    is_region: bool = False
    mark: Mark | None = None
    #: Whether pages show it by the shape of its text only, as the register masks what becomes of it.
    is_masked: bool = False


class Found(NamedTuple):
    """One finding about the row at hand."""

    column: str
    code: str
    severity: Severity


class Row:
    """One row while it is being staged; a kind completes it.

    `value` has a slot for each derived name, then one for each of the kind's fields; a kind may cut off blank ones at
    the end. `severity` is the worst that reading its cells found. Rows that share a `fingerprint` may be one and the same;
    `keys` are for searches of the kind.
    """

    __slots__ = ("findings", "fingerprint", "keys", "number", "severity", "value")

    def __init__(self, number: int, value: list[str]) -> None:
        self.number = number
        self.value = value
        self.severity: int = Severity.FINE
        self.fingerprint: int | None = None
        self.keys: Sequence[str] = ()
        self.findings: list[Found] = []

    def refuse(self, column: str, code: str) -> None:
        """Note that the row cannot be taken."""
        self.findings.append(Found(column, code, Severity.ERROR))

    def warn(self, column: str, code: str) -> None:
        """Note what a person should look at before the row is taken."""
        self.findings.append(Found(column, code, Severity.WARNING))


class Span(NamedTuple):
    """The groups of a batch whose leads are above `after` and not above `last`."""

    batch: Batch
    after: int
    last: int


class Pair(NamedTuple):
    """Two persons, by their ids, who may be one human being; the first is in the batch."""

    first: UUID
    second: UUID


class ChunkRow(NamedTuple):
    """One staged row that is to be written now."""

    number: int
    lead: int
    record_id: UUID
    parent_id: UUID
    value: list[str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole groups of rows, written in the transaction that is open now. `at` is when we learn it.

    `rows` are those to be written, in order, up to the severity `worst`; a kind that is set-wise asks the database for them.
    """

    batch: Batch
    by: Actor
    at: datetime
    span: Span
    worst: int
    rows: Sequence[ChunkRow]


class Checking(Protocol):
    """What a kind may do in its check: find things set-wise. `intake.checking` implements it."""

    batch: Batch

    def slot(self, name: str, row: str = "s") -> str:
        """The SQL for the value of a field or derived slot of the row `s`; an empty text where nothing is known."""
        ...

    def find(
        self,
        code: str,
        column: str,
        severity: Severity,
        where: str,
        params: Mapping[str, object] | None = None,
        *,
        other: str = "NULL::int",
        source: str = "",
    ) -> int:
        """One finding for each row `s` of the batch that fulfils the SQL condition; answers how many. One statement.

        `source` adds relations to FROM; `other` is the SQL for the number of the row that it has to do with.
        """
        ...

    def run(self, statement: str, params: Mapping[str, object] | None = None) -> int:
        """Run a statement of one's own, with `%(batch)s` and `%(organisation)s` filled in; answers the rows it touched."""
        ...

    def heading(self, name: str) -> str:
        """The file's heading over a field; empty where the file does not tell it."""
        ...

    def own_ids(self) -> tuple[UUID, UUID]:
        """The lowest and the highest id that rows of this batch can have."""
        ...

    def grade(self) -> None:
        """Give each row the severity of the worst that was found about it so far."""
        ...

    def rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a question of one's own; for counts, not for lists as long as the file."""
        ...


class TakingBack(Protocol):
    """What a kind may do while a batch is taken back. `intake.undoing` implements it."""

    batch: Batch
    by: User
    at: datetime
    reason: str
    voided: Counter[str]

    def gather(self, record: type[models.Model], parent: type[models.Model] | None) -> None:
        """Note what stands in the register, and what somebody went on with."""
        ...

    def ids(self, statement: str) -> list[UUID]:
        """The first column of a question."""
        ...

    def run(self, statement: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a statement with `%(batch)s`, `%(at)s`, `%(by)s` and `%(reason)s` filled in; answers the rows it touched."""
        ...

    def void(self, model: type[models.Model], where: str) -> None:
        """Void the rows `x` of the model that fulfil the SQL condition and are not void yet."""
        ...

    def void_records(self, model: type[models.Model], column: str) -> None:
        """Void the records themselves and every fact that was written with them."""
        ...


class Kind(ABC):
    """One kind of list. A new kind is one module with one subclass, and its line in intake.kinds.registry."""

    name: ClassVar[str]
    label: ClassVar["str | Words"]
    fields: ClassVar[tuple[Field, ...]]
    #: Slots that the kind fills in itself while a row is prepared.
    derived: ClassVar[tuple[str, ...]] = ()
    #: Rows with the same text in this slot (and not blank) are one record of the upper kind, such as a household.
    group_slot: ClassVar[str] = ""
    #: Whoever accepts needs this permission: resource (`app.model`) and act.
    permission: ClassVar[tuple[str, str]]
    #: What a row becomes, and what rows of one group become; whatever points at them is void once they are.
    record: ClassVar[type[models.Model]]
    parent: ClassVar[type[models.Model] | None] = None
    #: Lookups from a record to the region in which it lies; the first of them that leads to one.
    places: ClassVar[tuple[str, ...]]
    #: Slots that the first row of a group holds for all of it: where it is blank, it takes what the next row tells.
    shared: ClassVar[tuple[str, ...]] = ()
    #: Those of the shared slots that every row of a group needs: where one is blank, it takes what the first row holds.
    inherited: ClassVar[tuple[str, ...]] = ()
    #: Whether rows are written by statements over the staged rows, so that none of them is fetched.
    is_set_wise: ClassVar[bool] = False
    #: Sentences for the codes of this kind's own findings.
    sentences: ClassVar[Mapping[str, "str | Words"]] = {}

    def __init__(self) -> None:
        names = [*self.derived, *(field.name for field in self.fields)]
        #: Where each derived name's or field's text stands in a row's values, from 0.
        self.slots: dict[str, int] = {name: place for place, name in enumerate(names)}

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """What completes each row while the file is read: groups, fingerprints, findings about the row by itself.

        It runs for each of a million rows, so it asks the database nothing.
        """
        return _leave_as_it_is

    def complete(self, rows: Sequence[Row]) -> None:  # noqa: B027 - most kinds have rows that stand alone
        """Complete neighbouring rows of one group, once all of them are read and the first holds what they share."""

    def check(self, checking: Checking) -> None:  # noqa: B027 - a kind without checks of its own is complete
        """Find set-wise what only other rows or the register can tell."""

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """How many records of each name accepting the rows up to this severity would bring. One or two statements."""
        statement = (
            "SELECT count(*) FROM intake_stagedrow WHERE batch_id = %(batch)s AND severity <= %(worst)s"
            " AND known_as IS NULL"
        )
        return {"rows": checking.rows(statement, {"worst": int(worst)})[0][0]}

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """Look again, under the lock of the organisation, at what the register holds by now.

        Runs before the chunk's rows are read for writing; rows that are registered already get `known_as`. Answers pairs that
        are proposed as possible duplicates once the chunk is written.
        """
        return []

    @abstractmethod
    def write(self, chunk: Chunk) -> dict[str, int]:
        """Write the chunk's rows into the register, in the open transaction; answers what was written, by name."""

    def check_may_write(self, batch: Batch, by: User) -> None:
        """Refuse who may not write what the list holds. Raises PermissionDenied, and ValidationError for another region."""
        organisation_for(by, *self.permission, region=batch.registered_in, wanted=batch.organisation)

    def own_ids(self, batch: Batch) -> tuple[UUID, UUID]:
        """The lowest and the highest id that rows of the batch were given."""
        return RowIds.bounds(batch)

    def take_back(self, undoing: TakingBack, *, partly: bool) -> list[str]:
        """Void what the batch wrote; answers the records that somebody went on with, which are kept with their groups.

        Without `partly` nothing is voided where there are any.
        """
        undoing.gather(self.record, self.parent)
        kept = self.named(undoing.ids("SELECT DISTINCT record_id FROM intake_kept ORDER BY 1"))
        if kept and not partly:
            return kept
        undoing.void_records(self.record, "record_id")
        if self.parent is not None:
            undoing.void_records(self.parent, "parent_id")
        return kept

    def lying(self, batch: Batch) -> Counter[str]:
        """How many records that the batch wrote, and that are not void, lie in each region, by its path. One query."""
        rows = StagedRow.objects.filter(Q(known_as=None) | Q(known_as=F("record_id")), batch=batch)
        return self.by_region(self.record, Q(pk__in=rows.values("record_id"), voided_at=None))

    def by_region(self, model: type[models.Model], which: Q) -> Counter[str]:
        """How many of these records lie in each region."""
        paths = [F(f"{place}__path") for place in self.places]
        path = Coalesce(*paths) if len(paths) > 1 else paths[0]
        found = model._base_manager.filter(which).order_by().values_list(path).annotate(number=Count("pk"))
        return Counter({told: number for told, number in found if told})

    def named(self, ids: list[UUID]) -> list[str]:
        """Records as people know them. One or two queries."""
        return [str(pk) for pk in ids]


def _leave_as_it_is(row: Row) -> None:
    """A kind that needs nothing."""
