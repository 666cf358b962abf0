"""One table of levels, two languages: what Python says of a pair at the door, the SQL of a run in bulk says of it, too."""

import random
from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from displacement.identity.bulk.candidates import CANDIDATES
from displacement.identity.bulk.conditions import DUCKDB, SPARK, as_case, ladders
from displacement.identity.bulk.model import of_register
from displacement.identity.bulk.scoring import found, score
from displacement.identity.bulk.workspace import PEOPLE, Compared, workspace, write_people
from displacement.identity.compare import Frequencies, Match, weight
from displacement.identity.identity import Features, features_of
from displacement.identity.levels import COMPARISONS, levels_of
from displacement.identity.training.register import records

EVERYTHING = -10_000.0


def _people() -> list[Features]:
    """Families with twins and second registrations, and features drawn at random, so that every level is met."""
    chance = random.Random(4)
    invented = [features_of(record.identity) for record in records(60, seed=5)]
    return invented + [_drawn(chance) for _ in range(60)]


def _drawn(chance: random.Random) -> Features:
    names = ("", "i", "ivan", "ivanov", "ivanof", "petr", "petrov", "maria", "marina", "petrenko", "petrenka")
    year = chance.choice((None, 1950, 1951, 1959, 1960, 1980, 1990, 2010))
    return Features(
        family=chance.choice(names),
        given=chance.choice(names),
        patronymic=chance.choice(names),
        family_loose=chance.choice(names),
        given_loose=chance.choice(names),
        aliases=frozenset(chance.sample(range(4), chance.choice((0, 0, 1, 2)))),
        initials="".join(chance.sample("imnpv", chance.choice((1, 2)))),
        sex=chance.choice(("", "male", "female")),
        year=year,
        month_day=chance.choice(("", "01-02", "02-01", "02-12", "12-02", "05-05", "05-28")) if year else "",
        is_year_exact=chance.random() < 0.8,
        phone=chance.choice(("", "501234567", "507654321")),
        place=chance.choice(("", "1", "2")),
        documents=frozenset(chance.sample(range(6), chance.choice((0, 0, 1, 2)))),
    )


PEOPLE_HERE = _people()
PAIRS = list(combinations(range(len(PEOPLE_HERE)), 2))


def _load(connection: Any) -> None:
    write_people(connection, [Compared(n, str(n), person, []) for n, person in enumerate(PEOPLE_HERE)])
    connection.execute(
        f"CREATE TABLE {CANDIDATES} AS SELECT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r"
        f" FROM {PEOPLE} l JOIN {PEOPLE} r ON l.unique_id < r.unique_id"
    )


@pytest.fixture(scope="module")
def scored() -> dict[tuple[int, int], float]:
    """The evidence of every pair, by Splink, with shares of names counted among these people."""
    with workspace() as connection:
        _load(connection)
        score(connection, of_register(DUCKDB, len(PEOPLE_HERE)), bits=EVERYTHING)
        return {(a, b): bits for a, b, bits in found(connection)}


def _frequencies() -> Frequencies:
    total = len(PEOPLE_HERE)
    family, given = (
        {name: count / total for name, count in Counter(names).items()}
        for names in ([person.family for person in PEOPLE_HERE], [person.given for person in PEOPLE_HERE])
    )
    return Frequencies(total, family, given, 0.0, 0.0)


def test_every_pair_weighs_the_same_in_both(scored: dict[tuple[int, int], float]) -> None:
    frequencies = _frequencies()
    assert len(scored) == len(PAIRS) > 7_000

    def differs(match: Match, bits: float) -> bool:
        return bits > -50 if match.is_relative else abs(match.bits - bits) > 1e-6

    different = [
        (a, b)
        for a, b in PAIRS
        if differs(weight(PEOPLE_HERE[a], PEOPLE_HERE[b], frequencies=frequencies), scored[a, b])
    ]
    assert different == []


def test_every_level_is_met_by_these_pairs_and_is_the_same_in_both() -> None:
    """A level that no pair here reaches would not be compared at all."""
    steps = ladders(DUCKDB)
    columns = ", ".join(f"{side}.{name} AS {name}_{side}" for name in Features._fields for side in "lr")
    cases = ", ".join(as_case(ladder) for ladder in steps)
    with workspace() as connection:
        _load(connection)
        rows = connection.execute(
            f"SELECT unique_id_l, unique_id_r, {cases} FROM (SELECT l.unique_id AS unique_id_l, r.unique_id AS unique_id_r,"
            f" {columns} FROM {PEOPLE} l JOIN {PEOPLE} r ON l.unique_id < r.unique_id)"
        ).fetchall()
    met: set[tuple[str, str]] = set()
    for a, b, *places in rows:
        python = levels_of(PEOPLE_HERE[a], PEOPLE_HERE[b])
        sql = {
            ladder.comparison: "" if place < 0 else ladder.conditions[place].level
            for ladder, place in zip(steps, places, strict=True)
        }
        assert {**sql, "birth": sql["birth"].replace("generation", "different")} == python
        met.update(python.items())
    levels = {(comparison.name, level) for comparison in COMPARISONS for level in comparison.levels}
    assert levels - met == set()


def test_both_engines_are_asked_the_same_levels() -> None:
    there, here = ladders(SPARK), ladders(DUCKDB)
    assert [[c.level for c in ladder.conditions] for ladder in there] == [
        [c.level for c in ladder.conditions] for ladder in here
    ]
