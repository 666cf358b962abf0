"""Words that stand nowhere but in one personal column of one record, so that seeing one tells what leaked."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from core.sealed import SealedField
from tests.authorisation.expected import Place, personal_columns, personal_tables

_SHAPE = re.compile(r"qx\d{4}xq")
#: A shorter column cannot hold one.
_SHORTEST = 8
#: What is not planted: it is shown as the name of who acted, stands in links of foreign keys, or is read as something else.
NOT_PLANTED = {
    "accounts.user.username": "trails name who acted by it",
    "accounts.user.password": "a word there would be no password",
    "accounts.clientsecret.digest": "a digest",
    "accounts.clienttoken.token_checksum": "a digest",
    "accounts.idempotencykey.key": "a digest",
    "accounts.idempotencykey.body": "a digest",
    "intake.stagedrow.fingerprint": "bytes",
    "account.emailaddress.email": "nothing writes addresses there",
    "account.emailconfirmation.key": "nor keys for them",
}


@dataclass
class Canaries:
    """What was planted: word -> (kind of record, column, place)."""

    planted: dict[str, tuple[str, str, Place]] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def plant(self, record: models.Model, place: Place) -> None:
        """A word of its own into each personal column of text."""
        resource = record._meta.label_lower
        for name in personal_columns(resource):
            column: Any = record._meta.get_field(name)
            if f"{resource}.{name}" in NOT_PLANTED or not is_text(column):
                continue
            word = self.word(resource, name, place)
            value = f"{word}@example.org" if name in ("email", "address") else word
            if isinstance(column, SealedField):
                setattr(record, name, value)
                record.save(update_fields=[name])
            else:
                type(record)._default_manager.filter(pk=record.pk).update(**{name: value})
        record.refresh_from_db()

    def word(self, resource: str, column: str, place: Place) -> str:
        """The next word, for a column that takes more than a word."""
        word = f"qx{len(self.planted):04d}xq"
        self.planted[word] = (resource, column, place)
        self.columns.add(f"{resource}.{column}")
        return word

    def found_in(self, text: str) -> set[tuple[str, str, Place]]:
        """What a text tells."""
        return {self.planted[word] for word in _SHAPE.findall(text) if word in self.planted}


def is_text(column: Any) -> bool:
    """Whether a word can be written into it."""
    if column.choices or not isinstance(column, (models.CharField, models.TextField)):
        return False
    return column.max_length is None or column.max_length >= _SHORTEST


def every_column() -> set[str]:
    """Every personal column of text."""
    return {
        f"{resource}.{name}"
        for resource in personal_tables()
        for name in personal_columns(resource)
        if is_text(apps.get_model(resource)._meta.get_field(name))
    } - NOT_PLANTED.keys()
