"""Counts of the register itself: households, and needs of the displaced."""

from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: A household that was joined into another is a record from then on, and no household.
#: (Both lists are short, so they are made once and looked up, where NOT EXISTS would be asked for each household.)
#: Nor is one whose people are all registered elsewhere, too, and were merged into those records.
HOUSEHOLDS = """
SELECT count(*) FROM displacement_household
WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
  AND origin_id = ANY(%(ids)s)
  AND id NOT IN (
      SELECT household_id FROM displacement_householdjoin emptied
      WHERE emptied.occurred_at <= %(as_of)s AND emptied.recorded_at <= %(known_at)s
        AND (emptied.voided_at IS NULL OR emptied.voided_at > %(known_at)s)
  )
  AND id NOT IN (
      SELECT gone.household_id FROM displacement_person gone
      WHERE gone.merged_into_id IS NOT NULL
        AND gone.recorded_at <= %(known_at)s AND (gone.voided_at IS NULL OR gone.voided_at > %(known_at)s)
        AND NOT EXISTS (
            SELECT FROM displacement_person left_over
            WHERE left_over.household_id = gone.household_id AND left_over.merged_into_id IS NULL
              AND left_over.recorded_at <= %(known_at)s
              AND (left_over.voided_at IS NULL OR left_over.voided_at > %(known_at)s)
        ) AND NOT EXISTS (
            SELECT FROM displacement_householdgroup counted
            WHERE counted.household_id = gone.household_id AND counted.recorded_at <= %(known_at)s
              AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
        )
  )
"""

#: Needs are few beside people: the latest movement is looked up for those who have one.
NEEDS = """
SELECT need.need_id, count(DISTINCT need.person_id) AS people
FROM displacement_personneed need
JOIN displacement_person person ON person.id = need.person_id
JOIN LATERAL (
    SELECT kind, origin_id FROM displacement_movement movement
    WHERE movement.person_id = need.person_id AND movement.occurred_at <= %(as_of)s
      AND movement.recorded_at <= %(known_at)s
      AND (movement.voided_at IS NULL OR movement.voided_at > %(known_at)s)
    ORDER BY occurred_at DESC, recorded_at DESC, id DESC LIMIT 1
) latest ON latest.kind NOT IN ('returned', 'died') AND latest.origin_id = ANY(%(ids)s)
WHERE need.occurred_at <= %(as_of)s AND need.recorded_at <= %(known_at)s
  AND (need.voided_at IS NULL OR need.voided_at > %(known_at)s)
  AND person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
  AND person.merged_into_id IS NULL
GROUP BY 1 ORDER BY 2 DESC, 1
"""


def count_households(subtree: Subtree, moment: Moment) -> int:
    """Households whose home is in the region and whose registration took place by the moment; one query."""
    [(households,)] = rows(HOUSEHOLDS, moment, ids=sorted(subtree.ids))
    return int(households)


def count_needs(subtree: Subtree, moment: Moment) -> dict[str, int]:
    """People displaced from the region by code of specific need, most first; who has two needs is in both. One query."""
    return dict(rows(NEEDS, moment, ids=sorted(subtree.ids)))
