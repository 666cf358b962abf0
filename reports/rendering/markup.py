"""Tables as page and mail show them: headings in two lines, and the classes by which cells are told apart."""

import re
from dataclasses import dataclass

from reports.rendering.content.document import Cell, Column, Row, Table

_INDENT = re.compile(r"\n\s+")


def tidy(html: str) -> str:
    """The markup without indentation and empty lines, which in a mail cost a quarter of its size."""
    return _INDENT.sub("\n", html)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of a heading: how far it reaches, and its classes."""

    label: str
    classes: str
    across: int = 1
    down: int = 1

    @property
    def scope(self) -> str:
        """What it is the heading of, for screen readers."""
        return "colgroup" if self.across > 1 else "col"


@dataclass(frozen=True, slots=True)
class BodyCell:
    """One cell of the body with its classes."""

    cell: Cell
    classes: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One line of the body: its class, the name that it begins with, and its cells."""

    classes: str
    name: Cell
    cells: tuple[BodyCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be written."""

    title: str
    heads: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[BodyRow, ...]
    notes: tuple[str, ...]


def grid(table: Table) -> Grid:
    """The table with its headings: one line where no column belongs to a group, two otherwise."""
    return Grid(
        table.title, _heads(table.columns), tuple(_row(row, table) for row in table.rows), table.notes
    )


def _heads(columns: tuple[Column, ...]) -> tuple[tuple[HeadCell, ...], ...]:
    if not any(column.group for column in columns):
        return (tuple(HeadCell(column.label, _classes(column)) for column in columns),)
    upper: list[HeadCell] = []
    for place, column in enumerate(columns):
        if not column.group:
            upper.append(HeadCell(column.label, _classes(column), down=2))
        elif place and columns[place - 1].group == column.group:
            last = upper.pop()
            upper.append(HeadCell(last.label, last.classes, across=last.across + 1))
        else:
            upper.append(HeadCell(column.group, f"{column.origin} group"))
    return tuple(upper), tuple(HeadCell(column.label, _classes(column)) for column in columns if column.group)


def _classes(column: Column) -> str:
    kind = "bars" if column.has_bars else "number" if column.is_number else ""
    return f"{column.origin} {kind}".strip()


def _row(row: Row, table: Table) -> BodyRow:
    cells = tuple(
        BodyCell(cell, _classes(column) if cell.is_reported else f"{_classes(column)} silent")
        for column, cell in zip(table.columns[1:], row.cells[1:], strict=True)
    )
    return BodyRow("total" if row.is_total else "rest" if row.is_rest else "", row.cells[0], cells)
