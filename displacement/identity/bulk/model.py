"""What a run over many pairs compares and how much each level says, and the same for Splink on any of its engines."""

from typing import Any, NamedTuple

from displacement.identity.bulk.conditions import RELATIVES, Dialect, Ladder, ladders
from displacement.identity.weights import Weights, load

#: What two relatives who are alike in everything else may at most reach: next to nothing.
NEVER = 1e-60
#: Comparisons in which a shared rare value says more than a shared common one.
ADJUSTED = frozenset({"family", "given"})


class Level(NamedTuple):
    """A level with its condition in SQL ("" for what is left), and how often records of one person (m) and of two (u) reach it.

    `is_adjusted` says that a rare value counts for more; `kin_bits` is what the level says against relatives.
    """

    name: str
    sql: str
    m: float
    u: float
    is_adjusted: bool = False
    kin_bits: float = 0.0


class Comparison(NamedTuple):
    """One comparison: when nothing can be said, then its levels in the order in which they are tried."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


class Model(NamedTuple):
    """All comparisons, and the probability that two records are one person before they are compared.

    `kin_prior` are the odds in bits of duplicates for each pair of relatives, None where relatives are not told from strangers.
    """

    prior: float
    comparisons: tuple[Comparison, ...]
    kin_prior: float | None = None


def of_register(dialect: Dialect, people: int, weights: Weights | None = None) -> Model:
    """The model of the register: reviewed weights, odds for so many people, and relatives kept apart."""
    weights = weights or load()
    comparisons = tuple(_comparison(ladder, weights) for ladder in ladders(dialect))
    return Model(1 / (1 + 2 ** -weights.prior_bits(people)), comparisons, weights.kin_prior)


def _comparison(ladder: Ladder, weights: Weights) -> Comparison:
    name, levels = ladder.comparison, []
    evidence, kin = weights.evidence[name], weights.kin_evidence[name]
    for level, sql in ladder.conditions:
        # The one level that weights do not know, a birth a generation apart, is a birth that differs.
        known = level if level in evidence else "different"
        u = weights.shares[name][known].u
        m = NEVER if (name, level) in RELATIVES else u * 2 ** evidence[known]
        levels.append(Level(level, sql, m, u, level == "exact" and name in ADJUSTED, kin[known]))
    return Comparison(name, ladder.unknown, tuple(levels))


def settings(model: Model, *, is_by_keys: bool = False) -> dict[str, Any]:
    """The model as settings of Splink, for one table of people: for DuckDB here, for Spark on a cluster.

    With `is_by_keys` Splink finds the candidates itself, from an array `keys` in the table; else they are registered.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.prior,
        # With the columns come the levels that were reached, which tell relatives from strangers.
        "retain_matching_columns": model.kin_prior is not None,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [_BY_KEYS if is_by_keys else _REGISTERED],
        "comparisons": [_comparison_settings(comparison) for comparison in model.comparisons],
    }


#: Whoever shares a key is a candidate, as at the door.
_BY_KEYS = {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]}
#: Splink wants a rule; it is not asked where candidates are registered.
_REGISTERED = {"blocking_rule": "l.unique_id = r.unique_id"}


#: The level's own u is the usual share, whatever its condition looks like.
_ADJUSTMENT = {"disable_tf_exact_match_detection": True}


def _comparison_settings(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [{"sql_condition": comparison.unknown, "is_null_level": True}]
    for level in comparison.levels:
        levels.append(
            {
                "sql_condition": level.sql or "ELSE",
                "label_for_charts": level.name,
                "m_probability": level.m,
                "u_probability": level.u,
                **(_ADJUSTMENT | {"tf_adjustment_column": comparison.name} if level.is_adjusted else {}),
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def evidence_sql(model: Model) -> str:
    """The evidence of a pair that Splink scored, in bits: its `match_weight`, held down by what speaks for relatives.

    As compare.against_relatives: whoever is not one person is a stranger or a relative, and the odds against both add up.
    """
    if model.kin_prior is None:
        return "match_weight"
    kin = [str(model.kin_prior)]
    for comparison in model.comparisons:
        # Splink counts levels from the last, which is 0, and -1 is not known.
        ways = (
            f"WHEN {place} THEN {level.kin_bits}" for place, level in enumerate(reversed(comparison.levels))
        )
        kin.append(f"CASE gamma_{comparison.name} {' '.join(ways)} ELSE 0 END")
    return f"-log2(power(2.0, -match_weight) + power(2.0, -({' + '.join(kin)})))"
