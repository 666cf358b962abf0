"""Sources in input, by name or id."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.fields import TextField
from displacement.models import Source


class SourceField(TextField):
    """A source of numbers or of news about victims, by its name or its id."""

    def to_internal_value(self, data: Any) -> Any:
        """The source: one query. Raises ValidationError."""
        if isinstance(data, int) and not isinstance(data, bool):
            found = Source.objects.filter(pk=data).first() if 0 < data < 2**63 else None
        else:
            found = Source.objects.filter(name__iexact=super().to_internal_value(data)).first()
        if found is None:
            words = _(
                "No source has this name. Look it up in the list of sources, or ask a publisher to add it."
            )
            raise serializers.ValidationError(words, code="unknown_source")
        return found
