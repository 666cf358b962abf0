"""The levels of displacement.identity.levels as conditions of SQL, for runs over many pairs; a test holds the two together.

Columns are those of displacement.identity.features tables: `family_l` is the left side's strict key, "" where it is not known.
Conditions are read from the top, the first that holds is the level, and the last one needs none.
"""

import re
from typing import NamedTuple

from displacement.identity.levels import (
    ANOTHER_GIVEN,
    AROUND_ESTIMATED,
    AROUND_YEAR,
    CLOSE_FAMILY,
    ENDING,
    GENERATION,
    NEAR_FAMILY,
    NEAR_GIVEN,
    NEAR_PATRONYMIC,
    SLIPS_OF_YEARS,
    SWAPPED,
    SWAPPED_WITH_SLIP,
)


class Dialect(NamedTuple):
    """How an engine calls what we need of it: Splink's name of the backend, similarity, distance, shared elements, and the
    place of a text in another.
    """

    name: str
    similarity: str
    distance: str
    overlap: str
    position: str = "instr"


DUCKDB = Dialect("duckdb", "jaro_winkler_similarity", "damerau_levenshtein", "list_has_any")
#: Similarity and distance come with Splink's jar, the others with Spark.
SPARK = Dialect("spark", "jaro_winkler", "damerau_levenshtein", "arrays_overlap")


class Condition(NamedTuple):
    """When a level is reached; an empty text holds for whatever is left."""

    level: str
    sql: str


class Ladder(NamedTuple):
    """One comparison: when nothing can be said, and the levels in the order in which they are tried."""

    comparison: str
    unknown: str
    conditions: tuple[Condition, ...]


#: The level of a comparison that says: relatives, however much else agrees. Not in the weights.
RELATIVES = frozenset({("given", "another"), ("birth", "generation")})


def ladders(dialect: Dialect, *, swapped: float = SWAPPED) -> tuple[Ladder, ...]:
    """Every comparison of people, in the order of levels.COMPARISONS; `swapped` is how alike swapped names have to be."""
    return (
        _family(dialect, swapped),
        _given(dialect, swapped),
        _patronymic(dialect),
        _birth(dialect),
        *(sameness(name) for name in ("sex", "place", "phone")),
        _document(dialect),
    )


def _ladder(comparison: str, unknown: str, *conditions: tuple[str, str]) -> Ladder:
    return Ladder(comparison, unknown, tuple(Condition(level, sql) for level, sql in conditions))


def either_blank(column: str) -> str:
    """That one side is not known."""
    return f"({column}_l = '' or {column}_r = '')"


def _alike(dialect: Dialect, x: str, y: str, at_least: float) -> str:
    return f"{dialect.similarity}({x}, {y}) >= {at_least}"


def _one_word(dialect: Dialect, x: str, y: str, at_least: float) -> str:
    """That a family name and a given name, both known, are one word but for the ending."""
    x, y = (f"regexp_replace({name}, '{ENDING}', '')" for name in (x, y))
    return (
        f"({x} <> '' and {y} <> '' and abs(length({x}) - length({y})) <= 1"
        f" and {_alike(dialect, x, y, at_least)})"
    )


def _swapped(dialect: Dialect, at_least: float) -> str:
    ways = ("family_l", "given_r"), ("family_r", "given_l")
    one = " or ".join(_one_word(dialect, *way, at_least) for way in ways)
    like = " and ".join(
        f"{x} <> '' and {y} <> '' and {_alike(dialect, x, y, min(at_least, SWAPPED_WITH_SLIP))}"
        for x, y in ways
    )
    return f"(family_l <> family_r and ({one}) and {like})"


def _misplaced(dialect: Dialect) -> str:
    """The only name of one side in the other side's other field, four ways."""
    ways = []
    for lone, other in (("l", "r"), ("r", "l")):
        for blank, known in (("family", "given"), ("given", "family")):
            ways.append(
                f"({blank}_{lone} = '' and {known}_{lone} <> {known}_{other}"
                f" and {_one_word(dialect, f'{known}_{lone}', f'{blank}_{other}', SWAPPED)})"
            )
    return f"({' or '.join(ways)})"


def _family(dialect: Dialect, swapped: float) -> Ladder:
    return _ladder(
        "family",
        f"{either_blank('family')} and not {_misplaced(dialect)}",
        ("misplaced", f"{either_blank('family')} or ({either_blank('given')} and {_misplaced(dialect)})"),
        ("exact", "family_l = family_r"),
        ("loose", "family_loose_l = family_loose_r"),
        ("swapped", _swapped(dialect, swapped)),
        ("near", _alike(dialect, "family_l", "family_r", NEAR_FAMILY)),
        ("close", _alike(dialect, "family_l", "family_r", CLOSE_FAMILY)),
        ("different", ""),
    )


_SEX_ANOTHER = "(sex_l <> '' and sex_r <> '' and sex_l <> sex_r)"


def _given(dialect: Dialect, swapped: float) -> Ladder:
    is_initial = "(length(given_l) = 1 or length(given_r) = 1)"
    aliases = f"{dialect.overlap}(aliases_l, aliases_r)"
    fits = (
        f"case when length(given_l) = 1 then {dialect.position}(initials_r, given_l) > 0"
        f" else {dialect.position}(initials_l, given_r) > 0 end"
    )
    have_aliases = "(cardinality(aliases_l) > 0 and cardinality(aliases_r) > 0)"
    return _ladder(
        "given",
        f"{either_blank('given')} or ({either_blank('family')} and {_misplaced(dialect)})"
        f" or (family_loose_l <> family_loose_r and {_swapped(dialect, swapped)})",
        ("initial", f"{is_initial} and {fits} and not {_SEX_ANOTHER}"),
        ("exact", f"not {is_initial} and given_l = given_r"),
        (
            "alias",
            f"not {is_initial} and case when {have_aliases} then {aliases} else given_loose_l = given_loose_r end",
        ),
        (
            "near",
            f"not {is_initial} and not {have_aliases} and {_alike(dialect, 'given_l', 'given_r', NEAR_GIVEN)}",
        ),
        (
            "unlike",
            f"not {is_initial} and not {have_aliases} and not {_SEX_ANOTHER}"
            f" and {_alike(dialect, 'given_l', 'given_r', ANOTHER_GIVEN)}",
        ),
        ("another", ""),
    )


def _patronymic(dialect: Dialect) -> Ladder:
    is_initial = "(length(patronymic_l) = 1 or length(patronymic_r) = 1)"
    return _ladder(
        "patronymic",
        either_blank("patronymic"),
        ("initial", f"{is_initial} and substr(patronymic_l, 1, 1) = substr(patronymic_r, 1, 1)"),
        ("exact", "patronymic_l = patronymic_r"),
        (
            "near",
            f"not {is_initial} and {_alike(dialect, 'patronymic_l', 'patronymic_r', NEAR_PATRONYMIC)}",
        ),
        ("different", ""),
    )


def _birth(dialect: Dialect) -> Ladder:
    have_days = "(month_day_l <> '' and month_day_r <> '')"
    same, apart = "year_l = year_r", "abs(year_l - year_r)"
    slips = ", ".join(str(years) for years in sorted(SLIPS_OF_YEARS))
    digit = f"{dialect.distance}(cast(year_l as varchar), cast(year_r as varchar)) = 1"
    both_exact = "(is_year_exact_l and is_year_exact_r)"
    around = f"case when {both_exact} then {apart} <= {AROUND_YEAR} else {apart} <= {AROUND_ESTIMATED} end"
    parts = (
        "(substr(month_day_l, 1, 2) = substr(month_day_r, 1, 2)"
        " or substr(month_day_l, 4, 2) = substr(month_day_r, 4, 2))"
    )
    turned = (
        "substr(month_day_l, 1, 2) = substr(month_day_r, 4, 2)"
        " and substr(month_day_l, 4, 2) = substr(month_day_r, 1, 2)"
    )
    return _ladder(
        "birth",
        "(year_l is null or year_r is null)",
        ("exact", f"{have_days} and {same} and month_day_l = month_day_r"),
        ("swapped", f"{have_days} and {same} and {turned}"),
        ("part", f"{have_days} and {same} and {parts}"),
        ("near_year", f"{have_days} and month_day_l = month_day_r and ({apart} in ({slips}) or {digit})"),
        ("year", f"not {have_days} and {both_exact} and {same}"),
        ("same_year", f"{have_days} and {same}"),
        ("around", f"not {have_days} and {around}"),
        ("generation", f"{apart} >= {GENERATION}"),
        ("different", ""),
    )


def _document(dialect: Dialect) -> Ladder:
    unknown = "(cardinality(documents_l) = 0 or cardinality(documents_r) = 0)"
    return _ladder(
        "document",
        unknown,
        ("same", f"{dialect.overlap}(documents_l, documents_r)"),
        ("different", ""),
    )


def sameness(column: str) -> Ladder:
    """A comparison that knows only the same and different."""
    return _ladder(column, either_blank(column), ("same", f"{column}_l = {column}_r"), ("different", ""))


def as_case(ladder: Ladder) -> str:
    """The place of the level in the ladder as one expression, -1 where nothing can be said."""
    tried = " ".join(
        f"WHEN {condition.sql} THEN {place}" for place, condition in enumerate(ladder.conditions[:-1])
    )
    return f"CASE WHEN {ladder.unknown} THEN -1 {tried} ELSE {len(ladder.conditions) - 1} END"


def columns_of(ladder: Ladder) -> frozenset[str]:
    """The columns that the conditions of a ladder read, without their side."""
    text = " ".join((ladder.unknown, *(condition.sql for condition in ladder.conditions)))
    return frozenset(match.group(1) for match in _COLUMN.finditer(text))


_COLUMN = re.compile(r"\b(\w+)_[lr]\b")
