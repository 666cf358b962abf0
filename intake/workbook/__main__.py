"""Reads one workbook from standard input and writes its rows as lines of JSON; what goes wrong here harms nobody else.

Started by `intake.sources.xlsx` without our environment, with limits that the operating system holds: of memory and processor
time, and with no right to write a file or a dump. It knows neither Django nor the register.
"""

import resource
import sys
from itertools import islice
from typing import Any

import orjson
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from intake.workbook.archive import Archive
from intake.workbook.cells import rows_of
from intake.workbook.marks import Marks, TooMuch

_ROWS_IN_A_LINE = 250


def main() -> None:
    """Write a line about the sheet and then lines of rows, or a last line with the code of a refusal."""
    asked = orjson.loads(sys.argv[1])
    limits = asked["limits"]
    _limit(asked["memory_bytes"], asked["processor_seconds"])
    try:
        _write(asked["sheet"], limits)
    except TooMuch as error:
        _say({"refused": error.args[0]})
    except MemoryError:
        _say({"refused": "workbook_too_large"})
    except Exception:
        # Whatever a broken workbook makes the libraries raise; nobody else is harmed.
        _say({"refused": "workbook_broken"})


def _limit(memory: int, seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _write(wanted: str, limits: dict[str, Any]) -> None:
    file = sys.stdin.buffer
    archive = Archive(file, limits)
    marks = archive.check()
    file.seek(0)
    workbook = CalamineWorkbook.from_filelike(file)
    name, notices = _sheet(workbook, wanted)
    if archive.has_macros:
        notices.append("macros_ignored")
    sheet = workbook.get_sheet_by_name(name)
    if sheet.width > limits["columns"]:
        raise TooMuch("too_many_columns")
    _say({"notices": notices})
    rows = rows_of(
        sheet,
        marks.get(archive.part_of(name), Marks()),
        cell_characters=limits["cell_characters"],
        empty_rows=limits["empty_rows"],
    )
    while lot := list(islice(rows, _ROWS_IN_A_LINE)):
        _say(lot)
    _say({"end": True})


def _sheet(workbook: CalamineWorkbook, wanted: str) -> tuple[str, list[str]]:
    """The wanted sheet, or the first that a person sees."""
    tables = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if wanted:
        if wanted not in {one.name for one in tables}:
            raise TooMuch("sheet_unknown")
        return wanted, []
    seen = [one.name for one in tables if one.visible == SheetVisibleEnum.Visible]
    if not seen:
        raise TooMuch("sheet_missing")
    return seen[0], ["first_sheet_read"] if len(seen) > 1 else []


def _say(message: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(message) + b"\n")


if __name__ == "__main__":
    main()
