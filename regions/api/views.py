"""Regions and operations: open to whoever works here."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from core.api.filters import CodeFilter
from core.api.serializers import Row
from core.api.views import RecordViewSet
from regions.api.fields import RegionFilter
from regions.api.serializers import OperationOutput, RegionDetailOutput, RegionOutput
from regions.models import Operation, Region, RegionCode, RegionName
from regions.models.region import RegionKind


class RegionFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """How regions are narrowed."""

    region = RegionFilter(field_name="pk", label="This region and all below it: any code or name.")
    named = django_filters.CharFilter(
        method="filter_named", max_length=200, label="Regions of exactly this code or name, in any alphabet."
    )
    starting = django_filters.CharFilter(
        method="filter_starting", max_length=200, label="Regions whose code or name starts so."
    )
    kind = CodeFilter(RegionKind, label="What a region is, whatever its country calls it.")

    def filter_named(self, queryset: Any, _name: str, value: str) -> Any:
        """Regions that the text may mean, all of them."""
        return queryset.filter(pk__in=Region.objects.named(value).values("pk"))

    def filter_starting(self, queryset: Any, _name: str, value: str) -> Any:
        """Regions for a search box."""
        return queryset.filter(pk__in=Region.objects.matching(value).values("pk"))


class RegionViewSet(RecordViewSet):
    """The region tree with its codes and names."""

    resource = "regions.region"
    model = Region
    output = RegionOutput
    detail_output = RegionDetailOutput
    filterset_class = RegionFilters
    orderings = ("path", "-path")
    key_name = "key"

    def visible(self) -> QuerySet[Any, Any]:
        """Every region: places are no secret."""
        return Region.objects.all()

    def expand_detail(self, row: Row) -> None:
        """Two queries: codes and names."""
        row["codes"] = list(RegionCode.objects.filter(region=row["id"]).values("system", "code", "status"))
        row["names"] = list(RegionName.objects.filter(region=row["id"]).values("language", "name"))


class OperationViewSet(RecordViewSet):
    """Crises for which reports are made."""

    resource = "regions.operation"
    model = Operation
    output = OperationOutput
    orderings = ("-starts_on", "starts_on")
    key_name = "key"

    def visible(self) -> QuerySet[Any, Any]:
        """Every operation: they are public."""
        return Operation.objects.all()

    def expand(self, rows: list[Row]) -> None:
        """One query: the regions of all operations on the page."""
        pairs = Region.objects.filter(operations__in=[row["id"] for row in rows]).order_by("path")
        for row in rows:
            row["regions"] = []
        by_id = {row["id"]: row["regions"] for row in rows}
        for key, operation in pairs.values_list("key", "operations"):
            by_id[operation].append(key)
