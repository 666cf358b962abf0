"""The region tree on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import DeskInline
from regions.admin.filters import region_filter
from regions.admin.search import RegionSearch, regions_meant
from regions.models import Region, RegionCode, RegionName


class _PartInline(DeskInline):
    """Shown to whoever may see the region."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the region."""
        return request.user.has_perm("regions.view_region")


class CodeInline(_PartInline):
    """Its codes, with how we know each."""

    model = RegionCode
    fields = ("system", "code", "status", "source")
    readonly_fields = fields


class NameInline(_PartInline):
    """The names under which it is found."""

    model = RegionName
    fields = ("language", "name")
    readonly_fields = fields


@admin.register(Region)
class RegionAdmin(RegionSearch, AuditedAdmin):
    """Loaded from files; here it is looked up."""

    list_display = ("indented_name", "kind", "key", "name_ru", "name_uk", "baseline_population")
    list_filter = (region_filter("", _("region and below")), "kind")
    list_select_related = ("parent",)
    list_per_page = 100
    ordering = ("path",)
    inlines = (CodeInline, NameInline)
    fieldsets = (
        (None, {"fields": ("key", "parent", "kind", "local_level_name")}),
        (_("Names"), {"fields": ("name_en", "name_ru", "name_uk")}),
        (_("Population"), {"fields": ("baseline_population", "baseline_source", "baseline_year")}),
        (_("Place"), {"fields": ("latitude", "longitude", "centroid_source")}),
        (_("Validity"), {"fields": ("valid_from", "valid_until")}),
    )

    @admin.display(description=_("name"))
    def indented_name(self, region: Region) -> str:
        """Set in by its depth, so that the list reads as a tree."""
        return "\u2003" * region.level + region.name

    def label(self, record: Region) -> str:
        """With what it is and what it lies in: there are several Kurskys."""
        above = f", {record.parent.name}" if record.parent_id and record.parent else ""
        return f"{record.name} ({record.get_kind_display()}{above})"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Regions that are named so, and all below them."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=regions_meant(search_term)), False
