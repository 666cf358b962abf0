"""What a run over many pairs compares and how much each level says, and the same for Splink on any of its engines."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from displacement.identity.bulk.conditions import RELATIVES, Dialect, Ladder, ladders
from displacement.identity.weights import Share, Weights, load

#: What two relatives who are alike in everything else may at most reach: next to nothing.
_NEVER = 1e-60
#: Comparisons in which a shared rare value says more than a shared common one.
ADJUSTED = frozenset({"family", "given"})


class Level(NamedTuple):
    """A level with its condition in SQL ("" for what is left), how often one person's and two people's records reach it."""

    name: str
    sql: str
    m: float
    u: float
    is_adjusted: bool = False


class Comparison(NamedTuple):
    """One comparison: when nothing can be said, then its levels in the order in which they are tried."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


class Model(NamedTuple):
    """All comparisons, and the probability that two records are one person before they are compared."""

    prior: float
    comparisons: tuple[Comparison, ...]


def of_register(dialect: Dialect, people: int, weights: Weights | None = None) -> Model:
    """The model of the register: reviewed weights, odds for so many people, and relatives kept apart."""
    weights = weights or load()
    return Model(
        1 / (1 + 2 ** -weights.prior_bits(people)),
        tuple(comparison(ladder, _shares(ladder.comparison, weights)) for ladder in ladders(dialect)),
    )


def comparison(ladder: Ladder, shares: dict[str, Share], *, relatives_apart: bool = True) -> Comparison:
    """A comparison from its conditions and shares; relatives never reach anything unless that is switched off."""
    name, levels = ladder.comparison, []
    for level, sql in ladder.conditions:
        share = shares.get(level) or shares["different"]
        if relatives_apart and (name, level) in RELATIVES:
            share = Share(_NEVER, share.u)
        levels.append(Level(level, sql, share.m, share.u, level == "exact" and name in ADJUSTED))
    return Comparison(name, ladder.unknown, tuple(levels))


def _shares(name: str, weights: Weights) -> dict[str, Share]:
    """Shares whose ratio is the evidence as the weights clamp it."""
    return {
        level: Share(share.u * 2 ** weights.evidence[name][level], share.u)
        for level, share in weights.shares[name].items()
    }


def settings(model: Model, *, blocking: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """The model as settings of Splink: for DuckDB here, for Spark on a cluster, from one table."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": list(blocking) or [_BY_KEYS],
        "comparisons": [_comparison_settings(comparison) for comparison in model.comparisons],
    }


#: Whoever shares a key is a candidate, as at the door.
_BY_KEYS = {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]}


def _comparison_settings(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [{"sql_condition": comparison.unknown, "is_null_level": True}]
    for level in comparison.levels:
        levels.append(
            {
                "sql_condition": level.sql or "ELSE",
                "label_for_charts": level.name,
                "m_probability": level.m,
                "u_probability": level.u,
                **({"tf_adjustment_column": comparison.name} if level.is_adjusted else {}),
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}
