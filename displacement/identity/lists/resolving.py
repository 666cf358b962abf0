"""From pairs taken one by one to pairs that agree with each other."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

Pair = tuple[int, int]
#: A row that is like more others than this is a form left empty, not a person entered so many times.
_MOST_DOUBLES = 30
#: A pair that is more likely no match leads nowhere.
_LIKELY = 0.5


def through_a_third(probable: Mapping[Pair, float], *, at_least: float) -> dict[Pair, float]:
    """Pairs of one list that become as probable as `at_least`, or more probable, because both are a third row.

    If A is B and B is C then A is C, with the product of both probabilities where A and C tell less by themselves.
    """
    doubles: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), likely in probable.items():
        if likely >= max(_LIKELY, at_least):
            doubles[a][b] = doubles[b][a] = likely
    more: dict[Pair, float] = {}
    for others in doubles.values():
        if len(others) > _MOST_DOUBLES:
            continue
        for (x, of_x), (y, of_y) in combinations(sorted(others.items()), 2):
            likely = of_x * of_y
            if likely >= at_least and likely > max(probable.get((x, y), 0.0), more.get((x, y), 0.0)):
                more[x, y] = likely
    return more


def one_to_one(probable: Mapping[Pair, float]) -> dict[Pair, float]:
    """Each row with its most probable partner only, the most probable pairs first."""
    left, right, kept = set(), set(), {}
    for (a, b), likely in sorted(probable.items(), key=lambda item: (-item[1], item[0])):
        if a not in left and b not in right:
            kept[a, b] = likely
            left.add(a)
            right.add(b)
    return kept
