"""Questions to the database that Django does not know."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Lookup = models.Lookup[str]
else:
    Lookup = models.Lookup


class Begins(Lookup):
    """`begins`: as `startswith`, byte by byte, with operators that PostgreSQL calls leakproof.

    Behind row-level security an index serves these alone: LIKE could tell of rows that are not shown, by its errors, and is
    asked of each row that is. It takes an index with text_pattern_ops.
    """

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Between the word and the next one that does not begin with it."""
        column, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)
        after = word[:-1] + chr(ord(word[-1]) + 1)
        return f"({column} ~>=~ %s AND {column} ~<~ %s)", (*params, word, *params, after)
