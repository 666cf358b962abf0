"""Weights from a register of which nobody says who is who: Splink on DuckDB guesses and counts in turn (EM)."""

import logging
from collections.abc import Iterable
from typing import Any

from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from displacement.identity.bulk.conditions import DUCKDB, Ladder, ladders
from displacement.identity.bulk.workspace import workspace, write_features
from displacement.identity.identity import Features
from displacement.identity.weights import Share

#: Pairs drawn at random for u: enough to meet what one pair in a hundred thousand reaches a hundred times.
PAIRS = 10_000_000
#: One pass leaves out what it blocks on, so every comparison is outside of at least one of these.
PASSES = (
    "l.family_loose = r.family_loose and l.given_loose = r.given_loose and l.family <> '' and l.given <> ''",
    "l.year = r.year and l.month_day = r.month_day and l.month_day <> ''",
    "l.phone = r.phone and l.phone <> '' and l.given_loose = r.given_loose and l.given <> ''",
)
#: Shares that a pass cannot know, as the rarest that we believe.
_LEAST = 1e-7


class Untrained(RuntimeError):
    """A level got no share: train on more people."""


def trained(people: Iterable[Features], *, seed: int) -> dict[str, dict[str, Share]]:
    """How often pairs of one person and of two reach each level; the same for the same people and seed.

    One thread, so that sums are added in one order. Raises Untrained where Splink leaves a share unset.
    """
    with workspace() as connection:
        connection.execute("SET threads = 1")
        connection.execute("SET preserve_insertion_order = true")
        write_features(connection, "people", enumerate(people))
        engine = DuckDBAPI(connection)
        logging.getLogger("splink").setLevel(logging.ERROR)
        linker = Linker(engine.register("people"), _settings(), log_level=None, validate_settings=False)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=seed)
        for blocking in PASSES:
            linker.training.estimate_parameters_using_expectation_maximisation(blocking)
        return _shares(linker.misc.save_model_to_json())


def _settings() -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": [_comparison(ladder) for ladder in ladders(DUCKDB)],
        "max_iterations": 40,
        "em_convergence": 1e-5,
        "probability_two_random_records_match": 1e-6,
    }


def _comparison(ladder: Ladder) -> dict[str, Any]:
    """Without levels that the weights do not know."""
    levels: list[dict[str, Any]] = [{"sql_condition": ladder.unknown, "is_null_level": True}]
    for level, sql in ladder.conditions:
        if level != "generation":
            levels.append({"sql_condition": sql or "ELSE", "label_for_charts": level})
    return {"output_column_name": ladder.comparison, "comparison_levels": levels}


def _shares(model: dict[str, Any]) -> dict[str, dict[str, Share]]:
    shares: dict[str, dict[str, Share]] = {}
    for comparison in model["comparisons"]:
        shares[comparison["output_column_name"]] = {
            level["label_for_charts"]: Share(level.get("m_probability"), level.get("u_probability"))
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
    return shares
