"""Weighted draws from one seeded generator."""

import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Draw(Generic[T]):
    """Draws one of several things by weight; the weights need not sum to one."""

    def __init__(self, rng: random.Random, weighted: Iterable[tuple[T, float]]) -> None:
        pairs = list(weighted)
        self._things = [thing for thing, _ in pairs]
        self._limits = list(accumulate(weight for _, weight in pairs))
        self._random = rng.random

    def __call__(self) -> T:
        """The next one."""
        return self._things[bisect(self._limits, self._random() * self._limits[-1])]


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split the total into whole numbers in proportion to the weights; they sum to it exactly (largest remainders)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
