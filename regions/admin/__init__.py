"""The desk's pages of regions, and how every other list is searched and filtered by them."""

from regions.admin.area_status import AreaStatusAdmin
from regions.admin.filters import region_filter
from regions.admin.operation import OperationAdmin
from regions.admin.region import RegionAdmin
from regions.admin.search import RegionSearch

__all__ = ["AreaStatusAdmin", "OperationAdmin", "RegionAdmin", "RegionSearch", "region_filter"]
