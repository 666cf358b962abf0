"""Candidate pairs in, probabilities out: Splink writes the SQL, the engine runs it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import log2

from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from displacement.identity.bulk.candidates import CANDIDATES
from displacement.identity.bulk.frequencies import frequencies_of
from displacement.identity.bulk.model import Model, evidence_sql, settings
from displacement.identity.bulk.workspace import HELD, PEOPLE, Connection
from displacement.identity.compare import Frequencies, probability

SCORED = "scored"
#: Relatives, who are no pair whatever agrees, lie below this.
_RULED_OUT = -80.0
_CHUNK = 10_000


def score(
    connection: Connection, model: Model, *, bits: float, frequencies: Frequencies | None = None
) -> None:
    """Make the table `scored` (l, r, bits) of the candidates among `people` that reach so many bits of evidence.

    `frequencies` are those of the register of which they are a part, where they are. Splink's `predict` adds up the evidence
    of the registered candidates, with common names counting for less.
    """
    engine = DuckDBAPI(connection)
    with _quiet():
        linker = Linker(engine.register(PEOPLE), settings(model), log_level=None, validate_settings=False)
        for comparison in model.comparisons:
            if any(level.is_adjusted for level in comparison.levels):
                table = frequencies_of(connection, PEOPLE, comparison, frequencies)
                linker.table_management.register_term_frequency_lookup(
                    engine.register(table), comparison.name
                )
        linker.table_management.register_blocked_pairs_for_predict(engine.register(CANDIDATES))
        found = linker.inference.predict(threshold_match_weight=bits, warning_mode="never")
        connection.execute(
            f"CREATE OR REPLACE TABLE {SCORED} AS SELECT l, r, bits FROM (SELECT unique_id_l AS l, unique_id_r AS r,"
            f" {evidence_sql(model)} AS bits FROM {found.physical_name}) WHERE bits >= {bits}"
        )
        found.drop_table_from_database_and_remove_from_cache()


def found(connection: Connection) -> Iterator[tuple[int, int, float]]:
    """The scored pairs with their evidence in bits, the most likely first, a thousand at a time."""
    cursor = connection.execute(f"SELECT l, r, bits FROM {SCORED} ORDER BY bits DESC, l, r")
    while rows := cursor.fetchmany(_CHUNK):
        yield from rows


def bits_of(threshold: float) -> float:
    """A probability as odds in bits; 0 keeps whatever is not ruled out, and nothing reaches 1."""
    if threshold <= 0:
        return _RULED_OUT
    return log2(threshold / (1 - threshold)) if threshold < 1 else -_RULED_OUT


def found_ids(connection: Connection) -> Iterator[tuple[str, str, float]]:
    """The scored pairs by the ids of people, with their probability, the most likely first."""
    rows = connection.execute(
        f"SELECT a.id, b.id, bits FROM {SCORED} JOIN {HELD} a ON a.unique_id = l JOIN {HELD} b ON b.unique_id = r"
        " ORDER BY bits DESC, a.id, b.id"
    )
    while chunk := rows.fetchmany(_CHUNK):
        for one, other, bits in chunk:
            yield one, other, probability(bits)


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink says what it does at length; nobody reads it here."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
