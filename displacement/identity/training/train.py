"""Weights from a register of which nobody says who is who: Splink on DuckDB guesses and counts in turn (EM)."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from displacement.identity.bulk.conditions import DUCKDB, Ladder, ladders
from displacement.identity.bulk.workspace import PEOPLE, Compared, workspace, write_people
from displacement.identity.identity import Features
from displacement.identity.levels import COMPARISONS
from displacement.identity.weights import Share

#: Pairs drawn at random for u: enough to meet what one pair in a hundred thousand reaches a hundred times.
PAIRS = 10_000_000
#: One pass leaves out what it blocks on, so every comparison is outside of at least one of these.
PASSES = (
    "l.family_loose = r.family_loose and l.given_loose = r.given_loose and l.patronymic = r.patronymic"
    " and l.family <> '' and l.given <> '' and length(l.patronymic) > 1",
    "l.year = r.year and l.month_day = r.month_day and l.month_day <> '' and l.sex = r.sex",
)
#: What a pass cannot know. Twins share a birth date and strangers a whole name: a pass that blocks on these takes some of
#: them for one person, so that of one person's records at most so many may differ there.
MOST_M = {("given", "another"): 0.02, ("birth", "different"): 0.02}
#: Relatives share a telephone and a village: beside the same family name they say less than among strangers. And nearly all
#: invented people bear names of the list of forms; among rarer ones those of two people look alike more often.
LEAST_U = {("phone", "same"): 1e-3, ("given", "near"): 3e-4, ("given", "unlike"): 5e-3}
#: What no training sees, since invented people show no documents: set by hand. Two strangers have one document by a slip
#: alone, two relatives where a child was written down with its mother's.
REVIEWED = {"document": {"same": Share(0.7, 1e-6), "different": Share(0.3, 0.999999)}}
#: Given names are compared with an eye on sex, and Splink trains nothing that looks at what a pass blocks on: they look at
#: a copy of the column.
_TRAINED = "trained"
#: No share is 0 or 1 because a sample did not hold the rare case.
_LEAST = 1e-6


class Untrained(RuntimeError):
    """A comparison got no shares: its pass is missing."""


def trained(people: Iterable[Features], *, seed: int) -> dict[str, dict[str, Share]]:
    """How often pairs of one person and of two reach each level; the same for the same people and seed.

    One thread, so that sums are added in one order. Raises Untrained where Splink leaves a comparison unset.
    """
    with workspace() as connection:
        connection.execute("SET threads = 1")
        connection.execute("SET preserve_insertion_order = true")
        write_people(connection, (Compared(number, "", of, ()) for number, of in enumerate(people)))
        connection.execute(f"CREATE VIEW {_TRAINED} AS SELECT *, sex AS sex_beside FROM {PEOPLE}")  # noqa: S608 - ours
        engine = DuckDBAPI(connection)
        logging.getLogger("splink").setLevel(logging.ERROR)
        linker = Linker(engine.register(_TRAINED), _settings(), log_level=None, validate_settings=False)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=seed)
        for blocking in PASSES:
            linker.training.estimate_parameters_using_expectation_maximisation(blocking)
        return mended(_shares(linker.misc.save_model_to_json()))


def _settings() -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": [_comparison(each) for each in ladders(DUCKDB) if each.comparison not in REVIEWED],
        "max_iterations": 40,
        "em_convergence": 1e-5,
        "probability_two_random_records_match": 1e-6,
    }


def _comparison(ladder: Ladder) -> dict[str, Any]:
    """Without levels that the weights do not know."""
    beside = "sex_" if ladder.comparison == "sex" else "sex_beside_"
    levels: list[dict[str, Any]] = [{"sql_condition": ladder.unknown, "is_null_level": True}]
    for level, sql in ladder.conditions:
        if level != "generation":
            levels.append({"sql_condition": sql.replace("sex_", beside) or "ELSE", "label_for_charts": level})
    return {"output_column_name": ladder.comparison, "comparison_levels": levels}


def _shares(model: dict[str, Any]) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    """As Splink left them; None is a level that it did not train."""
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: (_number(level, "m_probability"), _number(level, "u_probability"))
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        for comparison in model["comparisons"]
    }


def _number(level: dict[str, Any], name: str) -> float | None:
    """Splink writes a sentence, or nothing, for a level that it never met."""
    value = level.get(name)
    return float(value) if isinstance(value, int | float) else None


def mended(shares: dict[str, dict[str, tuple[float | None, float | None]]]) -> dict[str, dict[str, Share]]:
    """Shares that add up to 1 in each comparison, every one of them set, within what a pass can know.

    A level that was not met gets the rarest share. Raises Untrained where no level of a comparison has an m: no pass reached
    it, and Splink says nothing of it.
    """
    whole = {}
    for comparison in COMPARISONS:
        name = comparison.name
        if name in REVIEWED:
            whole[name] = dict(REVIEWED[name])
            continue
        levels = {level: shares[name][level] for level in comparison.levels}
        if all(m is None for m, _u in levels.values()):
            raise Untrained(f"No pass reached {name}: add one that blocks on something else.")
        m = _adding_up({level: m or _LEAST for level, (m, _u) in levels.items()}, MOST_M, name)
        u = {level: max(u or 0, LEAST_U.get((name, level), _LEAST)) for level, (_m, u) in levels.items()}
        total = sum(u.values())
        whole[name] = {level: Share(m[level], u[level] / total) for level in comparison.levels}
    return whole


def _adding_up(found: dict[str, float], most: Mapping[tuple[str, str], float], name: str) -> dict[str, float]:
    """The shares scaled to 1, those with a most held at it."""
    held = {level: min(m, most.get((name, level), 1.0)) for level, m in found.items()}
    fixed = {level: m for level, m in held.items() if (name, level) in most}
    free = sum(m for level, m in held.items() if level not in fixed)
    rest = 1 - sum(fixed.values())
    return {level: max(_LEAST, m if level in fixed else m * rest / free) for level, m in held.items()}
