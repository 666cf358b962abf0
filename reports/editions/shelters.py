"""The table of shelters, by region only: never a site, never an address."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regions.models import Region
from reports.editions.report import ShelterRow
from reports.figures.count import Count
from reports.figures.sites import Site, Sites
from reports.figures.subtree import hosts_of


@dataclass(frozen=True, slots=True)
class Area:
    """The shelters of one region of the table."""

    key: str
    name: str
    sites: Sites


def areas(counted: Count) -> list[Area]:
    """Shelters of each district, and of each region elsewhere in whose shelters the region's displaced people sleep.

    Two queries. Shelters that lie in the region itself and in no district stand under the region's name.
    """
    subtree = counted.subtree
    found = [Area(part.key, part.name, _within(counted, part)) for part in subtree.parts]
    found.append(Area(subtree.region.key, subtree.region.name, counted.all_sites.within({subtree.region.pk})))
    elsewhere = counted.people.sheltered_from_here().keys() - subtree.ids
    sites_elsewhere = {site.region for site in counted.all_sites.sites} - subtree.ids
    under = hosts_of(sites_elsewhere, subtree)
    used = {under[pk] for pk in elsewhere if pk in under}
    for region in sorted(used, key=lambda r: r.path):
        inside = {pk for pk, host in under.items() if host == region}
        found.append(Area(region.key, region.name, counted.all_sites.within(inside)))
    return [area for area in found if area.sites.running or area.sites.stays]


def shelter_rows(found: Iterable[Area]) -> tuple[ShelterRow, ...]:
    """One row per region with shelters that are running or slept in, and their total."""
    listed = list(found)
    if not listed:
        return ()
    everything = Sites(tuple(site for area in listed for site in area.sites.sites))
    rows = [_row(area) for area in listed]
    return (*rows, _row(Area("", _("All"), everything), is_total=True))


def _row(area: Area, *, is_total: bool = False) -> ShelterRow:
    sites = area.sites
    expected = sites.expected
    return ShelterRow(
        region=area.key,
        name=area.name,
        sites_open=len(sites.running),
        places_announced=_known([site.places_announced for site in sites.sites]),
        places_open=sites.total(lambda site: site.places_open),
        occupied_stays=sites.stays,
        occupied_headcount=sites.total(lambda site: site.headcount),
        free=sites.total(lambda site: site.free),
        protected_places=sites.total(lambda site: site.protected),
        protection_gap=sites.total(lambda site: site.gap),
        sites_reporting=sum(site.has_reported for site in expected),
        sites_expected=len(expected),
        is_total=is_total,
    )


def _known(numbers: Iterable[int | None]) -> int | None:
    """The sum of those that are known; None where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _within(counted: Count, part: Region) -> Sites:
    return counted.all_sites.within(pk for pk, at in counted.subtree.part_of.items() if at == part)


def over_capacity(found: Iterable[Area]) -> list[Site]:
    """Running shelters in which more people sleep than places are open and usable."""
    return [
        site
        for area in found
        for site in area.sites.running
        if site.places_open is not None and site.stays > site.places_open - site.places_blocked
    ]
