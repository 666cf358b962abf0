"""Flows: how many people left and arrived in the 24 hours before a moment. Never added to a stock."""

from dataclasses import dataclass

from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: A person who arrived twice in the period arrived once.
SQL = """
WITH step AS (
    SELECT DISTINCT kind, person_id, household_id, origin_id, destination_id FROM displacement_movement
    WHERE kind IN ('left', 'arrived') AND occurred_at > %(day_before)s AND occurred_at <= %(as_of)s
      AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
), people AS (
    SELECT step.kind, step.origin_id, step.destination_id, step.person_id, NULL::uuid AS household_id, 1 AS people
    FROM step JOIN displacement_person person ON person.id = step.person_id
    WHERE person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
    UNION ALL
    SELECT step.kind, step.origin_id, step.destination_id, NULL, step.household_id, sum(counted.people)
    FROM step JOIN displacement_householdgroup counted ON counted.household_id = step.household_id
    WHERE counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
    GROUP BY 1, 2, 3, 5
), here AS (
    SELECT DISTINCT kind, person_id, household_id, people FROM people
    WHERE (kind = 'left' AND origin_id = ANY(%(ids)s)) OR (kind = 'arrived' AND destination_id = ANY(%(ids)s))
)
SELECT coalesce(sum(people) FILTER (WHERE kind = 'left'), 0), coalesce(sum(people) FILTER (WHERE kind = 'arrived'), 0)
FROM here
"""


@dataclass(frozen=True, slots=True)
class Flows:
    """People in the 24 hours up to a moment: who left a home in the region, and who arrived in it from anywhere."""

    left: int
    arrived: int


def count_flows(subtree: Subtree, moment: Moment) -> Flows:
    """Count the flows of the last 24 hours; one query."""
    [(left, arrived)] = rows(SQL, moment, ids=sorted(subtree.ids))
    return Flows(int(left), int(arrived))
