"""Which rows of lists are compared: those that agree, or nearly, in two things. Lists bring fewer fields than the register,
with other errors, so their keys are wider than the register's; small lists are compared row by row."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from displacement.identity.bulk.candidates import CANDIDATES
from displacement.identity.bulk.workspace import Connection, number

#: So many pairs are compared without asking for a key.
ALL_PAIRS = 250_000
#: Pairs that one key may make; a key that makes more tells little.
MOST_PAIRS = 10_000
#: Letters with which a name begins, for names that are spelt differently further on.
_BEGINNING = 3


def find_candidates(connection: Connection, *, people: str, texts: Iterable[str], across: int | None) -> int:
    """Make the table `candidates` of the pairs among `people`; how many.

    `across` is the number of the first row of the right list, None within one list. `keys` (unique_id, key) holds the keys
    that the register would give, and is added to.
    """
    count = f"(SELECT count(*) FROM {people} WHERE unique_id"
    all_pairs = (
        f"{count} < {across}) * {count} >= {across})" if across is not None else f"{count} >= 0) ^ 2 / 2"
    )
    if number(connection, f"SELECT {all_pairs}") <= ALL_PAIRS:
        _pair_all(connection, people, across)
    else:
        for sql in _keys(people, tuple(texts)):
            connection.execute(f"INSERT INTO keys SELECT unique_id, CAST(k >> 1 AS BIGINT) FROM ({sql})")
        _pair_by_keys(connection, across)
    return number(connection, f"SELECT count(*) FROM {CANDIDATES}")


def _where(across: int | None) -> str:
    if across is None:
        return "l.unique_id < r.unique_id"
    return f"l.unique_id < {across} AND r.unique_id >= {across}"


def _pair_all(connection: Connection, people: str, across: int | None) -> None:
    connection.execute(
        f"CREATE OR REPLACE TABLE {CANDIDATES} AS SELECT '0' AS match_key, l.unique_id AS join_key_l,"
        f" r.unique_id AS join_key_r FROM {people} l JOIN {people} r ON {_where(across)}"
    )


def _pair_by_keys(connection: Connection, across: int | None) -> None:
    left = f"count(*) FILTER (unique_id < {across})" if across is not None else "count(*)"
    right = f"count(*) FILTER (unique_id >= {across})" if across is not None else "(count(*) - 1) / 2"
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {CANDIDATES} AS
        WITH distinct_keys AS (SELECT DISTINCT unique_id, key FROM keys),
        telling AS (SELECT key FROM distinct_keys GROUP BY key HAVING {left} * {right} BETWEEN 1 AND {MOST_PAIRS}),
        holding AS (SELECT unique_id, key FROM distinct_keys SEMI JOIN telling USING (key))
        SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
        FROM holding l JOIN holding r ON l.key = r.key AND {_where(across)}
        """
    )


def _keys(people: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Queries of (unique_id, k), each one way in which two rows may nearly agree."""
    born = f"(SELECT *, year || replace(month_day, '-', '') AS born FROM {people} WHERE year > 0 AND month_day <> '')"
    yield f"SELECT unique_id, hash('b', born) AS k FROM {born}"
    for name in ("family_loose", "given_loose"):
        for other in ("family_loose", "given_loose"):
            if name != other:
                yield from _names(people, name, other)
        # The name may stand in the wrong field, so that keys do not say which it is.
        yield _masked(born, name)
        sorted_digits = "list_sort(string_split(born, ''))"
        yield f"SELECT unique_id, hash('s', {name}, {sorted_digits}) AS k FROM {born} WHERE {name} <> ''"
        yield f"SELECT unique_id, hash('y', {name}, year) AS k FROM {people} WHERE {name} <> '' AND year > 0"
        yield f"SELECT unique_id, hash('m', {name}, month_day) AS k FROM {people} WHERE {name} <> '' AND month_day <> ''"
    things = ("family_loose", "given_loose", "patronymic", "phone", "place", *texts)
    for x, y in combinations(things, 2):
        yield f"SELECT unique_id, hash('{x}', '{y}', {x}, {y}) AS k FROM {people} WHERE {x} <> '' AND {y} <> ''"


def _names(people: str, name: str, other: str) -> Iterator[str]:
    """Both names, one of them with a letter left out: two spellings one slip apart share one; and one name's beginning."""
    yield (
        f"SELECT unique_id, hash('n', least(short, {other}), greatest(short, {other})) AS k FROM ("
        f" SELECT unique_id, {other}, unnest(list_append(list_transform(range(1, length({name}) + 1),"
        f" lambda i: substr({name}, 1, i - 1) || substr({name}, i + 1)), {name})) AS short"
        f" FROM {people} WHERE {name} <> '' AND {other} <> '')"
    )
    yield (
        f"SELECT unique_id, hash('l', {name}, substr({other}, 1, {_BEGINNING})) AS k FROM {people}"
        f" WHERE {name} <> '' AND {other} <> ''"
    )


def _masked(born: str, name: str) -> str:
    """A name's beginning with the birth date less one digit: one slip in the date leaves one of eight as it was."""
    return (
        f"SELECT unique_id, hash('d', beginning, i, substr(born, 1, i - 1) || substr(born, i + 1)) AS k FROM ("
        f" SELECT unique_id, born, substr({name}, 1, {_BEGINNING}) AS beginning, unnest(range(1, 9)) AS i"
        f" FROM {born} WHERE {name} <> '')"
    )
