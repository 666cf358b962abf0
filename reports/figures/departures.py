"""How people left: with organised transport or by their own means, as the register tells it."""

from collections.abc import Iterable
from dataclasses import dataclass

from displacement.models.movement import Means
from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: The people of "left" (reports.figures.cube): whose latest step lies after the start. How is what their newest step says
#: on which anybody wrote it down; a return says nothing of how people left. Mostly the latest says it: only for whom it
#: does not are older ones put in order.
SQL = """
WITH latest AS (
    SELECT DISTINCT ON (person_id) person_id, origin_id, occurred_at, {told_by_it} AS means FROM displacement_movement
    WHERE person_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY person_id, occurred_at DESC, recorded_at DESC, id DESC
), latest_counted AS (
    SELECT DISTINCT ON (household_id) household_id, origin_id, occurred_at, {told_by_it} AS means FROM displacement_movement
    WHERE household_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY household_id, occurred_at DESC, recorded_at DESC, id DESC
), told_before AS (
    SELECT DISTINCT ON (person_id, household_id) person_id, household_id, means FROM displacement_movement
    WHERE {told_by_it} IS NOT NULL
      AND occurred_at >= %(starts_at)s AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
      AND (person_id IN (SELECT person_id FROM latest WHERE means IS NULL AND occurred_at >= %(starts_at)s)
           OR household_id IN (SELECT household_id FROM latest_counted
                               WHERE means IS NULL AND occurred_at >= %(starts_at)s))
    ORDER BY person_id, household_id, occurred_at DESC, recorded_at DESC, id DESC
)
SELECT latest.origin_id, coalesce(latest.means, told_before.means, 'unknown'), count(*)
FROM displacement_person person
JOIN latest ON latest.person_id = person.id
LEFT JOIN told_before ON told_before.person_id = person.id
WHERE person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
  AND person.merged_into_id IS NULL
  AND latest.occurred_at >= %(starts_at)s AND latest.origin_id = ANY(%(ids)s)
GROUP BY 1, 2
UNION ALL
SELECT latest.origin_id, coalesce(latest.means, told_before.means, 'unknown'), sum(counted.people)::bigint
FROM displacement_householdgroup counted
JOIN displacement_household household ON household.id = counted.household_id
JOIN latest_counted latest ON latest.household_id = household.id
LEFT JOIN told_before ON told_before.household_id = household.id
WHERE counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
  AND household.recorded_at <= %(known_at)s
  AND (household.voided_at IS NULL OR household.voided_at > %(known_at)s)
  AND latest.occurred_at >= %(starts_at)s AND latest.origin_id = ANY(%(ids)s)
GROUP BY 1, 2
""".format(told_by_it="CASE WHEN kind NOT IN ('returned', 'died') THEN nullif(means, 'unknown') END")  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Departures:
    """People who left since the operation began, by home region and means. Together they are those of `Cube.left`."""

    people: dict[tuple[int, str], int]

    def by(self, means: Means, ids: Iterable[int]) -> int:
        """Those who left a home in the regions in this way; `Means.UNKNOWN` is nobody wrote down how."""
        return sum(self.people.get((pk, str(means)), 0) for pk in frozenset(ids))


def count_departures(subtree: Subtree, moment: Moment) -> Departures:
    """Count by home region and means; one query."""
    found: dict[tuple[int, str], int] = {}
    for origin, means, people in rows(SQL, moment, ids=sorted(subtree.ids)):
        found[origin, means] = found.get((origin, means), 0) + people
    return Departures(found)
