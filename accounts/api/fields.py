"""References in input: to organisations, and to records that the user may see."""

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation, User
from core.api.fields import LookupField
from core.api.views import ONES
from core.prepared import Columns


class OrganisationField(LookupField):
    """An organisation by its short name; needed only by somebody who works for several."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, required=False, **options)

    def look_up(self, text: str) -> Organisation:
        """The organisation. Raises ValidationError for a name that nobody has."""
        found = Organisation.objects.filter(short_name__iexact=text).first()
        if found is None:
            words = _(
                "No organisation has this short name. Leave it out, or use the short name that you see."
            )
            raise serializers.ValidationError(words, code="unknown_organisation")
        return found


_columns = cache(Columns)


class ReferenceField(serializers.UUIDField):
    """A record by its id. One that is absent and one that the user may not see are refused in the same words."""

    def __init__(
        self,
        model: type[models.Model],
        *,
        hangs_on: Callable[[User], Hashable] | None = None,
        **options: Any,
    ) -> None:
        """`hangs_on`: all by which the records that somebody sees differ besides by the user's scopes; None: by more."""
        self.model, self._hangs_on = model, hangs_on
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        """The record: one query, none where those of all items were read together."""
        key = super().to_internal_value(data)
        known, user = self.context.get("known"), self.context["request"].user
        found = self._found(user, key) if known is None else known.find(self.model, key)
        if found is None:
            words = _("No record with this id is open to you. Look the id up in the list.")
            raise serializers.ValidationError(words, code="not_found")
        return found

    def _found(self, user: User, key: UUID) -> Any:
        if self._hangs_on is None:
            return self.visible_to(user).filter(pk=key).first()
        columns = _columns(self.model)

        def one(pk: UUID) -> Any:
            return self.visible_to(user).filter(pk=pk).order_by().values_list(*columns.lookups)[:1]

        told = ("reference", self.model, user.scopes() if user.is_active else (), self._hangs_on(user))
        rows = ONES.known(told, one, pk=UUID).rows(pk=key)
        return columns.made(rows[0]) if rows else None

    def visible_to(self, user: User) -> Any:
        """The records that the user may see."""
        records = cast("Any", self.model)._default_manager
        return records.visible_to(user) if hasattr(records, "visible_to") else records.all()
