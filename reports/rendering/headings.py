"""The heading of a table in two lines: groups above, columns below; a column without a group reaches over both."""

from dataclasses import dataclass

from reports.rendering.content.document import Column, Table


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of a heading with how far it reaches."""

    label: str
    column: Column
    across: int = 1
    down: int = 1


def heading_lines(table: Table) -> tuple[tuple[HeadCell, ...], ...]:
    """One line where no column belongs to a group, two otherwise."""
    if not any(column.group for column in table.columns):
        return (tuple(HeadCell(column.label, column) for column in table.columns),)
    upper: list[HeadCell] = []
    for place, column in enumerate(table.columns):
        if not column.group:
            upper.append(HeadCell(column.label, column, down=2))
        elif place and table.columns[place - 1].group == column.group:
            last = upper.pop()
            upper.append(HeadCell(last.label, last.column, across=last.across + 1))
        else:
            upper.append(HeadCell(column.group, column))
    return tuple(upper), tuple(HeadCell(column.label, column) for column in table.columns if column.group)
