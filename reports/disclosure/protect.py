"""Hide what is small, and as much beside it as is needed that nothing published gives it back."""

from collections.abc import Iterable, Sequence

from reports.disclosure.attacker import Contradiction, Seen, after, intervals, learn
from reports.disclosure.cells import Cell, Key, Relation, Release
from reports.disclosure.failed import DisclosureFailed
from reports.disclosure.knowledge import Knowledge, around, components, touched
from reports.figures.mark import Mark

MOST_ROUNDS = 200
PATIENCE = 1  # rounds in which small numbers are tried; then large ones, which give more room


def protect(
    release: Release,
    earlier: Sequence[Release] = (),
    *,
    also: frozenset[Key] = frozenset(),
    threshold: int = 5,
    is_complementary: bool = True,
) -> Release:
    """The release with small counts hidden, those of `also`, and others beside them until each may be one of many.

    Hidden are counts of people from 1 to below the threshold, what an earlier release hid of the same day, and then
    complements, until each hidden number of this release, and each of earlier ones that this one bears on, can have at least
    as many values as the threshold says. 0 is never hidden for the first time. Raises DisclosureFailed where only public
    facts are left to hide. `is_complementary` is off in tests only, which show that the attacker then wins.
    """
    hidden = {key for key, cell in release.cells.items() if _is_small(cell, threshold)} | also
    for before in earlier:
        hidden |= {key for key in before.hidden if _can_stay_hidden(release.cells.get(key))}
    if not is_complementary:
        return release.hiding(hidden)
    _widen_sums(release, hidden, threshold)
    try:
        return _widened(release, hidden, learn(earlier), threshold, is_checked=False)
    except Contradiction:
        return _widened(release, hidden, learn(earlier, is_checked=True), threshold, is_checked=True)


def _widened(
    release: Release, hidden: set[Key], known: Knowledge, threshold: int, *, is_checked: bool
) -> Release:
    """More and more hidden, until every hidden number may be one of many."""
    seen: Seen = {}
    for turn in range(MOST_ROUNDS):
        trial = release.hiding(hidden)
        tried = after(known, trial) if is_checked else known.extended(trial)
        for key in hidden:  # what is true is possible
            number = release.cells[key].value
            if isinstance(number, int):
                seen.setdefault(tried.current[key], (number, number))
        groups = components(tried, around(tried, release))
        found = intervals(tried, groups, wide_enough=threshold - 1, seen=seen)
        exposed = [variable for variable, at in found.items() if at.width < threshold - 1]
        if not exposed:
            return release.hiding(hidden)
        # Hiding a number that an earlier release showed helps nobody.
        spent = hidden | {key for key in release.cells if known.shows(key, tried)}
        helped: frozenset[int] = frozenset()
        for variable in exposed:
            if variable not in helped:
                key = _complement(tried, variable, release, spent, is_urgent=turn >= PATIENCE)
                hidden.add(key)
                spent.add(key)
                helped |= touched(tried, [variable, tried.current[key]])
    raise DisclosureFailed("too_many_rounds")


def _is_small(cell: Cell, threshold: int) -> bool:
    if cell.value is Mark.SUPPRESSED:
        return True
    return (
        cell.is_sensitive and not cell.is_fact and cell.value is not None and 0 < int(cell.value) < threshold
    )


def _can_stay_hidden(cell: Cell | None) -> bool:
    return cell is not None and not cell.is_fact and cell.value is not None


def _widen_sums(release: Release, hidden: set[Key], threshold: int) -> None:
    """A first pass over each sum by itself, which spares most programmes.

    Hidden parts that are at least 1 each and make up a known rest may each be anything from 1 to the rest less the others.
    """
    is_done = False
    while not is_done:
        is_done = True
        for relation in release.relations:
            keys = [key for _factor, key in relation.terms]
            if any(key not in release.cells for key in keys):
                continue  # with numbers of another release: the programme looks at it
            within = [key for key in keys if key in hidden]
            if relation.is_equal and within and not _is_wide_sum(release, relation, within, threshold):
                best = _cheapest(keys, release, hidden)
                if best is not None:
                    hidden.add(best)
                    is_done = False


def _is_wide_sum(release: Release, relation: Relation, within: list[Key], threshold: int) -> bool:
    """Whether the hidden terms of a sum leave each other room; with hidden ones on both sides they do."""
    if len(within) == 1 or relation.terms[0][1] in within:
        return len(within) > 1
    numbers = [release.cells[key].value for key in within]
    rest = sum(number for number in numbers if isinstance(number, int))
    return rest - len(within) >= threshold - 1


def _complement(
    tried: Knowledge, variable: int, release: Release, hidden: set[Key], *, is_urgent: bool
) -> Key:
    """The number of this release to hide for the exposed one: of its tightest sum, else of sums around it."""
    rows = [[other for _factor, other in tried.rows[row].terms] for row in tried.rows_of.get(variable, ())]
    for row in sorted(rows, key=lambda row: sum(other not in tried.known for other in row)):
        best = _cheapest((tried.keys[other] for other in row), release, hidden, is_urgent=is_urgent)
        if best is not None:
            return best
    reached: frozenset[int] = touched(tried, [variable])
    while True:
        wider = touched(tried, reached)
        best = _cheapest((tried.keys[other] for other in sorted(wider)), release, hidden, is_urgent=is_urgent)
        if best is not None:
            return best
        if wider == reached:
            raise DisclosureFailed("nothing_left_to_hide")
        reached = wider


def _cheapest(
    keys: Iterable[Key], release: Release, hidden: set[Key], *, is_urgent: bool = False
) -> Key | None:
    """Zeros and facts are not hidden; of the others the cheapest, then the smallest, or where it is urgent the largest."""
    best: tuple[int, int, Key] | None = None
    for key in keys:
        cell = release.cells.get(key)
        if cell is None or key in hidden or cell.is_fact or not isinstance(cell.value, int) or not cell.value:
            continue
        rank = (cell.cost, -cell.value if is_urgent else cell.value, key)
        best = rank if best is None else min(best, rank)
    return None if best is None else best[2]
