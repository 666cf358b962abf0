"""Pairs of persons who may be one: putting them into the queue, and saying what they are."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core.decoys import is_marked
from displacement.actions.judging import Judged, judge

__all__ = ["Judged", "judge", "propose"]

#: Pairs that one statement takes.
_CHUNK = 10_000

#: Only standing persons who are not merged; a pair that was judged stays as it was judged.
_PROPOSE = """
INSERT INTO displacement_possibleduplicate AS known
    (first_id, second_id, probability, found_at, run, state, reason)
SELECT one.id, other.id, max(found.probability), %(now)s, %(run)s, 'open', ''
FROM unnest(%(ones)s::uuid[], %(others)s::uuid[], %(probabilities)s::float8[]) AS found(one, other, probability)
JOIN displacement_person one ON one.id = least(found.one, found.other)
JOIN displacement_person other ON other.id = greatest(found.one, found.other)
WHERE found.one <> found.other AND one.voided_at IS NULL AND other.voided_at IS NULL
  AND one.merged_into_id IS NULL AND other.merged_into_id IS NULL AND one.erased_at IS NULL AND other.erased_at IS NULL
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (first_id, second_id) DO UPDATE
    SET probability = excluded.probability, run = coalesce(excluded.run, known.run)
    WHERE known.state IN ('open', 'later')
RETURNING (xmax = 0)
"""


def propose(pairs: Iterable[tuple[UUID, UUID, float]], *, run: UUID | None = None) -> int:
    """Put found pairs (person, person, probability) into the queue; how many of them are new. A query for 10,000 pairs.

    Safe to repeat: a pair that is open takes the newer probability, one that was judged stays judged, and nobody is paired
    with themselves, with a voided record, with one that is merged, or with a decoy. `run` names what found them, such as a
    batch, so that they can be decided together.
    """
    waiting, new = (pair for pair in pairs if not (is_marked(pair[0]) or is_marked(pair[1]))), 0
    while chunk := list(islice(waiting, _CHUNK)):
        new += sum(_proposed(chunk, run))
    return new


def _proposed(chunk: list[tuple[UUID, UUID, float]], run: UUID | None) -> Iterator[bool]:
    """For each pair that was written, whether it is new."""
    ones, others, probabilities = zip(*chunk, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _PROPOSE,
            {
                "ones": list(ones),
                "others": list(others),
                "probabilities": [float(value) for value in probabilities],
                "now": timezone.now(),
                "run": run,
            },
        )
        yield from (is_new for (is_new,) in cursor.fetchall())
