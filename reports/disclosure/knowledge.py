"""What somebody knows who kept every release: which numbers are one and the same, and which sums hold between them.

A number that a later release repeats is the same number, unless it was corrected. Where a release does not say what was
corrected, it is read off: when any number of a column and day differs, the hidden ones of it may differ too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reports.disclosure.cells import Cell, Key, Release

Line = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One sum over variables: 0, or at most 0."""

    terms: tuple[tuple[int, int], ...]
    is_equal: bool


@dataclass(slots=True)
class Knowledge:
    """Variables with what is known of them, and the rows between them. `extended` makes the next day's; none is changed."""

    known: dict[int, int] = field(default_factory=dict)
    lowest: list[int] = field(
        default_factory=list
    )  # by variable: hidden ones are at least 1, since 0 is shown
    rows: list[Row] = field(default_factory=list)
    rows_of: dict[int, tuple[int, ...]] = field(default_factory=dict)
    current: dict[Key, int] = field(default_factory=dict)
    latest: dict[Line, tuple[Key, int]] = field(default_factory=dict)  # of cumulative columns
    keys: list[Key] = field(default_factory=list)  # by variable
    held: set[Row] = field(default_factory=set)  # the rows, to hold each once

    def extended(self, release: Release, *, is_linked: bool = True) -> "Knowledge":
        """This, and the release after it; not `is_linked` as if each number in it were a corrected one."""
        more = Knowledge(
            dict(self.known),
            list(self.lowest),
            list(self.rows),
            dict(self.rows_of),
            dict(self.current),
            dict(self.latest),
            list(self.keys),
            set(self.held),
        )
        corrected = more._corrected(release) if is_linked else frozenset(release.cells)
        told = {key: cell for key, cell in release.cells.items() if cell.value is not None}
        for key, cell in told.items():
            more._tell(key, cell, is_new=key in corrected)
        for key in sorted(told, key=lambda key: key.day):
            if told[key].is_cumulative:
                more._follow(key, is_corrected=key in corrected)
        for relation in release.relations:
            # What was not reported adds nothing to a total; without the total there is no sum.
            bound = {key for _factor, key in relation.terms if key in told}
            if is_linked:  # with numbers of other releases
                bound |= {k for _factor, k in relation.terms if k not in release.cells and k in self.current}
            terms = tuple((factor, more.current[key]) for factor, key in relation.terms if key in bound)
            is_whole = len(terms) == len(relation.terms)
            if is_whole or (relation.is_equal and relation.terms[0][1] in told):
                more._hold(Row(terms, relation.is_equal))
        return more

    def shows(self, key: Key, later: "Knowledge") -> bool:
        """Whether the number was shown already and is the same one in what is known later."""
        variable = self.current.get(key)
        return variable in self.known and later.current.get(key) == variable

    def open_variables(self) -> Iterator[int]:
        """The variables of which nobody was told the number."""
        return (variable for variable in range(len(self.lowest)) if variable not in self.known)

    def _tell(self, key: Key, cell: Cell, *, is_new: bool) -> None:
        before = self.current.get(key)
        if before is None or is_new:
            # A correction may bring a hidden number down to 0, and then it stays hidden.
            self.lowest.append(1 if before is None or before in self.known else 0)
            self.keys.append(key)
            before = self.current[key] = len(self.lowest) - 1
        if isinstance(cell.value, int):
            self.known[before] = cell.value

    def _follow(self, key: Key, *, is_corrected: bool) -> None:
        """A cumulative number is not below that of the day before it."""
        line = (key.column, key.place)
        variable = self.current[key]
        before = self.latest.get(line)
        if before is not None and before[0].day > key.day:
            return
        if before is not None and before[0].day < key.day and not is_corrected:
            self._hold(Row(((1, before[1]), (-1, variable)), is_equal=False))
        self.latest[line] = (key, variable)

    def _hold(self, row: Row) -> None:
        if row in self.held:
            return
        self.held.add(row)
        place = len(self.rows)
        self.rows.append(row)
        for _factor, variable in row.terms:
            self.rows_of[variable] = (*self.rows_of.get(variable, ()), place)

    def _corrected(self, release: Release) -> frozenset[Key]:
        """The keys whose number is not that of earlier releases, or that do not follow on them."""
        if release.corrected is not None:
            return release.corrected
        changed: set[tuple[str, object]] = set()
        for key, cell in release.cells.items():
            before = self.current.get(key)
            if before is not None and isinstance(cell.value, int):
                if self.known.get(before, cell.value) != cell.value:
                    changed.add((key.column, key.day))
            elif cell.is_cumulative and isinstance(cell.value, int):
                earlier = self.latest.get((key.column, key.place))
                if earlier is not None and self.known.get(earlier[1], 0) > cell.value:
                    changed.add((key.column, key.day))
        return frozenset(key for key in release.cells if (key.column, key.day) in changed)


def components(knowledge: Knowledge, start: Iterable[int] | None = None) -> Iterator[tuple[int, ...]]:
    """Groups of unknown numbers that bear on each other; with `start`, only groups that hold or touch one of those."""
    seen: set[int] = set()
    for first in knowledge.open_variables() if start is None else start:
        if first in seen or first in knowledge.known:
            continue
        group, waiting = [], [first]
        seen.add(first)
        while waiting:
            variable = waiting.pop()
            group.append(variable)
            for place in knowledge.rows_of.get(variable, ()):
                for _factor, other in knowledge.rows[place].terms:
                    if other not in seen and other not in knowledge.known:
                        seen.add(other)
                        waiting.append(other)
        yield tuple(sorted(group))


def touched(knowledge: Knowledge, variables: Iterable[int]) -> frozenset[int]:
    """The variables and all that stand in a row with one of them."""
    return frozenset(
        other
        for variable in variables
        for place in knowledge.rows_of.get(variable, ())
        for _factor, other in knowledge.rows[place].terms
    ) | frozenset(variables)


def around(knowledge: Knowledge, release: Release) -> tuple[int, ...]:
    """The variables that the release speaks of, and all that it bears on directly."""
    told = (key for key, cell in release.cells.items() if cell.value is not None)
    return tuple(sorted(touched(knowledge, {knowledge.current[key] for key in told})))
