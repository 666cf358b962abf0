"""Civilian casualties: what is verified, and what is still being corroborated. The two are never added."""

from collections.abc import Iterable
from dataclasses import dataclass

from displacement.models.casualty import Outcome
from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

#: Rungs are read from the steps as known, since the column on the casualty says only what is so today. Who died after
#: the moment was injured at it. People whose civilian status is not known are being corroborated, whatever their rung.
#: Files that name one registered person count once: anybody dies once, and is hurt once in an incident. The verified one is
#: taken, else the one that was opened first.
SQL = """
WITH step AS (
    SELECT DISTINCT ON (casualty_id) casualty_id, rung FROM displacement_casualtystep
    WHERE recorded_at <= %(known_at)s AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY casualty_id, occurred_at DESC, recorded_at DESC, id DESC
), told AS (
    SELECT CASE WHEN casualty.died_on > %(day)s THEN 'injured' ELSE casualty.outcome END AS outcome,
           incident.region_id, casualty.age = 'child' AS is_child,
           casualty.id, casualty.recorded_at, casualty.person_id, casualty.incident_id,
           casualty.people_min, casualty.people_max,
           coalesce(step.rung, 'alleged') = 'verified' AND casualty.civilian_status <> 'unknown' AS is_verified
    FROM displacement_casualty casualty
    JOIN displacement_incident incident ON incident.id = casualty.incident_id
    LEFT JOIN step ON step.casualty_id = casualty.id
    WHERE casualty.occurred_at <= %(as_of)s AND casualty.occurred_at >= %(starts_at)s
      AND casualty.recorded_at <= %(known_at)s AND (casualty.voided_at IS NULL OR casualty.voided_at > %(known_at)s)
      AND incident.recorded_at <= %(known_at)s AND (incident.voided_at IS NULL OR incident.voided_at > %(known_at)s)
      AND casualty.civilian_status <> 'combatant' AND coalesce(step.rung, 'alleged') <> 'refuted'
), victim AS (
    SELECT DISTINCT ON (coalesce(person_id, id), outcome,
                        CASE WHEN outcome IN ('killed', 'died_later') THEN NULL ELSE incident_id END) *
    FROM told
    ORDER BY coalesce(person_id, id), outcome, CASE WHEN outcome IN ('killed', 'died_later') THEN NULL ELSE incident_id END,
             is_verified DESC, recorded_at, id
)
SELECT outcome, region_id, is_verified, is_child, sum(people_min)::int, sum(people_max)::int
FROM victim WHERE region_id = ANY(%(ids)s) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Victims:
    """A range of people; both ends are equal where it is exact. `children` are among the lowest number."""

    low: int = 0
    high: int = 0
    children: int = 0


@dataclass(frozen=True, slots=True)
class VictimCell:
    """Victims of one outcome in one region."""

    outcome: str
    region: int
    is_verified: bool
    is_child: bool
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Casualties:
    """What the casualty files of a region say. `has_files` is False where nobody recorded anything: then nothing is known."""

    cells: tuple[VictimCell, ...]

    @property
    def has_files(self) -> bool:
        """Whether anything is on file."""
        return bool(self.cells)

    def verified(self, outcome: str) -> Victims:
        """Verified victims of the outcome."""
        return self._victims(outcome, is_verified=True)

    def corroborating(self, outcome: str) -> Victims:
        """Victims of the outcome that are alleged, reported or corroborated and not verified (yet)."""
        return self._victims(outcome, is_verified=False)

    def _victims(self, outcome: str, *, is_verified: bool) -> Victims:
        cells = [c for c in self.cells if c.outcome == outcome and c.is_verified is is_verified]
        return Victims(
            low=sum(c.low for c in cells),
            high=sum(c.high for c in cells),
            children=sum(c.low for c in cells if c.is_child),
        )


OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)


def count_casualties(subtree: Subtree, moment: Moment, ids: Iterable[int] | None = None) -> Casualties:
    """Count civilian victims of incidents in the region since the operation began; one query."""
    wanted = sorted(subtree.ids if ids is None else ids)
    return Casualties(tuple(VictimCell(*row) for row in rows(SQL, moment, ids=wanted)))
