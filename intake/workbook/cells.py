"""Rows of a sheet as text: each cell as a person reads it there, days as ISO 8601."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet

from intake.workbook.marks import MERGED, Marks, TooMuch

#: Numbers beyond this have more digits than a spreadsheet keeps.
_EXACT = 10**15
_SHOWN = 80
Row = tuple[int, list[str], str]


def rows_of(sheet: CalamineSheet, marks: Marks, *, cell_characters: int, empty_rows: int) -> Iterator[Row]:
    """Number, cells and problem of each row that holds something. Raises TooMuch where a row stands far below the others."""
    top, left = sheet.start or (0, 0)
    covered = islice(marks.covered(), top, None)
    last = top
    for number, values in enumerate(sheet.iter_rows(), start=top + 1):
        spans = next(covered)
        cells = [value if type(value) is str else text_of(value) for value in values]
        marked = marks.cells.get(number, ())
        if not (marked or any(cells)):
            continue
        if number - last > empty_rows:
            raise TooMuch("sheet_with_gap")
        last = number
        for column, mark in marked:
            _put(cells, column - left - 1, mark)
        for first, end in spans:
            for column in range(first, min(end, left + len(cells)) + 1):
                _put(cells, column - left - 1, MERGED)
        if max(map(len, cells)) > cell_characters:
            yield number, [cell[:_SHOWN] for cell in cells], "cell_too_long"
        else:
            yield number, cells, ""


def _put(cells: list[str], index: int, mark: str) -> None:
    """Write the mark where nothing stands."""
    if 0 <= index < len(cells) and not cells[index]:
        cells[index] = mark
    elif index >= len(cells) and mark != MERGED and index < len(cells) + 300:
        cells.extend([""] * (index - len(cells)))
        cells.append(mark)


def text_of(value: Any) -> str:
    """One value as text; a number that a spreadsheet has rounded is shown as one (`1.23456789012346E+16`)."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"
