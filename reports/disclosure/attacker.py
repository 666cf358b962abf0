"""The attacker: everything that all releases of a scope say together, solved for what they hide.

For each hidden number the least and the greatest value that agrees with all that is known: linear programmes over the
unknown numbers that bear on each other, with whole numbers at the ends. Where both ends are one number, it is solved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from reports.disclosure.cells import Key, Release
from reports.disclosure.knowledge import Knowledge, around, components

INFINITE = 10**9  # people: as good as no bound
_SLACK = 1e-6
_ROUNDS = 6
_FEW = 4  # numbers that are asked for one by one

Numbers = NDArray[Any]
Matrix = Any
Rest = Sequence[float] | None
Bounds = list[tuple[float | None, float | None]]
Sum = tuple[list[tuple[int, int]], int]


class Contradiction(ValueError):
    """What was published agrees with no numbers at all: something in it is wrong."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A hidden number lies between these whole numbers, both included; further apart than asked for, it may be wider."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """0 where the number is solved."""
        return self.high - self.low


def attack(releases: Iterable[Release]) -> tuple[Key, ...]:
    """The hidden cells that the releases give away exactly, in the order of their keys.

    Raises Contradiction where no numbers at all agree with a release taken by itself.
    """
    listed = tuple(releases)
    try:
        return _solved(learn(listed))
    except Contradiction:
        return _solved(learn(listed, is_checked=True))


def _solved(knowledge: Knowledge) -> tuple[Key, ...]:
    found = intervals(knowledge, components(knowledge), wide_enough=1)
    return tuple(sorted({knowledge.keys[variable] for variable, at in found.items() if at.width <= 0}))


def learn(releases: Iterable[Release], *, is_checked: bool = False) -> Knowledge:
    """Everything that the releases say together, in the order in which they were published.

    With `is_checked` a release that contradicts those before it is taken by itself: then something was corrected that
    nobody can see. That costs a programme for each group of hidden numbers of each release.
    """
    found = Knowledge()
    for release in releases:
        found = after(found, release) if is_checked else found.extended(release)
    return found


def after(known: Knowledge, release: Release) -> Knowledge:
    """What is known once this release is out too, by itself where it contradicts the others."""
    linked = known.extended(release)
    groups = components(linked, around(linked, release))
    is_possible = all(_Programme(linked, group, {}).is_possible() for group in groups)
    return linked if is_possible else known.extended(release, is_linked=False)


Seen = dict[int, tuple[float, float]]


def intervals(
    knowledge: Knowledge, groups: Iterable[Sequence[int]], *, wide_enough: int, seen: Seen | None = None
) -> dict[int, Interval]:
    """What is known of each variable of the groups. One that is seen to be wide enough is not looked at further.

    `seen` is the least and greatest value of each variable in solutions so far. It is added to, and may be handed on while
    knowledge only shrinks: what was possible stays possible when more is hidden.
    """
    found: dict[int, Interval] = {}
    for group in groups:
        found.update(_Programme(knowledge, group, {} if seen is None else seen).intervals(wide_enough))
    return found


class _Programme:
    """The linear programme over one group of unknown numbers."""

    def __init__(self, knowledge: Knowledge, group: Sequence[int], seen: Seen) -> None:
        self.group, self.seen = group, seen
        place = {variable: column for column, variable in enumerate(group)}
        rows = sorted({row for variable in group for row in knowledge.rows_of.get(variable, ())})
        equal: list[Sum] = []
        at_most: list[Sum] = []
        for number in rows:
            row, rest, terms = knowledge.rows[number], 0, []
            for factor, variable in row.terms:
                if variable in place:
                    terms.append((factor, place[variable]))
                else:
                    rest -= factor * knowledge.known[variable]
            (equal if row.is_equal else at_most).append((terms, rest))
        self.bounds: Bounds = [(knowledge.lowest[variable], INFINITE) for variable in group]
        never = (float(INFINITE), -float(INFINITE))
        self.low = np.array([seen.get(variable, never)[0] for variable in group])
        self.high = np.array([seen.get(variable, never)[1] for variable in group])
        self.equal, self.equal_rest = self._matrix(equal)
        self.at_most, self.at_most_rest = self._matrix(at_most)

    def intervals(self, wide_enough: int) -> dict[int, Interval]:
        """The widths of many numbers at once first, then each that is left by itself, down and up."""
        size = len(self.group)
        random = np.random.default_rng(size)
        if (self.low > self.high).any():
            self._solve(random.choice([-1.0, 1.0], size))
        for _turn in range(_ROUNDS):
            narrow = np.flatnonzero(~self._is_wide(wide_enough))
            if len(narrow) < _FEW:
                break
            self._spread(narrow, random.choice([-1.0, 1.0], len(narrow)), wide_enough)
        for place in range(size):
            for sign in (1.0, -1.0):
                if not self._is_wide(wide_enough)[place]:
                    objective = np.zeros(size)
                    objective[place] = sign
                    self._solve(objective)
        pairs = zip(self.low.tolist(), self.high.tolist(), strict=True)
        self.seen.update(zip(self.group, pairs, strict=True))
        return {
            variable: Interval(ceil(low - _SLACK), floor(high + _SLACK))
            for variable, low, high in zip(self.group, self.low, self.high, strict=True)
        }

    def _spread(self, narrow: Numbers, signs: Numbers, wide_enough: int) -> None:
        """One programme that moves as many narrow numbers as it can just far enough, up (1) or down (-1)."""
        size, count = len(self.group), len(narrow)
        start = np.where(signs > 0, self.low[narrow], -self.high[narrow])
        gain = hstack([csr_array((-signs, (range(count), narrow)), shape=(count, size)), eye_array(count)])
        above = (
            None
            if self.at_most is None
            else hstack([self.at_most, csr_array((self.at_most.shape[0], count))])
        )
        equal = None if self.equal is None else hstack([self.equal, csr_array((self.equal.shape[0], count))])
        self._run(
            np.concatenate([np.zeros(size), -np.ones(count)]),
            equal,
            gain if above is None else vstack([above, gain]),
            [*(self.at_most_rest or ()), *(-start)],
            [*self.bounds, *((None, wide_enough + _SLACK) for _one in narrow)],
        )

    def is_possible(self) -> bool:
        """Whether any numbers agree with all that is known."""
        try:
            self._solve(np.zeros(len(self.group)))
        except Contradiction:
            return False
        return True

    def _is_wide(self, wide_enough: int) -> Numbers:
        wide = np.floor(self.high + _SLACK) - np.ceil(self.low - _SLACK) >= wide_enough
        return np.asarray(wide)

    def _solve(self, objective: Numbers) -> None:
        self._run(objective, self.equal, self.at_most, self.at_most_rest, self.bounds)

    def _run(self, objective: Numbers, equal: Matrix, at_most: Matrix, rest: Rest, bounds: Bounds) -> None:
        answer = linprog(
            objective,
            A_eq=equal,
            b_eq=self.equal_rest,
            A_ub=at_most,
            b_ub=rest,
            bounds=bounds,
            method="highs",
        )
        if answer.x is None:
            raise Contradiction(answer.status)
        point = answer.x[: len(self.group)]
        self.low = np.minimum(self.low, point)
        self.high = np.maximum(self.high, point)

    def _matrix(self, rows: list[Sum]) -> tuple[Matrix, Rest]:
        if not rows:
            return None, None
        data = [float(factor) for terms, _rest in rows for factor, _column in terms]
        columns = [column for terms, _rest in rows for _factor, column in terms]
        lines = [line for line, (terms, _rest) in enumerate(rows) for _term in terms]
        shape = (len(rows), len(self.group))
        return csr_array((data, (lines, columns)), shape=shape), [float(rest) for _terms, rest in rows]
