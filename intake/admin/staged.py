"""Rows of a batch as its page shows them: what was found, in which column, and what stands there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.field_classes import telling_of_people
from core.masking import shaped
from intake.admin.likeness import Likeness, in_one_line
from intake.findings import sentence
from intake.identities import identity_of
from intake.kinds.kind import Field
from intake.kinds.registry import KINDS
from intake.models import Batch, Finding, StagedRow
from intake.models.staging import Severity
from intake.slots import opened
from regions.models import Region

#: Rows on a page.
SHOWN = 25
#: A text with so many digits may be a telephone number, a document's number or a date.
DIGITS_OF_A_NUMBER = 5
BIRTH_DATE = "birth_date"
_TONES = {Severity.FINE: "fine", Severity.WARNING: "warning", Severity.ERROR: "error"}


class Cell(NamedTuple):
    """One cell under the heading of its column."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding, with the cell that it is about where there is one."""

    tone: str
    label: str
    column: str
    value: str | None
    sentence: str
    other_row: int | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row."""

    number: int
    tone: str
    is_left_out: bool
    findings: Sequence[ShownFinding]
    cells: Sequence[Cell]
    who: str = ""
    likeness: Likeness | None = None


def page_of_rows(
    batch: Batch, *, severity: Severity | None = None, code: str = "", after: int = 0
) -> tuple[list[StagedRow], bool]:
    """The next rows after a row number, and whether there are more. One query, by key: it costs the same anywhere."""
    rows: QuerySet[StagedRow] = batch.rows.filter(number__gt=after)
    if severity is not None:
        rows = rows.filter(severity=severity)
    if code:
        named = Finding.objects.filter(batch=batch, code=code, row__gt=after)
        numbers = named.order_by("row").values_list("row", flat=True).distinct()[: SHOWN + 1]
        rows = rows.filter(number__in=list(numbers))
    found = list(rows.order_by("number")[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN


def shown_rows(
    batch: Batch,
    rows: Sequence[StagedRow],
    left_out: Iterable[int],
    *,
    likeness: Mapping[int, Likeness],
) -> list[ShownRow]:
    """The rows with all that is said about them. Two queries: the findings, and the names of regions."""
    reader = _Reader(batch, rows)
    out = set(left_out)
    by_row: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(batch=batch, row__in=[row.number for row in rows]).order_by(
        "row", "id"
    ):
        by_row.setdefault(finding.row, []).append(finding)
    return [
        ShownRow(
            number=row.number,
            tone=_TONES[Severity(row.severity)],
            is_left_out=row.is_left_out or row.number in out,
            findings=[reader.finding(row, each) for each in by_row.get(row.number, [])],
            cells=reader.cells(row),
            who=reader.who(row),
            likeness=likeness.get(row.number),
        )
        for row in rows
    ]


class _Reader:
    """What stands in which column: the file's own cells where they are kept, else what was read from them."""

    def __init__(self, batch: Batch, rows: Sequence[StagedRow]) -> None:
        self.kind, self.batch = KINDS[batch.kind], batch.pk
        self.headings: list[str] = list(batch.headings)
        self.heading_of: Mapping[str, str] = {field: heading for heading, field in batch.columns.items()}
        fields = {field.name: field for field in self.kind.fields}
        self.field_of = {heading: fields[name] for name, heading in self.heading_of.items() if name in fields}
        self.is_of_people = self.kind.permission[0] in telling_of_people()
        self.regions = self._regions(rows)

    def _regions(self, rows: Sequence[StagedRow]) -> dict[str, str]:
        slots = [self.kind.slots[field.name] for field in self.kind.fields if field.is_region]
        ids = {row.value[slot] for row in rows for slot in slots if not row.raw and slot < len(row.value)}
        found = Region.objects.filter(pk__in=[each for each in ids if each.isdigit()])
        return {str(region.pk): str(region) for region in found}

    def cells(self, row: StagedRow) -> list[Cell]:
        """The whole row; of what the register masks, and of what may be such a thing, only the shape."""
        if row.raw:
            columns = [*self.headings, *("" for _extra in row.raw[len(self.headings) :])]
            told = zip(columns, row.raw, strict=False)
            return [Cell(column, self._covered(column, text)) for column, text in told]
        return [
            Cell(self._label(field.name), self._written(field, row.value))
            for field in self.kind.fields
            if field.name in self.heading_of
        ]

    def who(self, row: StagedRow) -> str:
        """The person in the row, where it names one."""
        identity = identity_of(self.kind, row.value)
        return in_one_line(identity) if identity else ""

    def finding(self, row: StagedRow, finding: Finding) -> ShownFinding:
        """One finding with its cell."""
        severity = Severity(finding.severity)
        column = self._label(finding.column) if finding.column else ""
        return ShownFinding(
            tone=_TONES[severity],
            label=str(severity.label),
            column=column,
            value=next((cell.value for cell in self.cells(row) if column and cell.column == column), None),
            sentence=sentence(finding.code),
            other_row=finding.other_row,
        )

    def _covered(self, heading: str, text: str) -> str:
        """A cell of the file. A column without a meaning here may hold a day of birth, or a part of it: no digit is shown."""
        field = self.field_of.get(heading)
        if field is None:
            return shaped(text, shown=0) if self.is_of_people else text
        return self._shaped(field, text) if field.is_masked else text

    def _shaped(self, field: Field, text: str) -> str:
        """Of a date no digit: its year stands in the heading of the row."""
        return shaped(text, shown=0) if field.name == BIRTH_DATE else shaped(text)

    def _written(self, field: Field, values: Sequence[str]) -> str:
        slot = self.kind.slots[field.name]
        value = values[slot] if slot < len(values) else ""
        if field.mark:
            value = opened(value, self.batch)
        if field.is_masked:
            return self._shaped(field, value)
        return self.regions.get(value, value) if field.is_region else value

    def _label(self, name: str) -> str:
        """The file's own heading of a field, or the field's label where no column holds it."""
        if name in self.headings:
            return name
        if name in self.heading_of:
            return self.heading_of[name]
        return next((str(field.label) for field in self.kind.fields if field.name == name), name)
