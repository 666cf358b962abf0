"""The one count of people: where everybody in the register is, as of one moment and as known at another.

One statement answers for persons and for people who are only counted so far, grouped to a small cube; every figure and
table of displacement is added up from its cells, so that no two of them can disagree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from displacement.models.codes import CHILD_BANDS, AgeBand, Sex
from displacement.models.movement import DISPLACING, MovementKind
from reports.figures.moment import Moment
from reports.figures.query import rows
from reports.figures.subtree import Subtree

_CHILDREN = frozenset(str(band) for band in CHILD_BANDS)
_DISPLACING = frozenset(str(kind) for kind in DISPLACING)

#: The latest step of each person and of each counted household decides. Of two steps at one time the one learned later
#: does, and of two learned at one time the one written later (ids are ordered by time). Who never moved has the home of
#: the household in which they were registered, whichever they belong to since.
SQL = """
WITH latest AS (
    SELECT DISTINCT ON (person_id) person_id, kind, origin_id, destination_id, occurred_at
    FROM displacement_movement
    WHERE person_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY person_id, occurred_at DESC, recorded_at DESC, id DESC
), latest_counted AS (
    SELECT DISTINCT ON (household_id) household_id, kind, origin_id, destination_id, occurred_at
    FROM displacement_movement
    WHERE household_id IS NOT NULL AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
      AND (voided_at IS NULL OR voided_at > %(known_at)s)
    ORDER BY household_id, occurred_at DESC, recorded_at DESC, id DESC
), sleeping AS (
    SELECT DISTINCT ON (stay.person_id) stay.person_id, shelter.region_id
    FROM shelters_stay stay JOIN shelters_shelter shelter ON shelter.id = stay.shelter_id
    WHERE stay.occurred_at <= %(as_of)s AND stay.recorded_at <= %(known_at)s
      AND (stay.voided_at IS NULL OR stay.voided_at > %(known_at)s)
      AND (stay.ended_at IS NULL OR stay.ended_at > %(as_of)s OR stay.ended_recorded_at > %(known_at)s)
    ORDER BY stay.person_id, stay.occurred_at DESC, stay.id DESC
)
SELECT origin, destination_id, kind, region_id, sex,
       CASE WHEN birth_date IS NULL THEN 'unknown' WHEN birth_date <= %(born_60)s THEN '60+'
            WHEN birth_date <= %(born_18)s THEN '18-59' WHEN birth_date <= %(born_12)s THEN '12-17'
            WHEN birth_date <= %(born_5)s THEN '5-11' ELSE '0-4' END AS band,
       count(*) AS people, count(*) FILTER (WHERE is_registered OR kind IS NOT NULL) AS registered,
       count(*) FILTER (WHERE moved_at >= %(starts_at)s) AS since_start
FROM (
    SELECT coalesce(latest.origin_id, (SELECT origin_id FROM displacement_household WHERE id = coalesce(
               (SELECT from_household_id FROM displacement_householdchange change
                WHERE change.person_id = person.id ORDER BY change.recorded_at, change.id LIMIT 1),
               person.household_id))) AS origin,
           latest.destination_id, latest.kind, latest.occurred_at AS moved_at, sleeping.region_id,
           person.sex, person.birth_date, person.occurred_at <= %(as_of)s AS is_registered
    FROM displacement_person person
    LEFT JOIN latest ON latest.person_id = person.id
    LEFT JOIN sleeping ON sleeping.person_id = person.id
    WHERE person.recorded_at <= %(known_at)s AND (person.voided_at IS NULL OR person.voided_at > %(known_at)s)
      AND person.merged_into_id IS NULL
) somebody
WHERE origin = ANY(%(ids)s) OR destination_id = ANY(%(ids)s)
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT coalesce(latest.origin_id, household.origin_id), latest.destination_id, latest.kind, NULL::integer,
       counted.sex, counted.age_band, sum(counted.people)::bigint,
       coalesce(sum(counted.people) FILTER (WHERE counted.occurred_at <= %(as_of)s OR latest.kind IS NOT NULL), 0),
       coalesce(sum(counted.people) FILTER (WHERE latest.occurred_at >= %(starts_at)s), 0)
FROM displacement_householdgroup counted
JOIN displacement_household household ON household.id = counted.household_id
LEFT JOIN latest_counted latest ON latest.household_id = household.id
WHERE counted.recorded_at <= %(known_at)s AND (counted.voided_at IS NULL OR counted.voided_at > %(known_at)s)
  AND household.recorded_at <= %(known_at)s
  AND (household.voided_at IS NULL OR household.voided_at > %(known_at)s)
  AND (coalesce(latest.origin_id, household.origin_id) = ANY(%(ids)s) OR latest.destination_id = ANY(%(ids)s))
GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """So many people who are alike. `kind` is None for people who are registered and of whom no movement is known."""

    origin: int | None
    destination: int | None
    kind: str | None
    shelter: int | None  # region of the shelter that they sleep in
    sex: str
    band: str
    people: int
    registered: int  # of them: registered by the moment, or known to have left by then
    since_start: int  # of them: whose latest movement is not older than the operation

    @property
    def is_displaced(self) -> bool:
        """Whether they left home and did neither return nor die."""
        return self.kind in _DISPLACING

    @property
    def is_child(self) -> bool:
        """Whether they are under 18; people of unknown age are not counted as children."""
        return self.band in _CHILDREN


Test = Callable[[Cell], bool]


@dataclass(frozen=True, slots=True)
class Cube:
    """All people who come from a region or are in it."""

    subtree: Subtree
    cells: tuple[Cell, ...]

    def left(self, ids: Iterable[int] | None = None) -> int:
        """People who left a home in the regions since the operation began, whatever became of them since.

        Who left before and has not moved since then is displaced, and not among them.
        """
        wanted = self._ids(ids)
        return sum(cell.since_start for cell in self.cells if cell.origin in wanted)

    def displaced(self, ids: Iterable[int] | None = None) -> int:
        """People who left a home in the regions and did neither return nor die, wherever they are."""
        return self._from(ids, lambda cell: cell.is_displaced)

    def children(self) -> int:
        """Those of the displaced who are under 18."""
        return self._from(None, lambda cell: cell.is_displaced and cell.is_child)

    def returned(self, ids: Iterable[int] | None = None) -> int:
        """People who came back home to the regions since the operation began and have not left again."""
        wanted = self._ids(ids)
        back = (cell for cell in self.cells if cell.kind == MovementKind.RETURNED)
        return sum(cell.since_start for cell in back if cell.origin in wanted)

    def in_transit(self, ids: Iterable[int] | None = None) -> int:
        """Displaced people from the regions who are on their way: left, or in transit, and not arrived."""
        return self._from(ids, lambda cell: cell.kind in (MovementKind.LEFT, MovementKind.IN_TRANSIT))

    def registered(self, ids: Iterable[int] | None = None) -> int:
        """People in the register whose home is in the regions, displaced or not.

        Those who were registered by the moment, and those registered later who are known to have left by then: so nobody
        is displaced and not registered.
        """
        wanted = self._ids(ids)
        return sum(cell.registered for cell in self.cells if cell.origin in wanted)

    def hosted(self, ids: Iterable[int] | None = None) -> int:
        """Displaced people who are in the regions, wherever they come from."""
        wanted = self._ids(ids)
        return sum(
            c.people
            for c in self.cells
            if c.is_displaced and c.kind not in _ON_THE_WAY and c.destination in wanted
        )

    def hosted_from_here(self) -> dict[int | None, int]:
        """Where the displaced people of this region are: people by region of presence; None is not known."""
        found: dict[int | None, int] = {}
        for cell in self._displaced_from_here():
            if cell.kind not in _ON_THE_WAY:
                found[cell.destination] = found.get(cell.destination, 0) + cell.people
        return found

    def sheltered_from_here(self) -> dict[int, int]:
        """Displaced people of this region who sleep in a shelter: people by region of the shelter."""
        found: dict[int, int] = {}
        for cell in self._displaced_from_here():
            if cell.shelter is not None:
                found[cell.shelter] = found.get(cell.shelter, 0) + cell.people
        return found

    def by_sex_and_age(self) -> dict[tuple[str, str], int]:
        """Displaced people of this region by (age band, sex)."""
        found = {(str(band), str(sex)): 0 for band in AgeBand for sex in Sex}
        for cell in self._displaced_from_here():
            found[cell.band, cell.sex] += cell.people
        return found

    def _displaced_from_here(self) -> Iterable[Cell]:
        return (c for c in self.cells if c.is_displaced and c.origin in self.subtree)

    def _from(self, ids: Iterable[int] | None, test: Test) -> int:
        wanted = self._ids(ids)
        return sum(cell.people for cell in self.cells if cell.origin in wanted and test(cell))

    def _ids(self, ids: Iterable[int] | None) -> frozenset[int]:
        return self.subtree.ids if ids is None else frozenset(ids)


#: On the way: their destination is where they head for, not where they are.
_ON_THE_WAY = frozenset({str(MovementKind.LEFT), str(MovementKind.IN_TRANSIT)})


def count_people(subtree: Subtree, moment: Moment) -> Cube:
    """Count everybody who comes from the region or is in it; one query, see benchmarks for its cost."""
    return Cube(subtree, tuple(Cell(*row) for row in rows(SQL, moment, ids=sorted(subtree.ids))))
