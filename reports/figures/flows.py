"""Flows: how many people left and arrived in the 24 hours before a moment. Never added to a stock."""

from dataclasses import dataclass

from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: A person who left twice in the period left once. Few steps lie in one day, so that no index is kept for them.
SQL = """
SELECT movement.kind, count(DISTINCT movement.person_id)
FROM displacement_movement movement JOIN displacement_person person ON person.id = movement.person_id
WHERE movement.occurred_at > %(day_before)s AND movement.occurred_at <= %(as_of)s
  AND movement.recorded_at <= %(known_at)s AND (movement.voided_at IS NULL OR movement.voided_at > %(known_at)s)
  AND person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
  AND person.merged_into_id IS NULL
  AND ((movement.kind = 'left' AND movement.origin_id = ANY(%(ids)s))
       OR (movement.kind = 'arrived' AND movement.destination_id = ANY(%(ids)s)))
GROUP BY 1
UNION ALL
SELECT step.kind, sum(counted.people)::bigint
FROM (
    SELECT DISTINCT kind, household_id FROM displacement_movement
    WHERE household_id IS NOT NULL AND occurred_at > %(day_before)s AND occurred_at <= %(as_of)s
      AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
      AND ((kind = 'left' AND origin_id = ANY(%(ids)s)) OR (kind = 'arrived' AND destination_id = ANY(%(ids)s)))
) step
JOIN displacement_household household ON household.id = step.household_id
JOIN displacement_householdgroup counted ON counted.household_id = step.household_id
WHERE counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
  AND household.recorded_at <= %(known_at)s
  AND (household.voided_at IS NULL OR household.voided_at > %(known_at)s)
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Flows:
    """People in the 24 hours up to a moment: who left a home in the region, and who arrived in it from anywhere."""

    left: int
    arrived: int


def count_flows(subtree: Subtree, moment: Moment) -> Flows:
    """Count the flows of the last 24 hours; one query."""
    people = {"left": 0, "arrived": 0}
    for kind, number in rows(SQL, moment, ids=sorted(subtree.ids)):
        people[kind] += number
    return Flows(people["left"], people["arrived"])
