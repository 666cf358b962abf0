"""Columns that PostgreSQL shows by a function alone, which decides from row to row and for whoever asks.

Requests may not read such a column (config/row_security.py takes the right away): what a query selects is what the function
says of the row, and null is what it does not tell. So a whole row that was read without it cannot be saved back over the value.
A question about the column itself, such as a filter or a join along it, is refused by the server.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import Col

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
    _ForeignKey = models.ForeignKey[Any, Any]
else:
    _CharField, _ForeignKey = models.CharField, models.ForeignKey


def _by_function(field: Any, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
    """The function in the place of the bare column. What else is made of the column is the server's to refuse."""
    quote = compiler.quote_name_unless_alias
    table, _dot, column = sql.rpartition(".")
    if column != quote(field.column):
        return sql, params
    return f"{field.function}({table}.{quote(field.model._meta.pk.column)})", params


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
        """The function in the place of the bare column."""
        return _by_function(self, compiler, sql, params)


class _ToldCol(Col):
    """The column of a key, which Django would select as the type of what it leads to."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """The function in the place of the bare column."""
        return _by_function(self.target, compiler, sql, params)


class ToldForeignKey(_ForeignKey):
    """A key that is read through `function(primary key)` and written as any other. It is never joined along in a request.

    Null is what it does not tell, and a key may be null: let a trigger keep whoever is not told from writing it.
    """

    def __init__(self, *args: Any, function: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.function = function

    def deconstruct(self) -> Any:
        """To migrations it is a plain key: they work as whoever owns it."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, options

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        """The column as a query names it."""
        column = super().get_col(alias, output_field)
        return _ToldCol(alias, self, column.output_field)


#: Columns of either kind.
TOLD = (ToldCharField, ToldForeignKey)
