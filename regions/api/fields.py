"""Regions in addresses and bodies: by any code or name, in either alphabet."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError as Refusal
from django.db.models import QuerySet
from rest_framework import serializers

from core.api.fields import LookupField
from core.prepared import Columns, Prepared
from regions.models import Region
from regions.models.region import AmbiguousRegion

_COLUMNS = Columns(Region)
_BY_CODE = Prepared(lambda text: Region.objects.coded(text).values_list(*_COLUMNS.lookups)[:2], text=str)


class RegionField(LookupField):
    """A region by code or name. An unclear name is refused with the regions that it may mean."""

    def look_up(self, text: str) -> Region:
        """The region: one query for a code, as systems send it; up to three for a name. Raises ValidationError."""
        coded = _BY_CODE.rows(text=text.strip())
        if len(coded) == 1:
            region: Region = _COLUMNS.made(coded[0])
            return region
        try:
            return Region.objects.find(text)
        except AmbiguousRegion as error:
            raise serializers.ValidationError(error.message, code="ambiguous_region") from error
        except Refusal as error:
            raise serializers.ValidationError(error.messages, code=error.code or "unknown_region") from error


class RegionFormField(forms.CharField):
    """The form's side of RegionFilter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> Region | None:
        """The region, or None where none was asked for."""
        text = super().clean(value)
        return Region.objects.find(text) if text else None


class RegionFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package carries no types
    """Records in a region and all below it. Give any code or name; several lookups mean "in either of them"."""

    field_class = RegionFormField

    def filter(self, queryset: QuerySet[Any, Any], value: Region | None) -> QuerySet[Any, Any]:
        """The queryset narrowed. One query for the regions: with their ids at hand PostgreSQL knows how many rows to expect."""
        if value is None:
            return queryset
        inside = list(Region.objects.below(value).values_list("pk", flat=True))
        return queryset.filter(**{f"{self.field_name}__in": inside})
