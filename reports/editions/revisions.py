"""What was revised: past days whose number is another now, because something became known late or was voided."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.phrases import number
from reports.editions.report import Revision, SituationReport
from reports.figures.indicators import INDICATORS
from reports.figures.late import Late


def revisions(
    previous: SituationReport | None, now: dict[date, int], late: Late | None
) -> tuple[Revision, ...]:
    """Days of the previous edition's series whose displaced differ now, oldest first."""
    if previous is None or late is None:
        return ()
    return tuple(
        Revision(
            day=point.day,
            indicator="displaced",
            label=str(INDICATORS["displaced"].label),
            before=point.displaced,
            after=now[point.day],
            why=_why(late, point.day),
        )
        for point in previous.series
        if point.day in now and now[point.day] != point.displaced
    )


def _why(learned: Late, day: date) -> str:
    """Why a past day's number changed, with numbers."""
    parts = []
    if late := learned.people_up_to(day):
        text = ngettext("%(n)s person registered late", "%(n)s people registered late", late)
        parts.append(text % {"n": number(late)})
    if voided := learned.voided_up_to(day):
        parts.append(
            ngettext("%(n)s movement voided", "%(n)s movements voided", voided) % {"n": number(voided)}
        )
    if merged := learned.merged_up_to(day):
        text = ngettext("%(n)s person registered twice", "%(n)s people registered twice", merged)
        parts.append(text % {"n": number(merged)})
    return ", ".join(parts) or _("movements of registered people became known later")
