"""Expected reports that did not come: which source is silent about what, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from displacement.models import Claim, ExpectedReport
from regions.models import Region
from reports.figures.moment import Moment


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that owed a number about a region and said nothing for too long. `last_at` None: never since we listen."""

    source: str
    region: Region
    indicator: str
    every_days: int
    last_at: datetime | None


def missing(ids: Iterable[int], moment: Moment) -> list[Missing]:
    """Who was expected by the moment and is silent, as known at it; one query.

    A source has reported when it published a claim about that indicator and region that we had by then, whether or not it
    stands: also who takes a number back is not silent. Ages are local days: who is expected daily owes a claim
    on the day itself.
    """
    claims = Claim.objects.known_at(moment.known_at).filter(
        recorded_at__lte=moment.known_at,
        as_of__lte=moment.as_of,
        source=OuterRef("source"),
        region=OuterRef("region"),
        indicator=OuterRef("indicator"),
        withdrawal=None,
    )
    expected = (
        ExpectedReport.objects.as_of(moment.as_of)
        .known_at(moment.known_at)
        .filter(region_id__in=list(ids))
        .select_related("source", "region")
        .annotate(last_at=Subquery(claims.order_by("-published_at").values("published_at")[:1]))
        .order_by("region__path", "source__name", "indicator", "pk")
    )
    return [_missing(row) for row in expected if _is_silent(row, moment)]


def _is_silent(row: ExpectedReport, moment: Moment) -> bool:
    last: datetime | None = row.last_at  # type: ignore[attr-defined]  # annotated above
    if last is None:
        return moment.age_days(row.occurred_at) + 1 >= row.every_days
    return moment.age_days(last) >= row.every_days


def _missing(row: ExpectedReport) -> Missing:
    last: datetime | None = row.last_at  # type: ignore[attr-defined]  # annotated above
    return Missing(row.source.name, row.region, row.indicator, row.every_days, last)
