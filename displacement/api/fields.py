"""Sources in input, by name."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.fields import LookupField
from displacement.models import Source


class SourceField(LookupField):
    """A source of numbers or of news about victims, by its name as the list of sources has it."""

    def look_up(self, text: str) -> Source:
        """The source: one query. Raises ValidationError."""
        found = Source.objects.filter(name__iexact=text).first()
        if found is None:
            words = _(
                "No source has this name. Look it up in the list of sources, or ask a publisher to add it."
            )
            raise serializers.ValidationError(words, code="unknown_source")
        return found
