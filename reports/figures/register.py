"""Counts of the register itself: households, and needs of the displaced."""

from django.db import connection

from reports.figures.moment import Moment
from reports.figures.subtree import Subtree

HOUSEHOLDS = """
SELECT count(*) FROM displacement_household
WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
  AND origin_id = ANY(%(ids)s)
"""


def count_households(subtree: Subtree, moment: Moment) -> int:
    """Households whose home is in the region and whose registration took place by the moment; one query."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, {**moment.parameters(), "ids": sorted(subtree.ids)})
        return int(cursor.fetchone()[0])
