from regions.models.area_status import AreaStatus
from regions.models.operation import Operation
from regions.models.region import Region, RegionCode, RegionName

__all__ = ["AreaStatus", "Operation", "Region", "RegionCode", "RegionName"]
