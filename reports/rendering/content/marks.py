"""The three marks of a table: a dash for not reported, a cross for hidden, and 0, which is nobody."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reports.figures.mark import Count, Mark
from reports.rendering import words
from reports.rendering.content import labels
from reports.rendering.content.document import Cell, Row


def count_cell(value: Count, *, is_change: bool = False) -> Cell:
    """A count in a narrow column, or the sign of what stands in its place, which `legend` explains."""
    if value is None:
        return Cell(labels.NOT_REPORTED, is_reported=False)
    if isinstance(value, Mark):
        return Cell(labels.HIDDEN, is_reported=False)
    return Cell(words.change(value) if is_change and value != 0 else words.number(value))


def legend(rows: Iterable[Row]) -> tuple[str, ...]:
    """A line for each sign that occurs in the rows, and for no other."""
    signs = {cell.text for row in rows for cell in row.cells if not cell.is_reported}
    lines = (
        (labels.NOT_REPORTED, _("–  not reported, which is not zero.")),
        (
            labels.HIDDEN,
            _(
                "×  hidden: a few people, or a number that would give away a few. It is known, and it is neither zero nor "
                "not reported."
            ),
        ),
    )
    return tuple(line for sign, line in lines if sign in signs)
