"""Search boxes that know places: Sudzha, Суджа and Sudja find the same records."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import Region

#: A name that fits more regions than this is too short to mean any of them.
MOST = 40


def regions_meant(text: str) -> list[int]:
    """Ids of the regions whose name or code starts with the text, and of all below them. Two queries at most."""
    text = text.strip()
    if not text:
        return []
    paths = list(Region.objects.matching(text).order_by("path").values_list("path", flat=True)[:MOST])
    tops = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    if not tops:
        return []
    below = Q()
    for path in tops:
        below |= Q(path__startswith=path)
    return list(Region.objects.filter(below).values_list("pk", flat=True))


class RegionSearch:
    """A list that is searched by region: `region_lookups` lead from the record to its regions' ids."""

    region_lookups: ClassVar[tuple[str, ...]] = ("region_id",)
    #: Beside the region, what else the words may match; each is an `icontains` on a short table.
    text_lookups: ClassVar[tuple[str, ...]] = ()
    search_fields: ClassVar[Any] = ("pk",)  # Django shows the box only where this is not empty
    search_help_text: ClassVar[Any] = _("A region's name in any alphabet, or its code")

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """What else the text may mean in this list; nothing by default."""
        found = Q(pk__in=[])
        for lookup in self.text_lookups:
            found |= Q(**{f"{lookup}__icontains": text})
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows of the regions that the text names, and rows that it names otherwise."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found = self.matching(queryset, text)
        regions = regions_meant(text)
        if regions:
            for lookup in self.region_lookups:
                found |= Q(**{f"{lookup}__in": regions})
        return queryset.filter(found), False
