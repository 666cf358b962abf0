"""What became known after a report: late registrations, voided records and duplicates, by the day that they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: People who were registered since, of whom a step before the last cut-off is known. Who was counted before and named
#: since is no late registration; neither is who came into another household since, counted there anew.
LATE = """
WITH registered_in AS (
    SELECT DISTINCT ON (person_id) person_id, from_household_id FROM displacement_householdchange
    WHERE person_id IS NOT NULL ORDER BY person_id, recorded_at, id
), newly AS (
    SELECT person.id, min(movement.occurred_at) AS at
    FROM displacement_person person JOIN displacement_movement movement ON movement.person_id = person.id
    LEFT JOIN registered_in ON registered_in.person_id = person.id
    WHERE person.recorded_at > %(before)s AND person.recorded_at <= %(known_at)s
      AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s) AND person.merged_into_id IS NULL
      AND NOT EXISTS (SELECT FROM displacement_person twin
                      WHERE twin.merged_into_id = person.id AND twin.recorded_at <= %(before)s)
      AND movement.occurred_at <= %(cut_off)s AND movement.recorded_at <= %(known_at)s
      AND (movement.voided_at IS NULL OR movement.voided_at > %(known_at)s)
      AND movement.origin_id = ANY(%(ids)s)
      AND NOT EXISTS (SELECT FROM displacement_householdgroup counted
                      LEFT JOIN displacement_household first ON first.id = counted.counted_in_id
                      WHERE counted.household_id = coalesce(registered_in.from_household_id, person.household_id)
                        AND (first.recorded_at <= %(before)s OR counted.recorded_at <= %(before)s
                             AND (counted.voided_at IS NULL OR counted.voided_at > %(before)s)))
    GROUP BY person.id
), newly_counted AS (
    SELECT counted.id, counted.people, min(movement.occurred_at) AS at
    FROM displacement_household household
    JOIN displacement_householdgroup counted ON coalesce(counted.counted_in_id, counted.household_id) = household.id
    JOIN displacement_movement movement ON movement.household_id = counted.household_id
    WHERE household.recorded_at > %(before)s AND household.recorded_at <= %(known_at)s
      AND (household.voided_at IS NULL OR household.voided_at > %(known_at)s)
      AND counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
      AND movement.occurred_at <= %(cut_off)s AND movement.recorded_at <= %(known_at)s
      AND (movement.voided_at IS NULL OR movement.voided_at > %(known_at)s)
      AND movement.origin_id = ANY(%(ids)s)
    GROUP BY counted.id
)
SELECT (at AT TIME ZONE %(zone)s)::date, count(*) FROM newly GROUP BY 1
UNION ALL
SELECT (at AT TIME ZONE %(zone)s)::date, sum(people) FROM newly_counted GROUP BY 1
"""

#: Movements that the last report counted and that were taken back since, unless because their household was named.
VOIDED = """
SELECT (movement.occurred_at AT TIME ZONE %(zone)s)::date, count(*)
FROM displacement_movement movement
WHERE movement.recorded_at <= %(before)s AND movement.voided_at > %(before)s AND movement.voided_at <= %(known_at)s
  AND movement.occurred_at <= %(cut_off)s AND movement.origin_id = ANY(%(ids)s)
  AND NOT EXISTS (SELECT FROM displacement_person person
                  WHERE person.household_id = movement.household_id AND person.recorded_at <= %(known_at)s)
  AND NOT EXISTS (SELECT FROM displacement_householdchange change
                  JOIN displacement_person person ON person.id = change.person_id
                  WHERE change.from_household_id = movement.household_id AND person.recorded_at <= %(known_at)s)
GROUP BY 1
"""

#: Records whose steps were counted as another person's in the last report: merged since, and not taken back since.
MERGED = """
WITH doubled AS (
    SELECT entry.old, min(movement.occurred_at) AS at
    FROM displacement_repointing entry JOIN displacement_merge merge ON merge.id = entry.merge_id
    JOIN displacement_movement movement ON movement.id = entry.row
    WHERE entry.model = 'displacement.movement' AND NOT entry.is_return
      AND entry.at > %(before)s AND entry.at <= %(known_at)s
      AND (merge.unmerged_at IS NULL OR merge.unmerged_at > %(known_at)s)
      AND movement.recorded_at <= %(before)s AND movement.occurred_at <= %(cut_off)s
      AND (movement.voided_at IS NULL OR movement.voided_at > %(known_at)s) AND movement.origin_id = ANY(%(ids)s)
    GROUP BY entry.old
)
SELECT (at AT TIME ZONE %(zone)s)::date, count(*) FROM doubled GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Late:
    """What was learned since a report about the days that it covered, by local day."""

    people: dict[date, int]  # registered late, on the day of their first step
    voided: dict[date, int]  # movements taken back, on the day that they were about
    merged: dict[
        date, int
    ]  # records found to be of somebody who was counted already, on the day of their first step

    def people_up_to(self, day: date) -> int:
        """People registered late whose first step was on the day or before: those who add to the day's number."""
        return sum(number for at, number in self.people.items() if at <= day)

    def voided_up_to(self, day: date) -> int:
        """Voided movements of the day or before."""
        return sum(number for at, number in self.voided.items() if at <= day)

    def merged_up_to(self, day: date) -> int:
        """Records merged into another whose first step was on the day or before: those who are counted once less."""
        return sum(number for at, number in self.merged.items() if at <= day)

    @property
    def total(self) -> int:
        """All late registrations."""
        return sum(self.people.values())


def count_late(subtree: Subtree, moment: Moment, *, before: datetime, cut_off: datetime) -> Late:
    """What became known after `before` and until `known_at` of the time up to `cut_off`; three queries."""
    since = {"ids": sorted(subtree.ids), "before": before, "cut_off": cut_off}
    asked = (LATE, VOIDED, MERGED)
    people, voided, merged = (_by_day(rows(sql, moment, **since)) for sql in asked)
    return Late(people, voided, merged)


def _by_day(found: Iterable[tuple[date, int]]) -> dict[date, int]:
    by_day: dict[date, int] = {}
    for day, number in found:
        by_day[day] = by_day.get(day, 0) + int(number)
    return by_day
