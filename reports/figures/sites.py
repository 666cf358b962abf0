"""What shelters offer and who sleeps in them, as of one moment and as known at another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.figures.moment import Moment
from reports.figures.query import rows
from shelters.models.shelter import RUNNING

#: A headcount older than this is no answer to "how many sleep there tonight": the site is then silent.
HEADCOUNT_HOLDS = timedelta(hours=36)

#: One row per shelter that had a state. Last-resort cover ("two walls") is no protected place.
SQL = """
WITH state AS (
    SELECT DISTINCT ON (shelter_id) shelter_id, phase, places_announced, places_open, places_blocked
    FROM shelters_shelterstate
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY shelter_id, occurred_at DESC, recorded_at DESC, id DESC
), sleeping AS (
    SELECT shelter_id, count(*) AS people,
           count(*) FILTER (WHERE person.birth_date > %(born_18)s) AS children
    FROM shelters_stay stay JOIN displacement_person person ON person.id = stay.person_id
    WHERE stay.occurred_at <= %(as_of)s AND stay.recorded_at <= %(known_at)s
      AND (stay.voided_at IS NULL OR stay.voided_at > %(known_at)s)
      AND (stay.ended_at IS NULL OR stay.ended_at > %(as_of)s OR stay.ended_recorded_at > %(known_at)s)
    GROUP BY shelter_id
), counted AS (
    SELECT DISTINCT ON (shelter_id) shelter_id, people, children, occurred_at FROM shelters_headcount
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY shelter_id, occurred_at DESC, recorded_at DESC, id DESC
), cover AS (
    SELECT DISTINCT ON (shelter_id, cover) shelter_id, places FROM shelters_protectedplace
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
      AND cover <> 'two_walls'
    ORDER BY shelter_id, cover, occurred_at DESC, recorded_at DESC, id DESC
)
SELECT shelter.region_id, shelter.has_daily_headcount, state.phase, state.places_announced, state.places_open,
       state.places_blocked, coalesce(sleeping.people, 0), coalesce(sleeping.children, 0), counted.people,
       counted.children, counted.occurred_at,
       (SELECT sum(cover.places)::int FROM cover WHERE cover.shelter_id = shelter.id),
       coalesce(counted.occurred_at > %(heard_since)s, false)
FROM shelters_shelter shelter
JOIN state ON state.shelter_id = shelter.id
LEFT JOIN sleeping ON sleeping.shelter_id = shelter.id
LEFT JOIN counted ON counted.shelter_id = shelter.id
ORDER BY shelter.id
"""


@dataclass(frozen=True, slots=True)
class Site:
    """One shelter at a moment. None is not reported or not known, and never zero."""

    region: int
    is_expected: bool  # to send a headcount every day
    phase: str
    places_announced: int | None
    places_open: int | None
    places_blocked: int
    stays: int
    children: int  # of the stays
    last_headcount: int | None
    last_headcount_children: int | None
    last_headcount_at: datetime | None
    protected: int | None
    has_reported: bool  # the last headcount is recent enough to hold tonight

    @property
    def is_running(self) -> bool:
        """Whether people may sleep there."""
        return self.phase in RUNNING

    @property
    def headcount(self) -> int | None:
        """What the site manager said, where it still holds."""
        return self.last_headcount if self.has_reported else None

    @property
    def free(self) -> int | None:
        """Places free tonight: open less blocked less who sleeps there, never below zero."""
        if self.places_open is None:
            return None
        return max(self.places_open - self.places_blocked - self.stays, 0)

    @property
    def gap(self) -> int | None:
        """Residents without a protected place; None where nobody recorded what protects."""
        return None if self.protected is None else max(self.stays - self.protected, 0)


@dataclass(frozen=True, slots=True)
class Sites:
    """Shelters of some regions. Sums are over what is known; `*_known` says of how many sites."""

    sites: tuple[Site, ...]

    def within(self, ids: Iterable[int]) -> "Sites":
        """Only those in the regions."""
        wanted = frozenset(ids)
        return Sites(tuple(site for site in self.sites if site.region in wanted))

    @property
    def running(self) -> tuple[Site, ...]:
        """Those in which people may sleep."""
        return tuple(site for site in self.sites if site.is_running)

    @property
    def expected(self) -> tuple[Site, ...]:
        """Running ones that report a headcount every day."""
        return tuple(site for site in self.running if site.is_expected)

    @property
    def silent(self) -> tuple[Site, ...]:
        """Those of whom a headcount was expected and did not come."""
        return tuple(site for site in self.expected if not site.has_reported)

    @property
    def reporting(self) -> tuple[Site, ...]:
        """Running ones whose headcount came, expected or not."""
        return tuple(site for site in self.running if site.has_reported)

    @property
    def stays(self) -> int:
        """Who sleeps in any of them by name; a stay in a closed site is one, too, and worth a question."""
        return sum(site.stays for site in self.sites)

    @property
    def children(self) -> int:
        """Children among the stays."""
        return sum(site.children for site in self.sites)

    def total(self, number: Callable[[Site], int | None]) -> int | None:
        """The sum over the running sites of which the number is known; None where it is known of none."""
        known = [value for value in map(number, self.running) if value is not None]
        return sum(known) if known else None

    def known(self, number: Callable[[Site], int | None]) -> int:
        """Of how many running sites the number is known."""
        return sum(number(site) is not None for site in self.running)


def count_sites(moment: Moment) -> Sites:
    """All shelters that had a state by the moment, in every region; one query."""
    heard_since = moment.as_of - HEADCOUNT_HOLDS
    return Sites(tuple(Site(*row) for row in rows(SQL, moment, heard_since=heard_since)))
