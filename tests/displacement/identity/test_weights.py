"""The shipped weights are whole, and a file that is not is refused."""

import json
from typing import Any

import pytest

from displacement.identity.levels import COMPARISONS
from displacement.identity.weights import FILE, LEAST_BITS, MOST_BITS, BadWeights, load, read


def _broken(change: Any) -> str:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    change(data)
    return json.dumps(data)


def test_every_level_has_its_shares_and_stays_within_what_one_may_say() -> None:
    weights = load()
    for comparison in COMPARISONS:
        for level in comparison.levels:
            share = weights.shares[comparison.name][level]
            assert 0 < share.m < 1
            assert 0 < share.u < 1
            assert LEAST_BITS <= weights.bits(comparison.name, level) <= MOST_BITS
            assert LEAST_BITS <= weights.kin_evidence[comparison.name][level] <= MOST_BITS


def test_no_level_decides_alone_whatever_the_training_saw() -> None:
    def certain(data: Any) -> None:
        data["comparisons"][0]["levels"][0].update(m=0.9, u=1e-12)
        data["comparisons"][0]["levels"][-1].update(m=1e-12, u=0.9)

    weights = read(_broken(certain))
    assert weights.bits("family", "exact") == MOST_BITS
    assert weights.bits("family", "different") == LEAST_BITS


def test_shares_of_a_comparison_add_up() -> None:
    for levels in load().shares.values():
        assert sum(share.m for share in levels.values()) == pytest.approx(1, abs=0.01)
        assert sum(share.u for share in levels.values()) == pytest.approx(1, abs=0.01)


def test_the_best_level_of_each_comparison_speaks_for_one_person_and_the_worst_against() -> None:
    weights = load()
    for comparison in COMPARISONS:
        assert weights.bits(comparison.name, comparison.levels[0]) > 0.5
        assert weights.bits(comparison.name, comparison.levels[-1]) < -1


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["comparisons"].pop(0),
        lambda data: data["comparisons"][1]["levels"].pop(),
        lambda data: data["comparisons"][1]["levels"][0].update(m=0),
        lambda data: data["comparisons"][1]["levels"][0].update(u=1),
        lambda data: data["comparisons"][1]["levels"][0].pop("u"),
        lambda data: data["comparisons"][1]["levels"][0].pop("r"),
    ],
)
def test_a_file_with_a_hole_is_refused(change: Any) -> None:
    with pytest.raises(BadWeights, match="train them again"):
        read(_broken(change))


def test_it_is_written_down_how_they_were_trained() -> None:
    trained = json.loads(FILE.read_text(encoding="utf-8"))["trained"]
    assert {"register", "seed", "splink", "duckdb", "python"} <= set(trained)
