"""The reconciliation line in words: one number a row, each with what it rests on, its source and its age."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.editions.report import ReconciliationLine, ReconciliationStep, SituationReport
from reports.figures.figure import Basis
from reports.rendering import words
from reports.rendering.content.cards import as_of
from reports.rendering.content.document import Cell, Column, Origin, Row, Section, Table
from reports.rendering.content.marks import count_cell, legend

#: Ways of leaving are set in below who left; as claimed they need not add up to it.
_LABELS: dict[str, str | Promise] = {
    "to_evacuate": gettext_lazy("To evacuate, as claimed"),
    "left_claimed": gettext_lazy("Left, as claimed"),
    "left_organised_claimed": gettext_lazy("· with organised transport, as claimed"),
    "left_own_means_claimed": gettext_lazy("· by own means, as claimed"),
    "left": gettext_lazy("Left, as registered"),
    "left_organised": gettext_lazy("· with organised transport"),
    "left_own_means": gettext_lazy("· by own means"),
    "left_means_unknown": gettext_lazy("· nobody wrote down how"),
    "remaining": gettext_lazy("Remaining, as claimed"),
    "in_transit": gettext_lazy("In transit"),
    "sheltered_claimed": gettext_lazy("In shelters, as claimed"),
    "sheltered_stays": gettext_lazy("In shelters, by stays"),
    "sheltered_headcount": gettext_lazy("In shelters, by headcount"),
    "elsewhere": gettext_lazy("Elsewhere in the region"),
    "registered": gettext_lazy("Registered"),
    "unexplained": gettext_lazy("Unexplained"),
}


def step_label(step: str) -> str:
    """What a step of the line is called."""
    return str(_LABELS[step])


def reconciliation_sections(report: SituationReport) -> tuple[Section, ...]:
    """The line of the whole region; those of the districts are in the workbook. None where the report has no line."""
    total = next((line for line in report.reconciliation if line.is_total), None)
    if total is None:
        return ()
    table = line_table(total, report.zone)
    has_districts = len(report.reconciliation) > 1
    more = (_("The same line of every district is in the workbook."),) if has_districts else ()
    return (Section("reconciliation", _("Who was to leave, and who is where"), more, (), (table,)),)


def line_table(line: ReconciliationLine, zone: str) -> Table:
    """One region's line, a row for each step, with marks where a number was not reported."""
    columns = (
        Column(_("What"), is_number=False, is_brief=True, weight=30),
        Column(_("Counted"), origin=Origin.COUNTED, is_brief=True, weight=14),
        Column(_("Claimed"), origin=Origin.CLAIMED, is_brief=True, weight=16),
        Column(_("Source"), is_number=False, is_brief=True, weight=26),
        Column(_("When"), is_number=False, weight=22),
    )
    rows = tuple(_row(step, zone) for step in line.steps)
    return Table(words.clean(line.name), columns, rows, (*legend(rows), *_notes()))


def _row(step: ReconciliationStep, zone: str) -> Row:
    figure = step.figure
    if figure is None:
        return _laid_out(step, count_cell(None), Cell(""), Cell(""))
    detail = "; ".join(part for part in (words.clean(figure.scope), words.clean(figure.note)) if part)
    return _laid_out(
        step,
        Cell(words.quantity(figure)),
        Cell(words.clean(figure.source), under=detail),
        Cell(as_of(figure.as_of, zone, figure.age_days)),
    )


def _laid_out(step: ReconciliationStep, number: Cell, source: Cell, when: Cell) -> Row:
    """The number under what it rests on; the other column stays blank, since it was never asked for there."""
    numbers = (Cell(""), number) if step.basis is Basis.CLAIMED else (number, Cell(""))
    return Row((Cell(step_label(step.step)), *numbers, source, when), is_total=step.step == "unexplained")


def _notes() -> tuple[str, ...]:
    return (
        _(
            "Claims are added to nothing. Unexplained: to evacuate less left less remaining, only where one source said who "
            "left and who remains together, and sources of one kind said all three."
        ),
        _("In shelters and elsewhere: displaced people who are in the region, wherever they come from."),
    )
