"""Rows of a sheet as text: each cell as a person reads it there, days as ISO 8601."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineSheet

from intake.workbook.marks import MERGED, Marks, TooMuch

#: Numbers beyond this have more digits than a spreadsheet keeps.
_EXACT = 10**15
_SHOWN = 80
Row = tuple[int, list[str], str]


def rows_of(sheet: CalamineSheet, marks: Marks, *, cell_characters: int, empty_rows: int) -> Iterator[Row]:
    """Number, cells and problem of each row that holds something. Raises TooMuch where a row stands far below the others."""
    # Rows come from the first of the sheet, columns from the first that holds something.
    left = sheet.start[1] if sheet.start else 0
    last = 0
    for number, (values, spans) in enumerate(zip(sheet.iter_rows(), marks.covered(), strict=False), start=1):
        cells = [value if type(value) is str else text_of(value) for value in values]
        marked = marks.cells.get(number)
        if not (marked or any(cells)):
            if number - last > empty_rows:
                raise TooMuch("sheet_with_gap")
            continue
        last = number
        for column, mark in marked or ():
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


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def _moment(value: datetime) -> str:
    """To the second: a spreadsheet's fractions of days come out some milliseconds off."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()


#: By what a spreadsheet keeps. A number that it has rounded is shown as one: `1.23456789012346E+16`.
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
}


def text_of(value: object) -> str:
    """One value as a person reads it in the cell; days as ISO 8601."""
    return _TEXTS.get(type(value), str)(value)
