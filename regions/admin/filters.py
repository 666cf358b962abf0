"""Filters by region and all below it."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class RegionFilter(admin.SimpleListFilter):
    """The record's region or any below it; offers the regions that occur, in the order of the tree."""

    template = "admin/region_filter.html"
    lookup = "region"
    occurs_in: Any = None  # (model, foreign key) where an index makes asking cheap

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Regions that occur and those above them, indented. One query."""
        regions = list(
            Region.objects.order_by("path").only("key", "path", "name_en", "name_ru", "name_uk", "level")
        )
        wanted = self._occurring()
        if wanted is not None:
            keys = {key for region in regions if region.pk in wanted for key in region.path.split("/")}
            regions = [region for region in regions if region.key in keys]
        return [(region.key, "\u2003" * region.level + region.name) for region in regions]

    def _occurring(self) -> set[int] | None:
        if self.occurs_in is None:
            return None
        model, key = self.occurs_in
        rows = model._default_manager.filter(**{key: OuterRef("pk")})
        return set(Region.objects.filter(Exists(rows)).values_list("pk", flat=True))

    def choices(self, changelist: Any) -> Any:
        """For the select: the other filters go along as hidden fields."""
        kept = changelist.get_query_string(remove=[self.parameter_name, "p"])
        others = [tuple(part.split("=", 1)) for part in kept.lstrip("?").split("&") if "=" in part]
        yield {
            "others": others,
            "parameter": self.parameter_name,
            "all": _("All regions"),
            "chosen": self.value(),
        }
        for key, label in self.lookup_choices:
            yield {"key": key, "display": label, "selected": self.value() == key}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The region and all below: one prefix. One query for the region's path."""
        key = self.value()
        if not key:
            return queryset
        path = Region.objects.filter(key=key).values_list("path", flat=True).first()
        if path is None:
            return queryset.none()
        if self.lookup == "":
            return queryset.filter(path__startswith=path)
        return queryset.filter(**{f"{self.lookup}__path__startswith": path})


def region_filter(lookup: str, title: Any, *, occurs_in: Any = None) -> type[RegionFilter]:
    """The filter for one foreign key to a region; `lookup` leads to it, empty in the list of regions itself."""
    name = (lookup or "region").rsplit("__", 1)[-1]
    return type(
        "RegionFilterBy" + name.title().replace("_", ""),
        (RegionFilter,),
        {"lookup": lookup, "title": title, "parameter_name": name, "occurs_in": occurs_in},
    )
