"""Who did not report. Silence is not calm."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.models import Region
from reports.editions.report import Silence
from reports.editions.shelters import Area
from reports.figures.count import Count
from reports.figures.expected import Missing, missing
from reports.figures.indicators import INDICATORS


def silences(counted: Count, found: Iterable[Area], silent_parts: list[Region]) -> tuple[Silence, ...]:
    """Sources that owed a number, each by name; shelters that owed a headcount, per region and never by name; then districts
    of which nothing was told at all. One query.
    """
    sources = (_source(counted, each) for each in missing(counted.subtree.ids, counted.moment))
    shelters = [*sources, *(_shelters(counted, area) for area in found if area.sites.silent)]
    if not silent_parts:
        return tuple(shelters)
    n = len(silent_parts)
    name = ngettext("%(n)s district without any report", "%(n)s districts without any report", n) % {"n": n}
    return (*shelters, Silence(name, counted.subtree.region.key, n, None, None))


def _source(counted: Count, owed: Missing) -> Silence:
    """A source that is silent about one thing. What it did not say is neither zero nor what it said before."""
    entry = INDICATORS.get(owed.indicator)
    what = {
        "source": owed.source,
        "what": entry.label if entry else owed.indicator,
        "region": owed.region.name,
    }
    return Silence(
        name=_("%(source)s on %(what)s, %(region)s") % what,
        region=owed.region.key,
        count=1,
        last_report_at=owed.last_at,
        age_days=None if owed.last_at is None else counted.moment.age_days(owed.last_at),
        every_days=owed.every_days,
    )


def _shelters(counted: Count, area: Area) -> Silence:
    """The silent shelters of one region, with the last time that any of them was heard of."""
    silent = area.sites.silent
    heard = [site.last_headcount_at for site in silent if site.last_headcount_at is not None]
    last = max(heard, default=None)
    name = ngettext("%(n)s shelter in %(region)s", "%(n)s shelters in %(region)s", len(silent))
    return Silence(
        name=name % {"n": len(silent), "region": area.name},
        region=area.key,
        count=len(silent),
        last_report_at=last,
        age_days=None if last is None else counted.moment.age_days(last),
    )
