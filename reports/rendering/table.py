"""The tidy table as CSV, plain or with a row of HXL hashtags (HXL 1.1) below its header."""

import csv
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from io import StringIO

from django.utils.translation import override

from reports.editions.report import SituationReport
from reports.rendering.tidy import Number, numbers
from reports.rendering.workbook.sheet import inert

#: What each column is to programs that read the Humanitarian Exchange Language. One for every field of a row.
TAGS: dict[str, str] = {
    "indicator": "#indicator+code",
    "name": "#indicator+name",
    "region": "#region+code",
    "region_name": "#region+name",
    "day": "#date+day",
    "sex": "#group+sex",
    "age": "#group+age",
    "need": "#need+code",
    "basis": "#meta+basis",
    "kind": "#meta+kind",
    "unit": "#meta+unit",
    "status": "#status+value",
    "value": "#value+num",
    "lowest": "#value+num+min",
    "highest": "#value+num+max",
    "qualifier": "#meta+qualifier",
    "change": "#value+num+change",
    "source": "#meta+source",
    "as_of": "#date+as_of",
    "age_days": "#meta+age_days+num",
    "published_at": "#date+published",
    "scope": "#description+scope",
    "note": "#description+note",
    "reliability": "#meta+reliability",
    "credibility": "#meta+credibility",
    "claim": "#meta+id+claim",
}
_MARK = "\ufeff"  # without it, spreadsheet programs take Cyrillic for something else


def render_csv(report: SituationReport) -> bytes:
    """For spreadsheets: UTF-8 with its mark, lines as RFC 4180 has them. No cell is a formula."""
    return (_MARK + _table(report, has_tags=False)).encode()


def render_hxl(report: SituationReport) -> bytes:
    """For programs: the same table in UTF-8 without a mark, and the hashtags in its second row."""
    return _table(report, has_tags=True).encode()


def _table(report: SituationReport, *, has_tags: bool) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Number)])
    if has_tags:
        writer.writerow([TAGS[field.name] for field in fields(Number)])
    return out.getvalue() + _rows(report)


@lru_cache(maxsize=2)
def _rows(report: SituationReport) -> str:
    """The rows below the header. Kept for a moment: both files have the same."""
    out = StringIO(newline="")
    with override(report.language):
        csv.writer(out, lineterminator="\r\n").writerows(_cells(numbers(report)))
    return out.getvalue()


def _cells(rows: tuple[Number, ...]) -> Iterator[list[int | str]]:
    """Numbers as digits; an empty cell where there is none, for which the status says why."""
    for row in rows:
        yield ["" if cell is None else cell if isinstance(cell, int) else inert(cell) for cell in row.cells()]
