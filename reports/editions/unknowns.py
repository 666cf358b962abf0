"""What is not known, in sentences: a report that is silent about its gaps is read as if it had none."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.editions.districts import newest
from reports.editions.phrases import day_of, joined, number, people, said
from reports.editions.report import RegionRow, SexAgeRow
from reports.editions.shelters import Area
from reports.figures.count import Count
from reports.figures.mark import shown
from reports.figures.sites import Sites

_NAMES_AT_MOST = 6


def unknowns(
    counted: Count,
    rows: Iterable[RegionRow],
    hosts: Iterable[RegionRow],
    sex_age: Iterable[SexAgeRow],
    found: Iterable[Area],
) -> tuple[str, ...]:
    """One sentence for each thing that a reader would ask and that nothing here answers."""
    listed = list(rows)
    total = next(row for row in listed if row.is_total)
    return tuple(
        text
        for text in (
            _remaining(listed),
            *_fates(counted),
            _on_the_way(total),
            *_places(hosts),
            *_shelters(found),
            _ages(sex_age),
            *_casualties(counted),
        )
        if text
    )


def _remaining(rows: list[RegionRow]) -> str:
    """Districts under a status of which no source said how many people remain."""
    places = [r.name for r in rows if r.status and r.remaining is None and not r.is_total and not r.is_rest]
    if not places:
        return ""
    if len(places) > _NAMES_AT_MOST:
        rest = len(places) - _NAMES_AT_MOST
        more = ngettext("%(n)s more", "%(n)s more", rest) % {"n": rest}
        places = [*places[:_NAMES_AT_MOST], more]
    return _("How many people remain in %(places)s: no source has said.") % {"places": joined(places)}


def _fates(counted: Count) -> Iterator[str]:
    claims = [c for c in counted.claims if c.region == counted.subtree.region.key]
    for indicator, text in (
        ("unknown_fate", _("The fate of %(number)s people, according to %(source)s as of %(day)s.")),
        (
            "settlements_contact_lost",
            _(
                "What happens in %(number)s settlements without contact, according to %(source)s as of %(day)s."
            ),
        ),
    ):
        claim = newest(claims, indicator)
        if claim is not None:
            yield text % {
                "number": said(claim),
                "source": claim.source,
                "day": day_of(claim, counted.moment),
            }


def _on_the_way(total: RegionRow) -> str:
    on_the_way = shown(total.in_transit)
    if not on_the_way:
        return ""
    return _("Where %(people)s are who left home and of whom no arrival is recorded.") % {
        "people": people(on_the_way)
    }


def _places(hosts: Iterable[RegionRow]) -> Iterator[str]:
    for row in hosts:
        if row.is_rest and (hosted := shown(row.hosted)):
            yield _("In which region %(people)s are who arrived somewhere.") % {"people": people(hosted)}


def _shelters(found: Iterable[Area]) -> Iterator[str]:
    sites = Sites(tuple(site for area in found for site in area.sites.sites))
    running = len(sites.running)
    for known, text in (
        (
            sites.known(lambda s: s.free),
            _("How many places are free in %(missing)s of %(running)s open shelters."),
        ),
        (
            sites.known(lambda s: s.headcount),
            _("How many people %(missing)s of %(running)s open shelters hold tonight by headcount."),
        ),
        (
            sites.known(lambda s: s.protected),
            _("What protects the residents of %(missing)s of %(running)s open shelters."),
        ),
    ):
        if known < running:
            yield text % {"missing": number(running - known), "running": number(running)}


def _ages(sex_age: Iterable[SexAgeRow]) -> str:
    unknown = next((shown(row.total) for row in sex_age if row.band == "unknown"), 0)
    if not unknown:
        return ""
    return _("The age of %(people)s who are displaced.") % {"people": people(unknown)}


def _casualties(counted: Count) -> Iterator[str]:
    if not counted.casualties.has_files:
        yield _("Whether civilians were killed or hurt: no casualty is on file here.")
        return
    if (
        not counted.casualties.verified("missing").high
        and not counted.casualties.corroborating("missing").high
    ):
        yield _("How many people are missing: no missing person is on file here.")
