"""Daily series: what held at the end of each local day, in one statement each however many days there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.sites import HEADCOUNT_HOLDS
from reports.figures.subtree import Subtree

#: Each step says whether its person is displaced from the region after it; the days on which that turned are summed.
#: Persons and counted households are two branches, so that each is read in the order of its index.
DISPLACED = """
WITH step AS (
    SELECT person_id, (occurred_at AT TIME ZONE %(zone)s)::date AS day,
           origin_id = ANY(%(ids)s) AND kind NOT IN ('returned', 'died') AS is_displaced,
           lag(origin_id = ANY(%(ids)s) AND kind NOT IN ('returned', 'died'), 1, false) OVER (
               PARTITION BY person_id ORDER BY occurred_at, recorded_at, id
           ) AS was_displaced
    FROM displacement_movement
    WHERE person_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
), counted_step AS (
    SELECT household_id, (occurred_at AT TIME ZONE %(zone)s)::date AS day,
           origin_id = ANY(%(ids)s) AND kind NOT IN ('returned', 'died') AS is_displaced,
           lag(origin_id = ANY(%(ids)s) AND kind NOT IN ('returned', 'died'), 1, false) OVER (
               PARTITION BY household_id ORDER BY occurred_at, recorded_at, id
           ) AS was_displaced
    FROM displacement_movement
    WHERE household_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
)
SELECT step.day, sum(is_displaced::int - was_displaced::int)
FROM step JOIN displacement_person person ON person.id = step.person_id
WHERE step.is_displaced <> step.was_displaced
  AND person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
  AND person.merged_into_id IS NULL
GROUP BY 1
UNION ALL
SELECT step.day, sum((is_displaced::int - was_displaced::int) * counted.people)
FROM counted_step step JOIN displacement_householdgroup counted ON counted.household_id = step.household_id
JOIN displacement_household household ON household.id = step.household_id
WHERE step.is_displaced <> step.was_displaced
  AND counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
  AND household.recorded_at <= %(known_at)s
  AND (household.voided_at IS NULL OR household.voided_at > %(known_at)s)
GROUP BY 1
"""

#: A state, a headcount and a stay hold for a period; each day's end falls into the periods that hold then.
OCCUPANCY = """
WITH day AS (SELECT unnest(%(ends)s::timestamptz[]) AS at),
state AS MATERIALIZED (
    SELECT shelter_id, phase, places_open, occurred_at AS starts,
           lead(occurred_at) OVER (PARTITION BY shelter_id ORDER BY occurred_at, recorded_at, id) AS ends
    FROM shelters_shelterstate
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
      AND shelter_id IN (SELECT id FROM shelters_shelter WHERE region_id = ANY(%(ids)s))
), counted AS MATERIALIZED (
    SELECT shelter_id, people, occurred_at AS starts,
           lead(occurred_at) OVER (PARTITION BY shelter_id ORDER BY occurred_at, recorded_at, id) AS ends
    FROM shelters_headcount
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
), site AS (
    SELECT day.at, sum(counted.people) AS headcount, sum(state.places_open) AS places_open
    FROM day
    JOIN state ON state.starts <= day.at AND (state.ends IS NULL OR state.ends > day.at)
              AND state.phase IN ('open', 'full')
    LEFT JOIN counted ON counted.shelter_id = state.shelter_id AND counted.starts <= day.at
              AND (counted.ends IS NULL OR counted.ends > day.at) AND counted.starts > day.at - %(holds)s
    GROUP BY day.at
), turn AS (
    SELECT at, sum(change) AS change FROM (
        SELECT occurred_at AS at, 1 AS change, shelter_id FROM shelters_stay
        WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
          AND (voided_at IS NULL OR voided_at > %(known_at)s)
        UNION ALL
        SELECT ended_at, -1, shelter_id FROM shelters_stay
        WHERE ended_at <= %(as_of)s AND ended_recorded_at <= %(known_at)s AND recorded_at <= %(known_at)s
          AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ) both_ends
    WHERE shelter_id IN (SELECT id FROM shelters_shelter WHERE region_id = ANY(%(ids)s))
    GROUP BY at
), night AS (
    SELECT day.at, sum(turn.change) AS stays FROM day JOIN turn ON turn.at <= day.at GROUP BY day.at
)
SELECT day.at, night.stays::int, site.headcount::int, site.places_open::int
FROM day LEFT JOIN night USING (at) LEFT JOIN site USING (at) ORDER BY day.at
"""


@dataclass(frozen=True, slots=True)
class Night:
    """Shelters at the end of a day. Stays are None before the first shelter is known; the others where not reported."""

    stays: int | None
    headcount: int | None
    places_open: int | None


def displaced_by_day(subtree: Subtree, moment: Moment, days: Iterable[date]) -> dict[date, int]:
    """People displaced from the region at the end of each local day, as known at the moment; one query."""
    changes: dict[date, int] = {}
    for day, change in rows(DISPLACED, moment, ids=sorted(subtree.ids)):
        changes[day] = changes.get(day, 0) + int(change)
    wanted = sorted(days)
    total, found, turned = 0, {}, sorted(changes)
    for day in wanted:
        while turned and turned[0] <= day:
            total += changes[turned.pop(0)]
        found[day] = total
    return found


def nights(region_ids: Iterable[int], moment: Moment, ends: Iterable[datetime]) -> dict[datetime, Night]:
    """Shelters of the regions at the end of each day (`ends`: the last moments of days); one query."""
    found = rows(OCCUPANCY, moment, ids=sorted(region_ids), ends=list(ends), holds=HEADCOUNT_HOLDS)
    return {at: Night(stays, headcount, places) for at, stays, headcount, places in found}


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
