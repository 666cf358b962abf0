"""What many items of one request name, read at once: records, regions, organisations, and how far the user reaches."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.api.fields import ReferenceField
from accounts.models import User
from accounts.visibility import within_reach
from core.api.serializers import InputSerializer, Row

#: The order in which records are locked, as the actions have it: a house before who goes into it.
_LOCKED = ("shelter", "household", "person")


class Known:
    """Records that items refer to: one query for each kind, and one to lock them, in one order for everybody.

    Locked before the first item is looked at, so that two requests with the same people in another order do not wait for each
    other in a circle.
    """

    def __init__(self, user: User, shape: InputSerializer, items: Iterable[Any]) -> None:
        self._user = user
        self._records: dict[type[models.Model], dict[UUID, models.Model]] = {}
        self._said: dict[Hashable, Any] = {}
        rows = [item for item in items if isinstance(item, dict)]
        names = [name for name, field in shape.fields.items() if isinstance(field, ReferenceField)]
        for name in sorted(names, key=lambda name: _LOCKED.index(name) if name in _LOCKED else 0):
            self._read(cast("ReferenceField", shape.fields[name]), name, rows)

    def find(self, model: type[models.Model], key: UUID) -> models.Model | None:
        """The record, where the user may see it. No query."""
        return self._records.get(model, {}).get(key)

    def said(self, question: Hashable, answer: Callable[[], Any]) -> Any:
        """The answer to a question that was asked before, or now. An answer that raises is asked for again."""
        if question not in self._said:
            self._said[question] = answer()
        return self._said[question]

    def require_reach(self, record: models.Model, resource: str, action: str, **lookups: str) -> None:
        """As accounts.acting.require_reach, with one query for all records of a kind."""
        kind = type(record)

        def reached() -> set[Any]:
            bound = within_reach(self._user, resource, action, **lookups)
            found = kind._default_manager.filter(bound, pk__in=list(self._records[kind]))
            return set(found.values_list("pk", flat=True))

        if record.pk not in self.said((kind, resource, action), reached):
            raise PermissionDenied

    def _read(self, field: ReferenceField, name: str, rows: list[Row]) -> None:
        keys = {key for row in rows if (key := _key(row.get(name))) is not None}
        visible = field.visible_to(self._user)
        records = {record.pk: record for record in visible.filter(pk__in=keys)} if keys else {}
        self._records.setdefault(field.model, {}).update(records)
        locked = field.model._base_manager.select_for_update(no_key=True).order_by("pk")
        list(locked.filter(pk__in=list(records)).values_list("pk") if records else ())


def _key(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
