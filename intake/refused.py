"""Rows that were not taken, as they were sent: to be mended in a spreadsheet and sent again."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from core.spreadsheets import neutral
from intake.content import opened
from intake.findings import sentence
from intake.models import Batch, Finding, StagedRow
from intake.models.staging import Severity
from intake.sources import open_source
from intake.staging import options_of

#: Rows whose findings are fetched at once.
PAGE = 1_000


def lines(batch: Batch) -> Iterator[str]:
    """A CSV file line by line: the file's own columns, the row's number, what is wrong. Two queries for 1,000 rows.

    The rows are read from the file that was sent, so that every cell is as it was. Rows that are registered already are not
    among them.
    """
    numbers = _numbers(batch)
    wanted = next(numbers, None)
    with opened(batch) as file, open_source(file, batch.name, options=options_of(batch)) as source:
        yield _line(
            [*(column.name for column in source.columns), _("Row"), _("What is wrong")], start="\ufeff"
        )
        rows = iter(source.rows)
        while wanted is not None:
            row = next(rows, None)
            if row is None:
                return
            if row.number == wanted[0]:
                yield _line([*row.values, str(row.number), wanted[1]])
                wanted = next(numbers, None)


def _numbers(batch: Batch) -> Iterator[tuple[int, str]]:
    """The numbers of the rows that were not taken, each with its sentences, in order."""
    worst = Severity.WARNING if batch.with_warnings or not batch.accepted_at else Severity.FINE
    rows = StagedRow.objects.filter(Q(severity__gt=worst) | Q(is_left_out=True), batch=batch, known_as=None)
    last = 0
    while page := list(
        rows.filter(number__gt=last).order_by("number").values_list("number", flat=True)[:PAGE]
    ):
        last = page[-1]
        found: dict[int, list[str]] = {number: [] for number in page}
        for finding in Finding.objects.filter(batch=batch, row__in=page).order_by("row", "id"):
            words = sentence(finding.code)
            found[finding.row].append(f"{finding.column}: {words}" if finding.column else words)
        yield from ((number, " ".join(sentences)) for number, sentences in found.items())


def _line(cells: Sequence[str], start: str = "") -> str:
    text = io.StringIO()
    csv.writer(text).writerow([neutral(cell) for cell in cells])
    return start + text.getvalue()
