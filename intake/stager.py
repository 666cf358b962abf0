"""One row of a file becomes one line of COPY: cells are read, the kind completes the row, ids are given."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from core.encryption import Place, encrypt
from intake import slots
from intake.kinds.kind import Field, Kind, Row
from intake.literals import array
from intake.models import Batch
from intake.models.staging import Severity
from intake.row_ids import RowIds
from intake.sources import Column, SourceRow
from intake.values import BadValue, Reading
from regions.gazetteer import Gazetteer

#: Columns of a staged row in the order in which `Stager.lines` writes them.
COLUMNS = "batch_id, number, lead, record_id, parent_id, fingerprint, severity, is_left_out, keys, value, raw"
#: Readings of repeating cells that are remembered for each column.
REMEMBERED = 4_096

#: Neighbours that are held back at most; larger groups are refused by their kind, or stand on their own.
LARGEST_GROUP = 200

ReadCell = Callable[[str], str]


class Stager:
    """Turns the rows of one file into lines, and collects what is found about them."""

    def __init__(self, batch: Batch, kind: Kind, columns: Sequence[Column], reading: Reading) -> None:
        """`columns` are the file's; the batch says what they mean. Three queries, for the regions."""
        self._batch, self._kind = batch, kind
        self._batch_id = batch.pk.hex
        self._prepare = kind.preparer(batch, reading)
        self._gazetteer = Gazetteer() if any(field.is_region for field in kind.fields) else None
        self._blank = [""] * len(kind.slots)
        self._group = kind.slots.get(kind.group_slot)
        fields = {field.name: field for field in kind.fields}
        self._plan = [
            (place, kind.slots[name], self._reader(fields[name], reading), column.name)
            for place, column in enumerate(columns)
            if (name := batch.columns.get(column.name, "")) in fields
        ]
        self._headings = {slot: heading for _, slot, _, heading in self._plan}
        self._required = [kind.slots[field.name] for field in kind.fields if field.is_required]
        self._ids = RowIds(batch)
        self._shared = [kind.slots[name] for name in kind.shared]
        self._inherited = [kind.slots[name] for name in kind.inherited]
        self._pending: list[tuple[Row, Sequence[str]]] = []
        self._token = ""
        self._findings: list[tuple[Any, ...]] = []

    def lines(self, rows: Iterable[SourceRow]) -> Iterator[str]:
        """The staged rows for COPY, in order; neighbours of one group are held back until all of them are read."""
        group, pending = self._group, self._pending
        for row in rows:
            staged = self._read(row)
            token = "" if group is None else staged.value[group]
            if pending and (not token or token != self._token or len(pending) >= LARGEST_GROUP):
                yield from self._flush()
            self._token = token
            pending.append((staged, row.values))
        if pending:
            yield from self._flush()

    def _read(self, row: SourceRow) -> Row:
        staged, cells = Row(row.number, self._blank.copy()), row.values
        value = staged.value
        if row.problem:
            staged.refuse("", row.problem)
            return staged
        try:
            for place, slot, read, _ in self._plan:
                cell = cells[place]
                if cell:
                    value[slot] = read(cell)
        except BadValue:
            self._read_one_by_one(staged, cells)
        for slot in self._required:
            if not value[slot]:
                self._refuse_blank(staged, slot)
        self._prepare(staged)
        return staged

    def _flush(self) -> Iterator[str]:
        """The lines of the rows that were held back: one group, or one row without."""
        rows = [row for row, _cells in self._pending]
        lead = rows[0]
        if len(rows) > 1:
            self._share(rows, lead.value)
        self._kind.complete(rows)
        parent = ""
        for staged, cells in self._pending:
            own, group = self._ids.next(staged.number)
            parent = parent or f"{group:032x}"
            yield self._written(staged, cells, f"{lead.number}\t{own:032x}\t{parent}")
        self._pending.clear()

    def _share(self, rows: Sequence[Row], first: list[str]) -> None:
        """What the group tells goes to its first row, and from there to all that need it."""
        for slot in self._shared:
            if not first[slot]:
                first[slot] = next((row.value[slot] for row in rows if row.value[slot]), "")
        for slot in self._inherited:
            if told := first[slot]:
                for row in rows:
                    row.value[slot] = row.value[slot] or told

    def take_findings(self) -> list[tuple[UUID, int, str, str, int]]:
        """What was found since the last call, as rows of Finding."""
        taken, self._findings = self._findings, []
        return taken

    def _reader(self, field: Field, reading: Reading) -> ReadCell:
        read, gazetteer = field.read, self._gazetteer

        def read_region(cell: str) -> str:
            text = read(cell, reading)
            if not text or gazetteer is None:
                return ""
            found = gazetteer.find(text)
            if len(found) != 1:
                raise BadValue("ambiguous_region" if found else "unknown_region")
            (region,) = found
            return str(region)

        def read_sealed(cell: str) -> str:
            assert field.mark is not None
            return slots.sealed(read(cell, reading), field.mark, self._batch.pk)

        def read_cell(cell: str) -> str:
            return read(cell, reading)

        chosen = read_region if field.is_region else read_sealed if field.mark else read_cell
        return lru_cache(REMEMBERED)(chosen)

    def _read_one_by_one(self, staged: Row, cells: Sequence[str]) -> None:
        """Every cell again, where one was bad, so that a person sees all that is wrong with the row at once."""
        for place, slot, read, heading in self._plan:
            staged.value[slot] = ""
            try:
                staged.value[slot] = read(cells[place])
            except BadValue as bad:
                staged.value[slot] = bad.instead or ""
                severity = Severity.ERROR if bad.instead is None else Severity.WARNING
                self._note(staged.number, heading, bad.code, severity)
                staged.severity = max(staged.severity, severity)

    def _refuse_blank(self, staged: Row, slot: int) -> None:
        heading = self._headings.get(slot, "")
        if not any(found[1] == staged.number and found[2] == heading for found in self._findings[-40:]):
            self._note(staged.number, heading, "required", Severity.ERROR)
            staged.severity = Severity.ERROR

    def _note(self, number: int, heading: str, code: str, severity: int) -> None:
        self._findings.append((self._batch.pk, number, heading[:60], code, int(severity)))

    def _written(self, staged: Row, cells: Sequence[str], ids: str) -> str:
        number, severity = staged.number, staged.severity
        for name, code, worse in staged.findings:
            slot = self._kind.slots.get(name, -1)
            self._note(number, self._headings.get(slot, ""), code, worse)
            severity = max(severity, worse)
        # Keys are Latin letters, digits and braces, which need no care.
        keys = '{"' + '","'.join(staged.keys) + '"}' if staged.keys else "{}"
        mark = "\\N" if staged.fingerprint is None else staged.fingerprint
        raw = self._sealed(number, cells) if severity else "\\N"
        return (
            f"{self._batch_id}\t{number}\t{ids}\t{mark}\t{int(severity)}\tf"
            f"\t{keys}\t{array(staged.value)}\t{raw}\n"
        )

    def _sealed(self, number: int, cells: Sequence[str]) -> str:
        """The file's own cells as StagedRow keeps them."""
        place = Place("intake_stagedrow", f"{self._batch.pk}:{number}", "raw")
        return encrypt(json.dumps(list(cells), ensure_ascii=False), place)
