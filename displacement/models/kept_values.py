"""Values of a record's columns beside the record: those of sealed columns stay sealed, bound to the row in which they stood."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core.encryption import Place, decrypt, encrypt
from core.sealed import SealedField
from displacement.identity.takeable import Values


class _Closed(dict[str, Any]):
    """Values as the database has them."""


class _Opening(DeferredAttribute):
    """Opens what is sealed among the values when they are first asked for."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, _Closed):
            value = instance.__dict__[self.field.attname] = translated(instance, value, decrypt)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class KeptValues(models.JSONField):
    """The text of each column of one row, by its name; the model names the row in `model` and `row`."""

    descriptor_class = _Opening

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Not opened yet: only the entry knows of which row they are."""
        values = super().from_db_value(value, expression, connection)
        return _Closed(values) if isinstance(values, dict) else values

    def pre_save(self, instance: Any, add: bool) -> Any:
        """With what is sealed in the row sealed here, too."""
        return translated(instance, getattr(instance, self.attname), encrypt)


def translated(entry: Any, values: Values, change: Callable[[str, Place], str]) -> Values:
    """The values with those of sealed columns changed, each at its place in the entry's row."""
    sealed, table = sealed_columns(entry), apps.get_model(entry.model)._meta.db_table
    return {
        column: change(value, Place(table, entry.row, column)) if value and column in sealed else value
        for column, value in values.items()
    }


def sealed_columns(entry: Any) -> set[str]:
    """The sealed columns of the entry's kind of record."""
    fields = apps.get_model(entry.model)._meta.concrete_fields
    return {str(field.column) for field in fields if isinstance(field, SealedField)}
