"""Sixty days of invented counts: districts by groups with totals, a cumulative column, a formula, late corrections."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.cells import Cell, Key, Relation, Release, total_of
from reports.disclosure.protect import protect

START = date(2024, 8, 6)
Counts = NDArray[Any]
Day = tuple[date, Counts, Counts, Counts]


def histories(days: int, districts: int, groups: int, *, seed: int = 1) -> list[Release]:
    """What would be published of each day if nothing were hidden; each third edition repeats the day before it, corrected."""
    random = np.random.default_rng(seed)
    size = random.choice([0.4, 2.0, 6.0, 40.0], (districts, groups))
    left = np.zeros(districts, dtype=int)
    told: dict[Key, int] = {}
    found: list[Release] = []
    before: Day | None = None
    for number in range(days):
        day = START + timedelta(days=number)
        late = _corrected(before, random) if before is not None and number % 3 == 0 else None
        stock = random.poisson(size)
        size = np.clip(size * random.uniform(0.8, 1.25, size.shape), 0.2, 400)
        left = (left if late is None else late[2]) + random.poisson(random.uniform(0, 3, districts))
        sheltered = random.binomial(stock.sum(axis=1), 0.2)
        today = (day, stock, left, sheltered)
        cells, relations = _edition(*today)
        if late is not None:
            more, others = _edition(*late)
            cells, relations = {**more, **cells}, (*others, *relations)
        corrected = frozenset(k for k, cell in cells.items() if told.get(k, cell.value) != cell.value)
        told |= {key: int(cell.value) for key, cell in cells.items() if isinstance(cell.value, int)}
        found.append(Release(day, cells, relations, corrected))
        before = today
    return found


def published(
    releases: Sequence[Release], *, threshold: int = 5, is_complementary: bool = True
) -> list[Release]:
    """The releases as they would be let go, each with those before it in mind."""
    found: list[Release] = []
    for release in releases:
        found.append(protect(release, found, threshold=threshold, is_complementary=is_complementary))
    return found


def _corrected(before: Day, random: np.random.Generator) -> Day:
    """The day as known a day later: in some cells somebody was registered late, or taken back."""
    day, stock, left, sheltered = before
    late = random.choice([-1, 0, 1, 2], stock.shape, p=[0.05, 0.8, 0.1, 0.05])
    stock = np.maximum(stock + late, 0)
    left = np.maximum(left + random.choice([0, 1], left.shape, p=[0.9, 0.1]), 0)
    return day, stock, left, np.minimum(sheltered, stock.sum(axis=1))


def _edition(
    day: date, stock: Counts, left: Counts, sheltered: Counts
) -> tuple[dict[Key, Cell], tuple[Relation, ...]]:
    cells: dict[Key, Cell] = {}
    relations: list[Relation] = []
    districts, groups = stock.shape

    def put(
        column: str, place: tuple[str, ...], value: int, cost: int = 0, is_cumulative: bool = False
    ) -> Key:
        key = Key(column, place, day)
        cells[key] = Cell(int(value), cost=cost, is_cumulative=is_cumulative)
        return key

    body = [[put("people", (f"d{d}", f"g{g}"), stock[d, g]) for g in range(groups)] for d in range(districts)]
    rows = [put("people", (f"d{d}", "all"), stock[d].sum(), 1) for d in range(districts)]
    columns = [put("people", ("all", f"g{g}"), stock[:, g].sum(), 1) for g in range(groups)]
    total = put("people", ("all", "all"), stock.sum(), 3)
    relations += [total_of(rows[d], tuple(body[d])) for d in range(districts)]
    relations += [total_of(columns[g], tuple(body[d][g] for d in range(districts))) for g in range(groups)]
    relations += [total_of(total, tuple(rows)), total_of(total, tuple(columns))]
    gone = [put("left", (f"d{d}",), left[d], is_cumulative=True) for d in range(districts)]
    relations.append(total_of(put("left", ("all",), left.sum(), 3, is_cumulative=True), tuple(gone)))
    inside = [put("sheltered", (f"d{d}",), sheltered[d]) for d in range(districts)]
    outside = [put("elsewhere", (f"d{d}",), stock[d].sum() - sheltered[d]) for d in range(districts)]
    relations += [total_of(rows[d], (inside[d], outside[d])) for d in range(districts)]
    for column, parts, value in (
        ("sheltered", inside, sheltered.sum()),
        ("elsewhere", outside, stock.sum() - sheltered.sum()),
    ):
        relations.append(total_of(put(column, ("all",), value, 3), tuple(parts)))
    return cells, tuple(relations)
