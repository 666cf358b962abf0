"""Which pairs are compared at all: those that share a key that not too many share."""

from displacement.identity.bulk.workspace import Connection

#: A key that more people share tells nothing, and would pair each of them with all the others.
MOST_SHARING = 100
CANDIDATES = "candidates"


def sharing_keys(connection: Connection, keys: str, *, which: str = "", most: int = MOST_SHARING) -> None:
    """Make the table `candidates` (join_key_l, join_key_r) of all pairs that share a key of `keys` (unique_id, key).

    `which` narrows the pairs by a condition on l.unique_id and r.unique_id. The smaller number stands on the left.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {CANDIDATES} AS
        WITH telling AS (SELECT key FROM {keys} GROUP BY key HAVING count(*) BETWEEN 2 AND {most}),
        holding AS (SELECT unique_id, key FROM {keys} SEMI JOIN telling USING (key))
        SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
        FROM holding l JOIN holding r ON l.key = r.key AND l.unique_id < r.unique_id {which and f"AND ({which})"}
        """
    )
