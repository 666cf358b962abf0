"""Columns that PostgreSQL shows by a function alone, which decides from row to row and for whoever asks.

Requests may not read such a column (config/row_security.py takes the right away): what a query selects is what the function
says of the row, and null is what it does not tell. So a whole row that was read without it cannot be saved back over the value.
A question about the column itself, such as a filter, is refused by the server.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
else:
    _CharField = models.CharField


class ToldCharField(_CharField):
    """Text that is read through `function(primary key)` and written as any other."""

    def __init__(self, *args: Any, function: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.function = function

    def deconstruct(self) -> Any:
        """To migrations it is a plain column: they work as whoever owns it."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """The function in the place of the bare column. What else is made of the column is the server's to refuse."""
        quote = compiler.quote_name_unless_alias
        table, _dot, column = sql.rpartition(".")
        if column != quote(self.column):
            return sql, params
        return f"{self.function}({table}.{quote(self.model._meta.pk.column)})", params
