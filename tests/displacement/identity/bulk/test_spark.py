"""The same settings on Splink's Spark backend, as far as that can be shown without Spark: the SQL that it would be given."""

import sqlglot
from splink import SettingsCreator
from splink.internals.predict import predict_from_comparison_vectors_sqls_using_settings
from splink.internals.settings import Settings
from sqlglot import expressions

from displacement.identity.bulk.conditions import DUCKDB, SPARK
from displacement.identity.bulk.model import evidence_sql, of_register, settings
from displacement.identity.levels import COMPARISONS

#: What Spark itself knows, and the two that Splink's jar brings.
FUNCTIONS = {"jaro_winkler", "damerau_levenshtein", "arrays_overlap", "cardinality"}


def _spark() -> Settings:
    made: Settings = SettingsCreator.from_path_or_dict(
        settings(of_register(SPARK, 50_000_000), is_by_keys=True)
    ).get_settings("spark")
    return made


def test_the_levels_are_sql_that_spark_reads() -> None:
    made = _spark()
    assert [comparison.output_column_name for comparison in made.comparisons] == [c.name for c in COMPARISONS]
    unknown = set()
    for comparison in made.comparisons:
        for level in comparison.comparison_levels:
            tree = sqlglot.parse_one(
                f"SELECT CASE WHEN {level.sql_condition} THEN 1 END"
                if "ELSE" not in level.sql_condition
                else "SELECT 1",
                read="spark",
            )
            unknown |= {call.name for call in tree.find_all(expressions.Anonymous)}
    assert unknown <= FUNCTIONS


def test_every_level_has_its_weight_and_candidates_share_a_key() -> None:
    made = _spark()
    for comparison in made.comparisons:
        for level in comparison.comparison_levels:
            assert level.is_null_level or (level.m_probability and level.u_probability), comparison
    (rule,) = made._blocking_rules_to_generate_predictions
    assert rule.as_dict()["arrays_to_explode"] == ["keys"]  # type: ignore[no-untyped-call]
    assert "explode(" in rule.create_blocking_input_sql("people", [rule._input_column("unique_id")])


def test_the_whole_prediction_can_be_written_for_spark() -> None:
    made = _spark()
    for part in predict_from_comparison_vectors_sqls_using_settings(made, threshold_match_weight=0):
        assert sqlglot.transpile(part["sql"], read="spark", write="spark")
    evidence = evidence_sql(of_register(SPARK, 50_000_000))
    assert sqlglot.transpile(f"SELECT {evidence} FROM predicted", read="duckdb", write="spark")


def test_only_names_of_functions_differ_between_the_engines() -> None:
    """So that what the tests of DuckDB show holds for Spark."""
    for spark, duckdb in zip(
        of_register(SPARK, 9).comparisons, of_register(DUCKDB, 9).comparisons, strict=True
    ):
        for there, here in zip(spark.levels, duckdb.levels, strict=True):
            renamed = here.sql.replace(DUCKDB.similarity, SPARK.similarity).replace(
                DUCKDB.overlap, SPARK.overlap
            )
            assert there == here._replace(sql=renamed)
