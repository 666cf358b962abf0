"""The regions that a question is about, resolved once: a region, its parts, and what lies outside."""

from collections.abc import Iterable
from dataclasses import dataclass

from regions.models import Region


@dataclass(frozen=True, slots=True)
class Subtree:
    """A region and all below it, divided into its direct parts. `parts` are in the order of their paths."""

    region: Region
    parts: tuple[Region, ...]
    ids: frozenset[int]
    part_of: dict[int, Region]  # id of a region at any depth -> the direct part that it belongs to

    @classmethod
    def of(cls, region: Region) -> "Subtree":
        """Resolve the region; one query."""
        below = list(Region.objects.below(region).order_by("path"))
        parts = tuple(r for r in below if r.parent_id == region.pk)
        by_path = {part.path: part for part in parts}
        depth = region.path.count("/") + 1
        part_of = {}
        for place in below:
            part = by_path.get("/".join(place.path.split("/")[:depth]) + "/")
            if part is not None:
                part_of[place.pk] = part
        return cls(region, parts, frozenset(r.pk for r in below), part_of)

    def __contains__(self, region_id: int | None) -> bool:
        """Whether the region is this one or lies below it; a region that is not known is not."""
        return region_id in self.ids


def hosts_of(ids: Iterable[int], subtree: Subtree) -> dict[int, Region]:
    """For regions outside the subtree, the region that they are listed under; two queries at most.

    It is the one above (or the region itself) that is of the same kind as the report's own: a report on an oblast lists
    oblasts, whatever their level in their country's tree.
    """
    outside = list(Region.objects.filter(pk__in=set(ids) - subtree.ids))
    keys = {key for region in outside for key in region.path.split("/")[:-1]}
    above = Region.objects.filter(key__in=keys, kind=subtree.region.kind).order_by("-level")
    by_key = {region.key: region for region in above} if keys else {}
    return {r.pk: next((by_key[k] for k in r.path.split("/") if k in by_key), r) for r in outside}
