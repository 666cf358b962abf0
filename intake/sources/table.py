"""Where in a file its table stands: the header, the row of hashtags, and what above, between and below is not data."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from intake.sources.hxl import is_note, tag_of, tags_row
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Column, Record, Source, SourceRow
from intake.workbook.marks import MERGED

#: What stands in rows of data and not above them: a day, a long number.
_VALUE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|\+?\d[\d\s().-]{5,}")
#: Beside words: a long number, or digits in groups as telephones have them. Days, years and ages are what headings are made of.
_NUMBER = re.compile(r"\d{6,}|\d(?:[ ()-]{0,3}\d){6,}")
_OF_HEADINGS = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?<!\d)(?:19|20)\d\d(?!\d)|(?<![\d-])\d{1,2}[-–]\d{1,2}(?![\d-])"
)
#: Rows below a table that are held back until it is known whether data follows.
_MOST_NOTES = 50
#: As much of a header as is kept.
_LONGEST_NAME = 200


class _Place(NamedTuple):
    """Header and hashtags, either of which may be empty, and the rows above and from which on data stands."""

    header: list[str]
    tags: list[str]
    above: int
    below: int


def table(format: str, records: Iterator[Record], notices: list[str], limits: Limits) -> Source:
    """Columns and rows of a file whose records are given. Raises ValidationError where there is no table."""
    head = [one for one in islice(records, limits.head_rows) if one.problem or any(map(str.strip, one.cells))]
    if not any(any(one.cells) for one in head):
        raise refused("file_empty")
    place = _place([_bare(record) for record in head])
    body = head[place.below :]
    if place.above:
        notices.append("rows_above_header")
    columns = _columns(place, body, notices)
    if len(columns) > limits.columns:
        raise refused("too_many_columns")
    rows = _rows(chain(body, records), columns, place, notices, limits)
    first = next(rows, None)
    if first is None:
        raise refused("header_only")
    return Source("hxl" if place.tags else format, columns, chain([first], rows), notices)


def _bare(record: Record) -> Record:
    """Without the marks of merged cells: above the data they are ornament, and must not look like a full row."""
    return record._replace(cells=["" if cell == MERGED else cell for cell in record.cells])


def _place(head: list[Record]) -> _Place:
    tagged = tags_row(head)
    if tagged is not None:
        header = head[tagged - 1].cells if tagged else []
        return _Place(header, head[tagged].cells, max(tagged - 1, 0), tagged + 1)
    index = _header(head)
    return _Place(head[index].cells, [], index, index + 1)


def _header(head: list[Record]) -> int:
    """The first row that is at least half as full as the fullest: titles above fill a cell or two."""
    full = [sum(bool(cell.strip()) for cell in record.cells) for record in head]
    widest = max(full)
    index = next(i for i, cells in enumerate(full) if cells >= max(min(widest, 2), widest / 2))
    values = sum(_is_value(cell.strip()) for cell in head[index].cells)
    if 4 * values >= full[index]:
        raise refused("header_missing")
    return index


def _is_value(cell: str) -> bool:
    """Whether it stands in a row about somebody: a day, a long number, or a number of a document or telephone with words."""
    return bool(_VALUE.fullmatch(cell) or _NUMBER.search(_OF_HEADINGS.sub("/", cell)))


def _columns(place: _Place, body: list[Record], notices: list[str]) -> tuple[Column, ...]:
    """As many as the header or the tags name, and those without a name that most rows fill. No two have one name."""
    width = max(_width(place.header), _width(place.tags))
    widths = sorted(_width(record.cells) for record in body if not record.problem)
    if widths:
        width = max(width, widths[len(widths) // 2])
    names: dict[str, Column] = {}
    for index in range(width):
        name = " ".join(place.header[index].split())[:_LONGEST_NAME] if index < len(place.header) else ""
        if _is_value(name):
            # Of a list without headings this is somebody's number, and headings are kept in clear.
            name = ""
        tag = tag_of(place.tags[index]) if index < len(place.tags) else ""
        if not (name or tag):
            notices.append("column_without_header")
        name = name or tag or f"(column {_letters(index)})"
        if name in names:
            notices.append("header_doubled")
            name = next(f"{name} ({i})" for i in range(2, width + 2) if f"{name} ({i})" not in names)
        names[name] = Column(name, tag)
    notices[:] = dict.fromkeys(notices)
    return tuple(names.values())


def _width(cells: list[str]) -> int:
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)


def _letters(index: int) -> str:
    """A column's letters as spreadsheets show them."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _rows(
    records: Iterable[Record], columns: tuple[Column, ...], place: _Place, notices: list[str], limits: Limits
) -> Iterator[SourceRow]:
    fitting = _fitting(_without_headers(records, place, notices), len(columns))
    rows = _without_notes(fitting, notices) if place.tags else fitting
    for count, row in enumerate(rows, start=1):
        if count > limits.rows:
            raise refused("too_many_rows")
        yield row


def _without_headers(records: Iterable[Record], place: _Place, notices: list[str]) -> Iterator[Record]:
    """Blank rows, the header where a printout repeats it, and a row that only numbers the columns are no data."""
    header = [cell.strip() for cell in place.header]
    numbering = [str(number) for number in range(1, _width(place.header) + 1)]
    start = header[0] if header else ""
    is_first = True
    for record in records:
        cells = record.cells
        if is_first:
            is_first = not any(cells)
            if len(numbering) > 2 and [cell.strip() for cell in cells[: len(numbering)]] == numbering:
                notices.append("numbering_left_out")
                continue
        # A comparison of two cells spares the others theirs.
        if header and cells and cells[0].strip() == start and [cell.strip() for cell in cells] == header:
            if "header_repeated" not in notices and any(header):
                notices.append("header_repeated")
            continue
        yield record


def _fitting(records: Iterable[Record], width: int) -> Iterator[SourceRow]:
    """Rows as wide as the table. Blank cells beyond it are cut off; a row too short or too long is one with a problem."""
    for number, cells, problem in records:
        if len(cells) == width and not problem:
            if any(cells) and not _is_blank(cells):
                yield SourceRow(number, tuple(cells))
        elif problem or any(map(str.strip, cells)):
            if not problem and len(cells) > width and not any(map(str.strip, cells[width:])):
                yield SourceRow(number, tuple(cells[:width]))
            else:
                yield SourceRow(number, tuple(cells), problem or "ragged")


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _without_notes(rows: Iterable[SourceRow], notices: list[str]) -> Iterator[SourceRow]:
    """Rows but for remarks below the last row of data. Remarks between rows of data stay, to be refused where people see it."""
    held: list[SourceRow] = []
    for row in rows:
        if is_note(row.values) and len(held) < _MOST_NOTES:
            held.append(row)
            continue
        yield from held
        held.clear()
        yield row
    if held:
        notices.append("footnotes_left_out")
