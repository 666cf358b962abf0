"""How alike two people of one family are: counted, since a register knows who came together."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from displacement.identity.identity import Features
from displacement.identity.levels import COMPARISONS, levels_of
from displacement.identity.training.register import Record

#: No level is impossible among relatives because a sample did not hold it; names that look alike are less rare than among
#: invented people, whose names the list of forms knows.
#: As train.REVIEWED: how often two relatives have one document.
REVIEWED_R = {"document": {"same": 1e-4, "different": 0.9999}}
_LEAST, LEAST_R = 2e-4, {("given", "near"): 2e-3, ("given", "unlike"): 1e-2}


class Relatives(NamedTuple):
    """How many pairs of relatives there are, and the share of them that reaches each level of each comparison."""

    pairs: int
    shares: dict[str, dict[str, float]]


def relatives(register: Sequence[Record], people: Sequence[Features]) -> Relatives:
    """Count over all pairs of two humans of one family; `people` are the features of the records, in their order."""
    families: defaultdict[int, list[int]] = defaultdict(list)
    for number, record in enumerate(register):
        families[record.family].append(number)
    counts = {comparison.name: Counter[str]() for comparison in COMPARISONS}
    pairs = 0
    for members in families.values():
        for a, b in combinations(members, 2):
            if register[a].human != register[b].human:
                pairs += 1
                for name, level in levels_of(people[a], people[b]).items():
                    counts[name][level] += 1
    return Relatives(pairs, {c.name: _shares(c.name, counts[c.name], c.levels) for c in COMPARISONS})


def _shares(name: str, counts: Counter[str], levels: Sequence[str]) -> dict[str, float]:
    if name in REVIEWED_R:
        return REVIEWED_R[name]
    known = max(1, sum(counts[level] for level in levels))
    found = {level: max(LEAST_R.get((name, level), _LEAST), counts[level] / known) for level in levels}
    total = sum(found.values())
    return {level: share / total for level, share in found.items()}
