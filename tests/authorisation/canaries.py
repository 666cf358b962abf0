"""Words and days that stand nowhere but in one personal column of one record, so that seeing one tells what leaked."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from core.sealed import SealedField
from tests.authorisation.expected import Place, personal_columns, personal_tables

_SHAPE = re.compile(r"qx\d{4}xq")
#: A day as answers and files write it, and as pages do.
_DAYS = re.compile(r"\b(\d{4}-\d\d-\d\d)\b|\b(\d{1,2} [A-Z][a-z]{2} \d{4})\b")
#: Long ago, so that no other day of a test is one.
_FIRST_DAY = date(1921, 1, 1)
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
    "displacement.casualty.died_on": "only of whom somebody wrote down as hurt before",
    "account.emailaddress.email": "nothing writes addresses there",
    "account.emailconfirmation.key": "nor keys for them",
}


@dataclass
class Canaries:
    """What was planted: word, or day -> (kind of record, column, place)."""

    planted: dict[str, tuple[str, str, Place]] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def plant(self, record: models.Model, place: Place) -> None:
        """A word of its own into each personal column of text, a day into each of days."""
        resource = record._meta.label_lower
        for name in personal_columns(resource):
            column: Any = record._meta.get_field(name)
            if f"{resource}.{name}" in NOT_PLANTED or not _is_planted(column):
                continue
            if is_day(column):
                day = self.day(resource, name, place)
                type(record)._default_manager.filter(pk=record.pk).update(**{name: day})
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
        return self._planted(f"qx{len(self.planted):04d}xq", resource, column, place)

    def day(self, resource: str, column: str, place: Place) -> date:
        """The next day, for a column of days."""
        day = _FIRST_DAY + timedelta(days=len(self.planted))
        self._planted(day.isoformat(), resource, column, place)
        return day

    def _planted(self, word: str, resource: str, column: str, place: Place) -> str:
        self.planted[word] = (resource, column, place)
        self.columns.add(f"{resource}.{column}")
        return word

    def found_in(self, text: str) -> set[tuple[str, str, Place]]:
        """What a text tells."""
        days = {iso or _iso(shown) for iso, shown in _DAYS.findall(text)}
        return {self.planted[word] for word in {*_SHAPE.findall(text), *days} if word in self.planted}


def _iso(shown: str) -> str:
    try:
        return datetime.strptime(shown, "%d %b %Y").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def is_day(column: Any) -> bool:
    """Whether it holds a day, and no moment."""
    return isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)


def is_text(column: Any) -> bool:
    """Whether a word can be written into it."""
    if column.choices or not isinstance(column, (models.CharField, models.TextField)):
        return False
    return column.max_length is None or column.max_length >= _SHORTEST


def _is_planted(column: Any) -> bool:
    return is_text(column) or is_day(column)


def every_column() -> set[str]:
    """Every personal column of text or days."""
    return {
        f"{resource}.{name}"
        for resource in personal_tables()
        for name in personal_columns(resource)
        if _is_planted(apps.get_model(resource)._meta.get_field(name))
    } - NOT_PLANTED.keys()
