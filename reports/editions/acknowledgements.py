"""The flags of a report as rows: each with its code, and with the reason of who has acknowledged it."""

from collections.abc import Iterable

from regions.models import Region
from reports.editions.report import FlagRow
from reports.figures.moment import Moment
from reports.flags import Raised
from reports.models.acknowledgement import FlagAcknowledgement


def flag_rows(raised: Iterable[Raised], region: Region, moment: Moment) -> tuple[FlagRow, ...]:
    """A row for each flag; acknowledged is what was acknowledged of the same numbers by the moment of the report. One query."""
    standing = FlagAcknowledgement.objects.known_at(moment.known_at).filter(region=region)
    known = {(row.code, row.subject, row.content): row for row in standing.order_by("recorded_at", "pk")}
    return tuple(
        _row(each, known.get((each.code, each.doubt.subject, each.doubt.content))) for each in raised
    )


def _row(raised: Raised, known: FlagAcknowledgement | None) -> FlagRow:
    doubt = raised.doubt
    if known is None:
        return FlagRow(raised.code, doubt.subject, doubt.content, doubt.text)
    return FlagRow(raised.code, doubt.subject, doubt.content, doubt.text, known.recorded_at, known.reason)
