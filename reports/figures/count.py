"""All figures of a region: counted here, for screens, API, mail, PDF and command line alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.models import Operation, Region
from reports.figures.casualties import OUTCOMES, Casualties, Victims, count_casualties
from reports.figures.claims import claimed
from reports.figures.cube import Cube, count_people
from reports.figures.figure import Basis, Figure, Qualifier
from reports.figures.flows import Flows, count_flows
from reports.figures.indicators import INDICATORS
from reports.figures.moment import Moment, operation_for
from reports.figures.register import count_households
from reports.figures.sites import Sites, count_sites
from reports.figures.subtree import Subtree


@dataclass(frozen=True, slots=True)
class Count:
    """Everything that was counted of one region at one moment; figures and tables are made from it without a query."""

    subtree: Subtree
    moment: Moment
    people: Cube
    flows: Flows
    households: int
    all_sites: Sites
    casualties: Casualties
    claims: tuple[Figure, ...]  # of the region and of all below it

    @property
    def sites(self) -> Sites:
        """Shelters in the region."""
        return self.all_sites.within(self.subtree.ids)


def count(
    region: Region, *, as_of: datetime, known_at: datetime, operation: Operation | None = None
) -> Count:
    """Count the region and all below it: nine queries, ten where the operation has to be looked up."""
    operation = operation or operation_for(region, as_of)
    moment = Moment.of(operation, as_of=as_of, known_at=known_at)
    subtree = Subtree.of(region)
    return Count(
        subtree=subtree,
        moment=moment,
        people=count_people(subtree, moment),
        flows=count_flows(subtree, moment),
        households=count_households(subtree, moment),
        all_sites=count_sites(moment),
        casualties=count_casualties(subtree, moment),
        claims=tuple(claimed(subtree.ids, moment)),
    )


def figures_for(
    region: Region, *, as_of: datetime, known_at: datetime, operation: Operation | None = None
) -> list[Figure]:
    """Every figure of the region as of one moment and as known at another, counted ones first, then claims.

    `as_of` is inclusive. `change` is None: only an edition knows what it is compared with. Queries as `count`.
    """
    return figures_of(count(region, as_of=as_of, known_at=known_at, operation=operation))


def figures_of(counted: Count) -> list[Figure]:
    """The figures of what was counted; no query. Claims of districts are not figures of the region above them."""
    region = counted.subtree.region.key
    return [
        *_displacement(counted),
        *_shelter(counted),
        *_harm(counted),
        *(claim for claim in counted.claims if claim.region == region),
    ]


def _figure(
    counted: Count, indicator: str, value: int | None, *, note: str = "", children: int | None = None
) -> Figure:
    """A figure that we counted ourselves."""
    entry = INDICATORS[indicator]
    return Figure(
        indicator=indicator,
        region=counted.subtree.region.key,
        basis=Basis.REGISTERED,
        kind=entry.kind,
        unit=entry.unit,
        value=value,
        qualifier=Qualifier.UNKNOWN if value is None else Qualifier.EXACT,
        as_of=counted.moment.as_of,
        source=_("Musterpoint register"),
        children=children,
        note=note,
    )


def _displacement(counted: Count) -> Iterator[Figure]:
    people, flows = counted.people, counted.flows
    yield _figure(counted, "displaced", people.displaced(), children=people.children())
    yield _figure(counted, "hosted", people.hosted())
    yield _figure(counted, "left", people.left())
    yield _figure(counted, "left_24h", flows.left)
    yield _figure(counted, "arrived_24h", flows.arrived)
    yield _figure(counted, "returned", people.returned())
    yield _figure(counted, "in_transit", people.in_transit())
    yield _figure(counted, "registered", people.registered())
    yield _figure(counted, "households_registered", counted.households)


def _shelter(counted: Count) -> Iterator[Figure]:
    sites = counted.sites
    running = len(sites.running)
    yield _figure(counted, "sheltered", sites.stays, children=sites.children)
    yield headcount(counted, sites)
    yield _figure(counted, "sheltered_elsewhere", _elsewhere(counted))
    yield _figure(counted, "shelters_open", running)
    for indicator, number in (
        ("places_total", lambda site: site.places_open),
        ("places_free", lambda site: site.free),
        ("protected_places", lambda site: site.protected),
        ("protection_gap", lambda site: site.gap),
    ):
        note = _of_sites(sites.known(number), running)
        yield _figure(counted, indicator, sites.total(number), note=note)


def _elsewhere(counted: Count) -> int:
    """People of the region who sleep in shelters outside it."""
    by_place = counted.people.sheltered_from_here()
    return sum(people for place, people in by_place.items() if place not in counted.subtree)


def headcount(counted: Count, sites: Sites, region: str = "") -> Figure:
    """What site managers said, as of the oldest headcount in it; not reported where nobody did.

    Of the sites given, which lie in `region`: the counted one where none is named.
    """
    reporting = sites.reporting
    entry = INDICATORS["sheltered"]
    oldest = min(
        (s.last_headcount_at for s in reporting if s.last_headcount_at), default=counted.moment.as_of
    )
    return Figure(
        indicator="sheltered",
        region=region or counted.subtree.region.key,
        basis=Basis.HEADCOUNT,
        kind=entry.kind,
        unit=entry.unit,
        value=sites.total(lambda site: site.headcount),
        qualifier=Qualifier.EXACT if reporting else Qualifier.UNKNOWN,
        as_of=oldest,
        source=_("Site managers"),
        age_days=counted.moment.age_days(oldest),
        note=_of_sites(len(reporting), len(sites.running)),
    )


def _of_sites(known: int, running: int) -> str:
    """Of how many shelters a number is known, where it is not known of all."""
    if known == running:
        return ""
    text = ngettext("%(known)s of %(running)s shelter", "%(known)s of %(running)s shelters", running)
    return text % {"known": known, "running": running}


def _harm(counted: Count) -> Iterator[Figure]:
    for outcome in OUTCOMES:
        casualties = counted.casualties
        yield _victims(counted, str(outcome), casualties.verified(outcome), _("verified"))
        yield _victims(
            counted, f"{outcome}_corroborating", casualties.corroborating(outcome), _("being corroborated")
        )


def _victims(counted: Count, indicator: str, victims: Victims, note: str) -> Figure:
    """A number of victims, or a range; not reported where no casualty of the region is on file."""
    if not counted.casualties.has_files:
        return _figure(counted, indicator, None, note=_("no casualty is on file"))
    is_range = victims.low != victims.high
    figure = _figure(counted, indicator, victims.low, note=note, children=victims.children)
    if not is_range:
        return figure
    return replace(
        figure,
        value=None,
        value_min=victims.low,
        value_max=victims.high,
        qualifier=Qualifier.RANGE,
    )
