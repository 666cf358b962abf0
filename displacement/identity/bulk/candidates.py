"""Which pairs are compared at all: those that share a key that not too many share."""

from displacement.identity.bulk.workspace import HELD, Connection, number

#: A key that more people share tells nothing, and would pair each of them with all the others.
MOST_SHARING = 100
CANDIDATES = "candidates"


def find_candidates(
    connection: Connection, *, first_right: int | None = None, is_across: bool = False
) -> int:
    """Make the table `candidates` of all pairs that share a key; how many there are. The smaller number stands on the left.

    With `first_right`, pairs are only those of which one has a smaller number than that; with `is_across` the other has not.
    """
    left = "" if first_right is None else f"AND l.unique_id < {first_right}"
    right = f"AND r.unique_id >= {first_right}" if is_across else ""
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {CANDIDATES} AS
        WITH each AS (SELECT unique_id, unnest(keys) AS key FROM {HELD}),
        telling AS (SELECT key FROM each GROUP BY key HAVING count(*) BETWEEN 2 AND {MOST_SHARING}),
        holding AS (SELECT unique_id, key FROM each SEMI JOIN telling USING (key))
        SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
        FROM holding l JOIN holding r ON l.key = r.key AND l.unique_id < r.unique_id {left} {right}
        """
    )
    return number(connection, f"SELECT count(*) FROM {CANDIDATES}")
