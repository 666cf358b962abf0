"""Columns that hold ciphertext and are plain in Python: sealed where they are saved, opened where they are read.

A value is bound to the table, the row and the column (core.encryption), so that a model with a sealed column has its key before
it is saved. A row that is read costs nothing until somebody asks for the value. What is sealed is neither searched for nor
set by statements over many rows: a search goes by a blind index in a column of its own, and every row is saved by itself or
with `bulk_create`.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core.encryption import Place, decrypt, encrypt
from core.veils import Veiled, VeiledField, no_mask, unveiled

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
else:
    _CharField = models.CharField


class Sealed(str):
    """A value as the database has it, not opened."""

    __slots__ = ()


def is_opened(instance: models.Model, name: str) -> bool:
    """Whether somebody read or set the value of a sealed column; else it is what the database has."""
    return name in instance.__dict__ and not isinstance(instance.__dict__[name], Sealed)


class _Opening(DeferredAttribute):
    """Opens the value when it is first asked for; what is veiled stays sealed."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            value = self.field.opened(value, instance.pk)
            if not isinstance(value, Veiled):
                instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(VeiledField):
    """What the sealed columns have in common. A blank is stored as a blank: that nothing is known is no secret."""

    descriptor_class = _Opening

    def get_internal_type(self) -> str:
        """A ciphertext is longer than what it hides."""
        return "TextField"

    def place_of(self, key: Any) -> Place:
        """Where the value of the row with this primary key lies."""
        text = ":".join(map(str, key)) if isinstance(key, tuple) else key
        return Place(self.model._meta.db_table, text, str(self.column))

    def written(self, value: Any) -> str:
        """The value as text; a blank one as a blank."""
        return str(value or "")

    def read(self, text: str) -> Any:
        """The value from its text."""
        return text

    def opened(self, stored: Any, key: Any) -> Any:
        """The plain value of the row with this primary key, also for rows of `.values()`, veiled where it is now.

        Raises UnreadableError, of what is veiled when it is written.
        """
        if not isinstance(stored, Sealed):
            return stored
        mask = self.mask_worn()
        if mask is not None:
            return Veiled(lambda: self.read(decrypt(stored, self.place_of(key))), mask)
        return self.read(decrypt(stored, self.place_of(key)))

    def from_db_value(self, value: str | None, *_args: Any) -> Any:
        """Not opened yet: only the row knows its key."""
        return Sealed(value) if value else self.read("")

    def pre_save(self, instance: Any, add: bool) -> Any:
        """The value as it is stored: sealed for the row, and as it was where nobody asked for it."""
        value = instance.__dict__[self.attname]
        if isinstance(value, Sealed):
            return value
        text = self.written(unveiled(value))
        return Sealed(encrypt(text, self.place_of(instance.pk))) if text else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """Whether it is blank can be asked, and nothing of what is in it."""
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "isnull") else None

    def get_prep_value(self, value: Any) -> Any:
        """Only what is sealed, or blank, goes to the database. Raises TypeError: it would be stored or asked for in clear."""
        value = unveiled(value)
        if hasattr(value, "resolve_expression") or isinstance(value, Sealed):
            return value
        if self.written(value):
            raise TypeError(f"{self.name} is sealed: save the row itself, and search by its blind index.")
        return ""


class SealedCharField(SealedField, _CharField):
    """A short text that the database keeps and cannot read; `max_length` is that of the plain text."""

    def written(self, value: Any) -> str:
        """The text. Raises TypeError for a mask, which would take its place."""
        return str(no_mask(super().written(value)))


class SealedJSONField(SealedField):
    """An object or a list of JSON that the database keeps and cannot read; an empty one is blank, and read as an object."""

    is_veiling = False

    def written(self, value: Any) -> str:
        """In one line."""
        return json.dumps(value, ensure_ascii=False) if value else ""

    def read(self, text: str) -> Any:
        """The object."""
        return json.loads(text) if text else {}
