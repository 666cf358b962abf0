"""References in input: to organisations, and to records that the user may see."""

from typing import Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation, User
from core.api.fields import LookupField


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


class ReferenceField(serializers.UUIDField):
    """A record by its id. One that is absent and one that the user may not see are refused in the same words."""

    def __init__(self, model: type[models.Model], **options: Any) -> None:
        self.model = model
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        """The record: one query, none where those of all items were read together."""
        key = super().to_internal_value(data)
        known = self.context.get("known")
        if known is not None:
            found = known.find(self.model, key)
        else:
            found = self.visible_to(self.context["request"].user).filter(pk=key).first()
        if found is None:
            words = _("No record with this id is open to you. Look the id up in the list.")
            raise serializers.ValidationError(words, code="not_found")
        return found

    def visible_to(self, user: User) -> Any:
        """The records that the user may see."""
        records = cast("Any", self.model)._default_manager
        return records.visible_to(user) if hasattr(records, "visible_to") else records.all()
